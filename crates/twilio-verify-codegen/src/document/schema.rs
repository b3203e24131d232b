//! Visits schemas, and resolves references to components.

use serde_json::Value;

use crate::document::error::{Error, Pointer};
use crate::document::json::text;
use crate::document::mark;

/// The prefix of a reference to a component.
pub(crate) const COMPONENTS: &str = "#/components/schemas/";

/// Calls `visit` with a schema and all schemas within it, inner ones first.
pub(crate) fn walk(
    pointer: &Pointer,
    schema: &mut Value,
    visit: &mut impl FnMut(&Pointer, &mut Value) -> Result<(), Error>,
) -> Result<(), Error> {
    children_mut(pointer, schema, &mut |pointer, child| walk(pointer, child, visit))?;
    visit(pointer, schema)
}

/// Calls `visit` with the schemas directly within a schema.
pub(crate) fn children_mut(
    pointer: &Pointer,
    schema: &mut Value,
    visit: &mut impl FnMut(&Pointer, &mut Value) -> Result<(), Error>,
) -> Result<(), Error> {
    let Some(schema) = schema.as_object_mut() else {
        return Ok(());
    };
    if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        for (name, property) in properties {
            visit(&pointer.child("properties").child(name), property)?;
        }
    }
    for key in ["items", "additionalProperties", "not"] {
        if let Some(child) = schema.get_mut(key).filter(|child| child.is_object()) {
            visit(&pointer.child(key), child)?;
        }
    }
    for key in ["allOf", "anyOf", "oneOf"] {
        let children = schema.get_mut(key).and_then(Value::as_array_mut);
        for (index, child) in children.into_iter().flatten().enumerate() {
            visit(&pointer.child(key).child(index.to_string()), child)?;
        }
    }
    Ok(())
}

/// Collects the names of all components that a JSON value refers to, at any depth.
pub(crate) fn references(json: &Value, names: &mut Vec<String>) {
    match json {
        Value::Object(object) => {
            if let Some(name) = reference(json) {
                names.push(name.to_owned());
            }
            object.values().for_each(|value| references(value, names));
        }
        Value::Array(array) => array.iter().for_each(|value| references(value, names)),
        _ => {}
    }
}

/// Returns the component that a redacted component holds.
pub(crate) fn redacted(schema: &Value) -> Option<&str> {
    let held = text(schema, mark::RUST_TYPE).strip_prefix("crate::Redacted<")?.strip_suffix('>')?;
    let unboxed = held.strip_prefix("::std::boxed::Box<");
    let held = unboxed.and_then(|held| held.strip_suffix('>')).unwrap_or(held);
    held.strip_prefix("crate::types::")
}

/// Returns the targets of all references in a JSON value.
pub(crate) fn all_references(json: &Value) -> Vec<&str> {
    fn collect<'a>(json: &'a Value, targets: &mut Vec<&'a str>) {
        match json {
            Value::Object(object) => {
                targets.extend(json.get("$ref").and_then(Value::as_str));
                object.values().for_each(|value| collect(value, targets));
            }
            Value::Array(array) => array.iter().for_each(|value| collect(value, targets)),
            _ => {}
        }
    }
    let mut targets = Vec::new();
    collect(json, &mut targets);
    targets
}

/// Returns the component that a schema refers to, if it is a `$ref`.
pub(crate) fn reference(schema: &Value) -> Option<&str> {
    schema.get("$ref")?.as_str()?.strip_prefix(COMPONENTS)
}

/// Creates a schema that refers to a component.
pub(crate) fn reference_to(name: &str) -> Value {
    serde_json::json!({ "$ref": format!("{COMPONENTS}{name}") })
}

/// Replaces a schema by a reference to a component, and keeps what can't be beside a reference,
/// such as the description and `nullable`.
pub(crate) fn refer(schema: &mut Value, name: &str) {
    let mut new = reference_to(name);
    let kept: Vec<_> =
        KEPT.iter().filter_map(|key| Some((*key, schema.get(*key)?.clone()))).collect();
    if !kept.is_empty() {
        new = serde_json::json!({ "allOf": [new] });
        for (key, value) in kept {
            new[key] = value;
        }
    }
    *schema = new;
}

const KEPT: [&str; 10] = [
    "description",
    "nullable",
    "default",
    "x-twilio",
    mark::RUST_NAME,
    mark::CHECK,
    mark::FLATTEN,
    mark::IS,
    mark::ITEM,
    mark::TEXTS,
];

/// Returns the component that a schema refers to: as a `$ref`, or as an `allOf` of one.
pub(crate) fn target(schema: &Value) -> Option<&str> {
    if let Some(name) = reference(schema) {
        return Some(name);
    }
    match schema.get("allOf")?.as_array()?.as_slice() {
        [only] => reference(only),
        _ => None,
    }
}
