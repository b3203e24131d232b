//! Finds the fields of a resource and their values, by path.
//!
//! The fields are those of the type's JSON Schema, not those that a response
//! happens to have: the header of a file must be known before its last row.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value};

/// The depth to which fields are followed. No resource is that deep, but a
/// schema may contain itself.
const DEPTH: usize = 8;

/// The fields of a resource.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fields {
    /// The paths of all fields.
    pub(crate) paths: Vec<String>,
    /// The paths of the fields that are objects with any fields.
    pub(crate) maps: Vec<String>,
}

/// Returns the fields of a type.
pub(super) fn of_type<T: JsonSchema>() -> Fields {
    let schema = SchemaSettings::default()
        .for_serialize()
        .into_generator()
        .into_root_schema_for::<T>()
        .to_value();
    let mut fields = Fields::default();
    follow(&schema, &schema, "", DEPTH, &mut fields);
    fields
}

/// Returns the value at a path, or `None` if it is null or missing.
pub(super) fn value<'a>(resource: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.')
        .try_fold(resource, |value, name| value.get(name))
        .filter(|value| !value.is_null())
}

/// Returns the paths of all values of a resource in the order of `paths`. The
/// values of a map take its place; paths that `paths` doesn't have are last.
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

/// Returns the paths of all fields of a value that are not null.
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

/// Formats a value for programs: a string as itself, any other value as JSON.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}

/// Formats a value for people: an array as its items, an object as its field
/// names and values.
pub(super) fn plain(value: &Value) -> String {
    match value {
        Value::Array(items) => {
            let separator = if items.iter().any(Value::is_object) { "; " } else { ", " };
            items.iter().map(plain).collect::<Vec<_>>().join(separator)
        }
        Value::Object(fields) => {
            let fields = fields.iter().filter(|(_, value)| !value.is_null());
            let fields = fields.map(|(name, value)| format!("{name} {}", plain(value)));
            fields.collect::<Vec<_>>().join(", ")
        }
        value => text(value),
    }
}

/// Whether a path leads to URLs of the API itself, which are for programs.
pub(crate) fn is_own_url(path: &str) -> bool {
    path == "url" || is_within(path, "links")
}

fn follow(root: &Value, schema: &Value, path: &str, depth: usize, fields: &mut Fields) {
    match properties(root, schema, depth) {
        Some(properties) if depth > 0 => {
            for (name, schema) in properties {
                follow(root, schema, &join(path, name), depth - 1, fields);
            }
        }
        _ => {
            fields.paths.push(path.to_owned());
            if is_map(root, schema, depth) {
                fields.maps.push(path.to_owned());
            }
        }
    }
}

/// Whether a schema without properties allows an object with any fields.
fn is_map(root: &Value, schema: &Value, depth: usize) -> bool {
    if schema.as_bool() == Some(true) || schema.get("additionalProperties").is_some() {
        return true;
    }
    let Some(depth) = depth.checked_sub(1) else {
        return false;
    };
    let target = schema.get("$ref").and_then(Value::as_str);
    if let Some(target) = target.and_then(|target| root.pointer(target.strip_prefix('#')?)) {
        return is_map(root, target, depth);
    }
    ["anyOf", "oneOf", "allOf"]
        .into_iter()
        .filter_map(|key| schema.get(key)?.as_array())
        .flatten()
        .any(|schema| is_map(root, schema, depth))
}

/// Returns the properties of an object's schema, also of a reference or a nullable object.
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

/// Whether a path is `outer`, or the path of a field within it.
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

    use super::{is_own_url, plain, present, value};

    #[test]
    fn a_path_leads_to_its_value() {
        let resource = json!({"a": {"b": 1, "c": null}, "d": "x", "e": [1, {"f": 2}]});
        assert_eq!(value(&resource, "a.b"), Some(&json!(1)));
        assert_eq!(value(&resource, "a.c"), None);
        assert_eq!(value(&resource, "d.b"), None);
        assert_eq!(present(&resource), ["a.b", "d", "e"]);
    }

    #[test]
    fn values_for_people_are_not_json() {
        for (value, text) in [
            (json!(["sms", "call"]), "sms, call"),
            (json!([]), ""),
            (
                json!([{"channel": "sms", "time": null}, {"channel": "call"}]),
                "channel sms; channel call",
            ),
            (json!({"label": "x", "value": [1, true]}), "label x, value 1, true"),
            (json!("{\"a\"}"), "{\"a\"}"),
        ] {
            assert_eq!(plain(&value), text);
        }
    }

    #[test]
    fn the_urls_of_the_api_itself_are_known_by_their_paths() {
        assert!(["url", "links", "links.factors"].into_iter().all(is_own_url));
        assert!(!["webhook_url", "binding.uri", "linkss"].into_iter().any(is_own_url));
    }
}
