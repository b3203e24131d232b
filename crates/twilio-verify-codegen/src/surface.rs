//! Renders the surface: the page that a reviewer reads first when the document changes.
//!
//! It has a line for each operation with its parameters and their types, a block for each resource
//! with its fields, a line for each enum, and a line for each kind of SID.

use std::collections::BTreeSet;
use std::fmt::Write;

use serde_json::Value;

use crate::document::document::Document;
use crate::document::json::text;
use crate::document::mark;
use crate::document::operation::FORM;
use crate::document::schema::target;

/// Renders the surface of a lowered document.
pub fn render(document: &Document) -> String {
    let mut page = String::new();
    let info = &document.json()["info"];
    let _ = writeln!(page, "{} {}\n", text(info, "title"), text(info, "version"));
    let operations = document.operations();
    let _ = writeln!(page, "OPERATIONS ({})", operations.len());
    for (_, path, method, operation) in operations {
        let _ = writeln!(
            page,
            "{} {path} {}({}) -> {}",
            method.to_uppercase(),
            text(operation, "operationId"),
            parameters(document, operation).join(", "),
            answer(document, operation),
        );
        let builders = operation.get(mark::REQUESTS).and_then(Value::as_object);
        for (name, settings) in builders.into_iter().flatten() {
            let omitted = settings.get("omits").and_then(Value::as_array);
            let omitted: Vec<&str> =
                omitted.into_iter().flatten().filter_map(Value::as_str).collect();
            let without = match omitted.is_empty() {
                true => String::new(),
                false => format!(" without {}", omitted.join(", ")),
            };
            let _ = writeln!(page, "  builder {name}{without}");
        }
    }
    section(&mut page, "RESOURCES", document, |name, schema| {
        let fields = schema.get("properties")?.as_object()?;
        let mut block = heading(name, schema);
        for (field, schema) in fields {
            let _ = write!(block, "\n  {field}: {}", type_name(document, schema));
            let rust = text(schema, mark::RUST_NAME);
            if !rust.is_empty() {
                let _ = write!(block, " (as {rust})");
            }
        }
        if schema.get("additionalProperties").is_some_and(Value::is_object) {
            block.push_str("\n  and any other");
        }
        block.push('\n');
        Some(block)
    });
    section(&mut page, "ENUMS", document, |name, schema| {
        let variants = schema.get(mark::OPEN_ENUM)?.as_array()?;
        let values = variants.iter().filter_map(|pair| pair.get(1)?.as_str());
        let values: Vec<_> = values.map(|value| format!("{value:?}")).collect();
        Some(format!("{} = {}", heading(name, schema), values.join(" | ")))
    });
    section(&mut page, "SIDS", document, |name, schema| {
        Some(format!("{} {name}", schema.get(mark::SID)?.as_str()?))
    });
    page
}

fn section(
    page: &mut String,
    title: &str,
    document: &Document,
    entry: impl Fn(&str, &Value) -> Option<String>,
) {
    let entries: Vec<_> =
        document.components().filter_map(|(name, schema)| entry(name, schema)).collect();
    let _ = writeln!(page, "\n{title} ({})", entries.len());
    for entry in entries {
        let _ = writeln!(page, "{entry}");
    }
}

/// Returns the Rust name, with the document's name if it differs.
fn heading(name: &str, schema: &Value) -> String {
    match text(schema, mark::WIRE_NAME) {
        "" => name.to_owned(),
        wire if wire == name => name.to_owned(),
        wire => format!("{name} ({wire})"),
    }
}

fn parameters(document: &Document, operation: &Value) -> Vec<String> {
    let mut list = Vec::new();
    let all = operation.get("parameters").and_then(Value::as_array);
    for parameter in all.into_iter().flatten() {
        let optional = parameter.get("required") != Some(&Value::Bool(true));
        let schema = parameter.get("schema").unwrap_or(&Value::Null);
        let mark = if optional { "?" } else { "" };
        let place = match text(parameter, "in") {
            "header" => "header ",
            _ => "",
        };
        list.push(format!(
            "{place}{}{mark}: {}",
            text(parameter, "name"),
            type_name(document, schema)
        ));
    }
    let query = operation.get(mark::QUERY).and_then(target);
    let query = query.and_then(|name| document.component(name));
    if let Some(query) = query {
        let properties = query.get("properties").and_then(Value::as_object);
        let required = query.get("required").and_then(Value::as_array);
        let required: BTreeSet<&str> =
            required.into_iter().flatten().filter_map(Value::as_str).collect();
        for (name, schema) in properties.into_iter().flatten() {
            let mark = if required.contains(&**name) { "" } else { "?" };
            list.push(format!("{name}{mark}: {}", type_name(document, schema)));
        }
    }
    let content = operation.pointer("/requestBody/content").and_then(Value::as_object);
    for (media, content) in content.into_iter().flatten() {
        let schema = content.get("schema").unwrap_or(&Value::Null);
        let kind = if media == FORM { "form" } else { "json" };
        list.push(format!("{kind} {}", type_name(document, schema)));
    }
    list
}

fn answer(document: &Document, operation: &Value) -> String {
    if operation.get(mark::REDIRECT).is_some() {
        return "redirect".to_owned();
    }
    let responses = operation.get("responses").and_then(Value::as_object);
    let mut successes =
        responses.into_iter().flatten().filter(|(status, _)| status.starts_with('2'));
    let content = successes
        .next()
        .and_then(|(_, response)| response.get("content")?.as_object())
        .filter(|content| !content.is_empty());
    let Some(content) = content else {
        return "nothing".to_owned();
    };
    let json = content.get("application/json");
    let schema = json.and_then(|json| json.get("schema"));
    schema.map_or_else(|| "bytes".to_owned(), |schema| type_name(document, schema))
}

/// Returns the name of the type on the page, with its limits.
fn type_name(document: &Document, schema: &Value) -> String {
    if let Some(name) = target(schema) {
        let Some(component) = document.component(name) else {
            return name.to_owned();
        };
        let item = text(component, mark::PAGE_ITEM);
        let name = match (item, text(component, mark::LABEL)) {
            ("", "") => name.to_owned(),
            ("", label) => label.to_owned(),
            (item, _) => format!("page of {item}"),
        };
        return format!("{name}{}", limits(schema));
    }
    let name = match text(schema, "type") {
        "array" => {
            let items = schema.get("items").unwrap_or(&Value::Null);
            format!("list of {}", type_name(document, items))
        }
        "object" => match schema.get("additionalProperties") {
            Some(values) if values.is_object() => format!("map of {}", type_name(document, values)),
            _ => "map".to_owned(),
        },
        "" => "any".to_owned(),
        "integer" if text(schema, "format").starts_with('u') => "count".to_owned(),
        kind => kind.to_owned(),
    };
    format!("{name}{}", limits(schema))
}

/// Returns the limits of a value, as they are written after its type.
fn limits(schema: &Value) -> String {
    [("minimum", "maximum"), ("minLength", "maxLength"), ("minItems", "maxItems")]
        .into_iter()
        .filter(|(low, high)| schema.get(low).is_some() || schema.get(high).is_some())
        .map(|(low, high)| {
            let bound = |key: &str| schema.get(key).map(Value::to_string).unwrap_or_default();
            format!(" {}..{}", bound(low), bound(high))
        })
        .collect()
}
