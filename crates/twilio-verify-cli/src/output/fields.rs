//! The fields of a resource, by their paths, and their values.
//!
//! The fields are those of the type's JSON Schema, not those that a response
//! happens to have: the header of a file must be known before its last row.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value};

/// The depth to which fields are followed: no resource is that deep, and a
/// schema may contain itself.
const DEPTH: usize = 8;

/// The paths of all fields of a type.
pub(super) fn of_type<T: JsonSchema>() -> Vec<String> {
    let schema = SchemaSettings::default()
        .for_serialize()
        .into_generator()
        .into_root_schema_for::<T>()
        .to_value();
    let mut paths = Vec::new();
    follow(&schema, &schema, "", DEPTH, &mut paths);
    paths
}

/// The value at a path; `None` for null.
pub(super) fn value<'a>(resource: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.')
        .try_fold(resource, |value, name| value.get(name))
        .filter(|value| !value.is_null())
}

/// The paths of all values of a resource: in the order of `paths`, with those
/// within a map in its place, and those that `paths` doesn't have last.
pub(super) fn all(resource: &Value, paths: &[String]) -> Vec<String> {
    let mut present = present(resource);
    let mut all = Vec::with_capacity(present.len());
    for path in paths {
        let (within, others): (Vec<_>, Vec<_>) =
            present.into_iter().partition(|present| is_within(present, path));
        present = others;
        all.extend(within);
    }
    all.extend(present);
    all
}

/// The paths of all fields of a value that are not null.
fn present(value: &Value) -> Vec<String> {
    fn visit(value: &Value, path: &str, paths: &mut Vec<String>) {
        match value {
            Value::Null => {}
            Value::Object(fields) => {
                for (name, value) in fields {
                    visit(value, &join(path, name), paths);
                }
            }
            _ => paths.push(path.to_owned()),
        }
    }
    let mut paths = Vec::new();
    visit(value, "", &mut paths);
    paths
}

/// A value as plain text: a string is itself, an array or object is JSON.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}

fn follow(root: &Value, schema: &Value, path: &str, depth: usize, paths: &mut Vec<String>) {
    match properties(root, schema, depth) {
        Some(properties) if depth > 0 => {
            for (name, schema) in properties {
                follow(root, schema, &join(path, name), depth - 1, paths);
            }
        }
        _ => paths.push(path.to_owned()),
    }
}

/// The properties of an object's schema, also if it is a reference or nullable.
fn properties<'a>(
    root: &'a Value,
    schema: &'a Value,
    depth: usize,
) -> Option<&'a Map<String, Value>> {
    if let Some(properties) = schema.get("properties") {
        return properties.as_object();
    }
    let depth = depth.checked_sub(1)?;
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        let schema = root.pointer(reference.strip_prefix('#')?)?;
        return properties(root, schema, depth);
    }
    ["anyOf", "oneOf", "allOf"]
        .into_iter()
        .filter_map(|key| schema.get(key)?.as_array())
        .flatten()
        .find_map(|schema| properties(root, schema, depth))
}

/// Whether a path is another, or that of a field within it.
pub(super) fn is_within(path: &str, outer: &str) -> bool {
    path.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

fn join(path: &str, name: &str) -> String {
    match path {
        "" => name.to_owned(),
        _ => format!("{path}.{name}"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{present, value};

    #[test]
    fn a_path_leads_to_its_value() {
        let resource = json!({"a": {"b": 1, "c": null}, "d": "x", "e": [1, {"f": 2}]});
        assert_eq!(value(&resource, "a.b"), Some(&json!(1)));
        assert_eq!(value(&resource, "a.c"), None);
        assert_eq!(value(&resource, "d.b"), None);
        assert_eq!(present(&resource), ["a.b", "d", "e"]);
    }
}
