//! Generates the code that progenitor doesn't: SIDs, open enums, the arrays of pages, the table of
//! operations.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use heck::ToSnakeCase;
use serde_json::Value;

use crate::document::document::Document;
use crate::document::json::text;
use crate::document::mark;
use crate::document::operation::method_name;

/// Generates the call of a support crate's macro that defines a component: a SID or an open enum.
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

/// Generates, for each component that is an item of pages, the names of the arrays that hold it.
pub(super) fn list_items(document: &Document) -> Vec<(&str, String)> {
    let mut keys: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (_, schema) in document.components() {
        let item = text(schema, mark::PAGE_ITEM);
        if document.component(item).is_some() {
            keys.entry(item).or_default().insert(text(schema, mark::PAGE_KEY));
        }
    }
    let code = keys.into_iter().map(|(name, keys)| {
        let keys = Vec::from_iter(keys);
        let mut code = format!(
            "impl crate::ListItem for {name} {{\n    const KEYS: &'static [&'static str] = &{keys:?};\n}}\n"
        );
        let item = document.component(name);
        // Structs already have an implementation.
        let is_struct = item.is_some_and(|item| {
            item.get("properties").is_some() && item.get(mark::RUST_TYPE).is_none()
        });
        if !is_struct {
            let _ = write!(
                code,
                "impl crate::Received for {name} {{\n    \
                 fn keep(&mut self, _: crate::Unread) {{}}\n    \
                 fn unread(&self, _: &mut ::std::vec::Vec<::std::string::String>) {{}}\n}}\n"
            );
        }
        (name, code)
    });
    code.collect()
}

/// Returns scheme, host and port of the first server in the part of the document that is nearest to
/// an operation.
fn server(document: &Document, path: &str, operation: &Value) -> String {
    let document = document.json();
    let item = document.get("paths").and_then(|paths| paths.get(path));
    let first = |part: &Value| part.pointer("/servers/0/url")?.as_str().map(str::to_owned);
    let url = first(operation).or_else(|| item.and_then(first)).or_else(|| first(document));
    let origin = url.as_deref().and_then(|url| {
        let (scheme, rest) = url.split_once("://")?;
        Some(format!("{scheme}://{}", rest.split('/').next()?))
    });
    origin.unwrap_or_else(|| "https://localhost".to_owned())
}

/// Generates all operations, each as a constant, and the table of them.
pub(super) fn operations(document: &Document) -> String {
    let (mut constants, mut rows) = (String::new(), String::new());
    for (_, path, method, operation) in document.operations() {
        let name = constant(operation);
        let _ = writeln!(
            constants,
            "    pub const {name}: &'static Self = &Self {{\n        operation_id: {:?},\n        \
             method: ::http::Method::{},\n        server: {:?},\n        path: {path:?},\n        \
             success: &[{}],\n    }};",
            text(operation, "operationId"),
            method.to_uppercase(),
            server(document, path, operation),
            success(operation),
        );
        let _ = writeln!(rows, "    crate::Operation::{name},");
    }
    format!(
        "impl crate::Operation {{\n{constants}}}\n\n\
         /// Every operation of the document, in the order of their paths.\n\
         pub const OPERATIONS: &[&crate::Operation] = &[\n{rows}];\n"
    )
}

/// Returns the path of an operation's constant in code.
pub(super) fn operation(operation: &Value) -> syn::Path {
    let name = quote::format_ident!("{}", constant(operation));
    syn::parse_quote!(crate::Operation::#name)
}

fn constant(operation: &Value) -> String {
    method_name(operation).to_uppercase()
}

/// Returns the statuses of an operation's successful responses, as code.
fn success(operation: &Value) -> String {
    let responses = operation.get("responses").and_then(Value::as_object);
    let statuses = responses.into_iter().flatten();
    let ranges = statuses.filter_map(|(status, _)| match status.as_str() {
        "2XX" => Some("200..=299".to_owned()),
        "3XX" => Some("300..=399".to_owned()),
        status => {
            let status = status.parse().ok();
            let status = status.filter(|status| (200..=399).contains(status));
            status.map(|status: u16| format!("{status}..={status}"))
        }
    });
    ranges.collect::<Vec<_>>().join(", ")
}

/// Returns the noun for a type in messages: "messaging service SID", "call status".
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
