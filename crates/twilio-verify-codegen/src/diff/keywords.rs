//! Compares the keywords of a schema, without the schemas within it.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::change::Change;
use crate::document::document::Document;
use crate::document::json::text;
use crate::document::schema::reference;

/// The keywords of a schema that mean something on the wire.
pub(super) type Keywords = BTreeMap<String, Value>;

/// Keywords that belong to the use of a type.
const OF_THE_USE: [&str; 3] = ["nullable", "default", "deprecated"];

/// Keywords that describe the schemas within a schema.
const STRUCTURE: [&str; 9] = [
    "$ref",
    "additionalProperties",
    "allOf",
    "anyOf",
    "items",
    "not",
    "oneOf",
    "properties",
    "required",
];

const DOCUMENTATION: [&str; 8] =
    ["description", "example", "examples", "externalDocs", "summary", "tags", "title", "xml"];

/// The maximum length of a chain of references between components.
const DEPTH: usize = 16;

/// Inlines what a schema refers to, or is composed of. Keywords beside a reference take precedence
/// over those of its target.
pub(super) fn resolve<'a>(document: &'a Document, schema: &'a Value) -> Cow<'a, Value> {
    let mut schema = schema;
    let mut depth = DEPTH;
    while let Some(name) = only_reference(schema).filter(|_| depth > 0) {
        let Some(component) = document.component(name) else { break };
        schema = component;
        depth -= 1;
    }
    match ["$ref", "allOf"].iter().any(|key| schema.get(key).is_some()) {
        true => Cow::Owned(resolve_to(document, schema, depth)),
        false => Cow::Borrowed(schema),
    }
}

/// Returns the component that a schema refers to, if the schema has no other keywords.
pub(super) fn only_reference(schema: &Value) -> Option<&str> {
    reference(schema).filter(|_| schema.as_object().is_some_and(|object| object.len() == 1))
}

fn resolve_to(document: &Document, schema: &Value, depth: usize) -> Value {
    let mut resolved = schema.as_object().cloned().unwrap_or_default();
    if depth == 0 {
        return resolved.into();
    }
    let referred = reference(schema).and_then(|name| document.component(name));
    let composed = schema.get("allOf").and_then(Value::as_array);
    resolved.remove("$ref");
    resolved.remove("allOf");
    for part in referred.into_iter().chain(composed.into_iter().flatten()) {
        let Value::Object(part) = resolve_to(document, part, depth - 1) else {
            continue;
        };
        for (key, value) in part {
            match (resolved.get_mut(&key), value) {
                (Some(Value::Object(own)), Value::Object(more)) if key == "properties" => {
                    for (name, property) in more {
                        own.entry(name).or_insert(property);
                    }
                }
                (Some(Value::Array(own)), Value::Array(more)) if key == "required" => {
                    own.extend(more);
                }
                (Some(_), _) => {}
                (None, value) => {
                    resolved.insert(key, value);
                }
            }
        }
    }
    resolved.into()
}

/// Follows a reference to any part of the document.
pub(super) fn follow<'a>(root: &'a Value, json: &'a Value) -> &'a Value {
    let mut json = json;
    for _ in 0..DEPTH {
        let target = json.get("$ref").and_then(Value::as_str);
        let target = target.and_then(|target| target.strip_prefix('#'));
        match target.and_then(|target| root.pointer(target)) {
            Some(there) => json = there,
            None => break,
        }
    }
    json
}

/// Returns the keywords of a resolved schema.
pub(super) fn keywords(schema: &Value) -> Keywords {
    let mut keywords = Keywords::new();
    for (key, value) in schema.as_object().into_iter().flatten() {
        let value = match key.as_str() {
            // A closed object is a rule; an open one is the default.
            "additionalProperties" if *value == false => value.clone(),
            key if STRUCTURE.contains(&key) || is_documentation(key) => continue,
            "format" if is_usual_format(schema) => continue,
            "enum" => {
                let values = value.as_array().into_iter().flatten();
                // A nullable enum may list `null` among its values.
                let mut values: Vec<_> = values.filter(|value| !value.is_null()).cloned().collect();
                values.sort_by_key(Value::to_string);
                values.into()
            }
            _ if *value == false && key != "default" => continue,
            _ => value.clone(),
        };
        keywords.insert(key.clone(), value);
    }
    keywords
}

