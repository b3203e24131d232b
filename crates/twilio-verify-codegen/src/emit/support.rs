//! What the generated code holds beside progenitor's: SIDs, open enums, the
//! arrays of pages, the table of operations.

use heck::ToSnakeCase;
use serde_json::Value;

use crate::Document;
use crate::document::{method_name, text};
use crate::passes::mark;

/// The code of a component that a macro of the support crate writes: a SID or
/// an open enum.
pub(super) fn component(name: &str, schema: &Value) -> Option<String> {
    if let Some(letters) = schema.get(mark::SID).and_then(Value::as_str) {
        return Some(format!(
            "crate::sid! {{\n{}    {name}, {}, {letters:?}, {:?}\n}}\n",
            doc(schema, "    "),
            format_args!("{:?}", noun(name)),
            text(schema, "pattern"),
        ));
    }
    let variants = schema.get(mark::OPEN_ENUM)?.as_array()?;
    let variants: String = variants
        .iter()
        .filter_map(|pair| Some((pair.get(0)?.as_str()?, pair.get(1)?.as_str()?)))
        .map(|(variant, value)| format!("        {variant} = {value:?},\n"))
        .collect();
    Some(format!(
        "crate::open_enum! {{\n{}    {name}, {:?} {{\n{variants}    }}\n}}\n",
        doc(schema, "    "),
        noun(name),
    ))
}

/// Says in which array of a page the items of a component stand.
pub(super) fn list_items(document: &Document, name: &str) -> Option<String> {
    let pages = document.components().map(|(_, schema)| schema);
    let of_item = pages.filter(|schema| text(schema, mark::PAGE_ITEM) == name);
    let mut keys: Vec<&str> = of_item.map(|schema| text(schema, mark::PAGE_KEY)).collect();
    keys.sort_unstable();
    keys.dedup();
    if keys.is_empty() {
        return None;
    }
    Some(format!(
        "impl crate::ListItem for {name} {{\n    const KEYS: &'static [&'static str] = &{keys:?};\n}}\n"
    ))
}

/// The table of all operations, in the order of their paths.
pub(super) fn operations(document: &Document) -> String {
    let rows: String = document
        .operations()
        .into_iter()
        .map(|(_, path, method, operation)| {
            let id = text(operation, "operationId");
            format!(
                "    crate::Operation {{\n        id: {:?},\n        operation_id: {id:?},\n        \
                 method: {:?},\n        path: {path:?},\n    }},\n",
                method_name(operation),
                method.to_uppercase(),
            )
        })
        .collect();
    format!(
        "/// Every operation of the document, in the order of their paths.\n\
         pub const OPERATIONS: &[crate::Operation] = &[\n{rows}];\n"
    )
}

/// The component that a redacted one holds.
pub(super) fn redacted(schema: &Value) -> Option<&str> {
    let held = text(schema, mark::RUST_TYPE)
        .strip_prefix("crate::Redacted<")?
        .strip_suffix('>')?;
    let unboxed = held.strip_prefix("::std::boxed::Box<");
    let held = unboxed
        .and_then(|held| held.strip_suffix('>'))
        .unwrap_or(held);
    held.strip_prefix("crate::types::")
}

/// How a sentence calls a type: "messaging service SID", "call status".
fn noun(name: &str) -> String {
    let words = name.to_snake_case().replace('_', " ");
    match words.strip_suffix(" sid") {
        Some(words) => format!("{words} SID"),
        None => words,
    }
}

fn doc(schema: &Value, indent: &str) -> String {
    super::prose::lines(text(schema, "description"))
        .into_iter()
        .map(|line| match line.as_str() {
            "" => format!("{indent}///\n"),
            line => format!("{indent}/// {line}\n"),
        })
        .collect()
}
