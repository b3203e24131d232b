//! Prepares the document for the generator: removes what the generator would misread, and renames
//! what it would rename.
//!
//! [`super::finish`] restores the renamed names for the wire.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::document::document::Document;
use crate::document::error::Error;
use crate::document::json::text;
use crate::document::mark;
use crate::document::operation::method_name;

/// Returns the document for the generator.
pub(super) fn plain(document: &Document) -> Result<Value, Error> {
    let mut document = document.clone();
    document.schemas_mut(|_, schema| {
        if let Some(schema) = schema.as_object_mut() {
            self::schema(schema);
        }
        Ok(())
    })?;
    let info = &document.json()["info"];
    let mut paths = Map::new();
    for (_, path, method, operation) in document.operations() {
        let item = paths.entry(self::path(path, operation));
        let item = item.or_insert_with(|| json!({}));
        item[method] = self::operation(operation);
    }
    let schemas: Map<String, Value> =
        document.components().map(|(name, schema)| (name.to_owned(), schema.clone())).collect();
    let mut info = json!({
        "title": text(info, "title"),
        "version": text(info, "version"),
        "description": text(info, "description"),
        "termsOfService": text(info, "termsOfService"),
    });
    if let Some(info) = info.as_object_mut() {
        info.retain(|key, value| *value != "" || key == "title" || key == "version");
    }
    Ok(json!({
        "openapi": text(document.json(), "openapi"),
        "info": info,
        "components": { "schemas": schemas },
        "paths": paths,
    }))
}

/// Returns the path of an operation, with the names that its parameters have here.
pub(super) fn path(path: &str, operation: &Value) -> String {
    let names = renamed(operation, |place| place == "path");
    names.iter().fold(path.to_owned(), |path, (name, wire)| {
        path.replace(&format!("{{{wire}}}"), &format!("{{{name}}}"))
    })
}

/// Returns the parameters that have another name here, by that name.
pub(super) fn renamed(operation: &Value, is_in: fn(&str) -> bool) -> BTreeMap<String, String> {
    let parameters = operation.get("parameters").and_then(Value::as_array);
    let parameters = parameters.into_iter().flatten();
    parameters
        .filter(|parameter| is_in(text(parameter, "in")))
        .filter_map(|parameter| {
            let name = parameter.get(mark::RUST_NAME)?.as_str()?;
            Some((name.to_owned(), text(parameter, "name").to_owned()))
        })
        .collect()
}

const KEYWORDS: [&str; 11] = [
    "$ref",
    "additionalProperties",
    "allOf",
    "default",
    "description",
    "format",
    "items",
    "nullable",
    "properties",
    "required",
    "type",
];

/// Removes extensions, limits (builders check those), titles and examples from a schema. Enums are
/// handled by hand-written types.
fn schema(schema: &mut Map<String, Value>) {
    // The names of fields are kept for now: inner schemas are visited first, and this one's
    // properties lose them below.
    schema.retain(|key, value| match key.as_str() {
        "description" => value.is_string(),
        mark::RUST_NAME => true,
        key => KEYWORDS.contains(&key),
    });
    let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) else {
        return;
    };
    let mut names = BTreeMap::new();
    let mut named = Map::new();
    for (wire, mut property) in std::mem::take(properties) {
        let given = text(&property, mark::RUST_NAME).to_owned();
        if let Some(property) = property.as_object_mut() {
            property.remove(mark::RUST_NAME);
        }
        let name = if given.is_empty() { wire.clone() } else { given };
        names.insert(wire, name.clone());
        named.insert(name, property);
    }
    *properties = named;
    let required = schema.get_mut("required").and_then(Value::as_array_mut);
    for wire in required.into_iter().flatten() {
        if let Some(name) = wire.as_str().and_then(|wire| names.get(wire)) {
            *wire = name.as_str().into();
        }
    }
}

fn operation(operation: &Value) -> Value {
    let mut plain = Map::new();
    for key in ["summary", "description", "operationId"] {
        if let Some(text) = operation.get(key).filter(|text| text.is_string()) {
            plain.insert(key.to_owned(), text.clone());
        }
    }
    if operation.get(mark::RUST_NAME).is_some() {
        plain.insert("operationId".to_owned(), method_name(operation).into());
    }
    let parameters = operation.get("parameters").and_then(Value::as_array);
    let parameters = parameters.into_iter().flatten().map(parameter);
    plain.insert("parameters".to_owned(), parameters.collect());
    if let Some(body) = operation.get("requestBody") {
        let mut body = content(body);
        if text(&body, "description").is_empty()
            && let Some(body) = body.as_object_mut()
        {
            body.remove("description");
        }
        plain.insert("requestBody".to_owned(), body);
    }
    let responses = operation.get("responses").and_then(Value::as_object);
    let responses = responses.into_iter().flatten();
    // The generator would treat a redirect as an error.
    let redirects = operation.get(mark::REDIRECT).is_some();
    let status = |status: &String| match redirects && status.starts_with('3') {
        true => "200".to_owned(),
        false => status.clone(),
    };
    let responses: Map<String, Value> =
        responses.map(|(name, response)| (status(name), content(response))).collect();
    plain.insert("responses".to_owned(), responses.into());
    plain.into()
}

fn parameter(parameter: &Value) -> Value {
    let name = match text(parameter, mark::RUST_NAME) {
        "" => text(parameter, "name"),
        given => given,
    };
    let mut plain = json!({
        "name": name,
        "in": text(parameter, "in"),
        "required": parameter.get("required") == Some(&Value::Bool(true)),
        "schema": parameter.get("schema"),
    });
    if let Some(description) = parameter.get("description").filter(|text| text.is_string()) {
        plain["description"] = description.clone();
    }
    plain
}

/// Reduces a request body or a response to its schema.
fn content(holder: &Value) -> Value {
    let mut plain = json!({ "description": text(holder, "description") });
    let content = holder.get("content").and_then(Value::as_object);
    for (media, content) in content.into_iter().flatten() {
        plain["content"][media] = match content.get("schema") {
            Some(schema) => json!({ "schema": schema }),
            None => json!({}),
        };
    }
    plain
}