/// Whether a number has the format that is assumed if it has none, so that its type in Rust is the
/// same.
fn is_usual_format(schema: &Value) -> bool {
    matches!(
        (text(schema, "type"), text(schema, "format")),
        ("integer", "int64") | ("number", "double")
    )
}

/// Whether a keyword is compared at each use of a type. The other keywords are compared once, with
/// the type.
pub(super) fn of_the_use(key: &str) -> bool {
    OF_THE_USE.contains(&key)
}

/// Whether a key of the document is documentation.
pub(super) fn is_documentation(key: &str) -> bool {
    DOCUMENTATION.contains(&key) || key.starts_with("x-")
}

/// Returns the documentation in a JSON object.
pub(super) fn documentation(json: &Value) -> Map<String, Value> {
    let object = json.as_object().into_iter().flatten();
    let format = is_usual_format(json);
    object
        // The extensions of the overlay are compared by the names that they set.
        .filter(|(key, _)| {
            is_documentation(key) && !key.starts_with("x-rust-") || format && *key == "format"
        })
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect()
}

/// Returns the JSON without its documentation.
pub(super) fn bare(json: &Value) -> Value {
    match json {
        Value::Object(object) => object
            .iter()
            .filter(|(key, _)| !is_documentation(key))
            .map(|(key, value)| match (key.as_str(), value.as_object()) {
                // Here a description is a property of that name.
                ("properties", Some(properties)) => {
                    let bare = properties.iter().map(|(name, v)| (name.clone(), bare(v)));
                    (key.clone(), bare.collect())
                }
                _ => (key.clone(), bare(value)),
            })
            .collect(),
        Value::Array(array) => array.iter().map(bare).collect(),
        other => other.clone(),
    }
}

/// Returns the kind of change of a keyword. Values added to an enum, or removed from it, are not
/// considered.
pub(super) fn change(key: &str, old: Option<&Value>, new: Option<&Value>) -> Change {
    let appears = old.is_none();
    let grows = match (old.and_then(Value::as_f64), new.and_then(Value::as_f64)) {
        (Some(old), Some(new)) => new > old,
        _ => false,
    };
    let both = old.is_some() && new.is_some();
    match key {
        "default" => Change::DefaultChanged,
        "deprecated" => Change::DeprecationChanged,
        "nullable" if appears => Change::NullableGained,
        "nullable" => Change::NullableLost,
        "type" if both => Change::TypeChanged,
        "minimum" | "minLength" | "minItems" | "minProperties" if both => match grows {
            true => Change::Tightened,
            false => Change::Loosened,
        },
        "maximum" | "maxLength" | "maxItems" | "maxProperties" if both => match grows {
            true => Change::Loosened,
            false => Change::Tightened,
        },
        "additionalProperties"
        | "enum"
        | "exclusiveMaximum"
        | "exclusiveMinimum"
        | "format"
        | "maxItems"
        | "maxLength"
        | "maxProperties"
        | "maximum"
        | "minItems"
        | "minLength"
        | "minProperties"
        | "minimum"
        | "multipleOf"
        | "pattern"
        | "type"
        | "uniqueItems"
            if !both =>
        {
            match appears {
                true => Change::Tightened,
                false => Change::Loosened,
            }
        }
        _ => Change::RuleChanged,
    }
}

/// Formats a value for a message.
pub(super) fn show(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Whether a field of the JSON object is true.
pub(super) fn is_true(json: &Value, key: &str) -> bool {
    json.get(key) == Some(&Value::Bool(true))
}
