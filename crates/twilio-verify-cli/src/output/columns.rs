//! Resources as rows: which fields there are, and their values.
//!
//! The fields are those of the type's JSON Schema, not those that an answer
//! happens to have: the header of a file must be known before its last row.

use schemars::generate::SchemaSettings;
use serde_json::{Map, Value};

use super::Resource;

/// How deep fields are followed: no resource is that deep, and a schema may
/// lead back to itself.
const DEPTH: usize = 8;

/// The paths of all fields: those of the table first, then the others.
pub(crate) fn paths<T: Resource>() -> Vec<String> {
    let schema = schema::<T>();
    let mut all = Vec::new();
    follow(&schema, &schema, "", DEPTH, &mut all);
    let mut paths = Vec::with_capacity(all.len());
    for column in T::COLUMNS {
        let (named, others) = all
            .into_iter()
            .partition(|path| is_within(path, column.path));
        all = others;
        let named: Vec<String> = named;
        paths.extend(named);
    }
    paths.extend(all);
    paths
}

/// The names of the fields themselves, not of those within them.
pub(crate) fn names<T: Resource>() -> Vec<String> {
    match schema::<T>().get("properties") {
        Some(Value::Object(properties)) => properties.keys().cloned().collect(),
        _ => Vec::new(),
    }
}

/// The value that a path leads to; none for null.
pub(crate) fn value<'a>(resource: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.')
        .try_fold(resource, |value, name| value.get(name))
        .filter(|value| !value.is_null())
}

/// The paths of all values of a resource: in the order of [`paths`], those
/// within a map in its place, and those last that the schema doesn't know.
pub(crate) fn all<T: Resource>(resource: &Value) -> Vec<String> {
    let mut present = present(resource);
    let mut all = Vec::with_capacity(present.len());
    for path in paths::<T>() {
        let (within, others) = present
            .into_iter()
            .partition(|present| is_within(present, &path));
        present = others;
        let within: Vec<String> = within;
        all.extend(within);
    }
    all.extend(present);
    all
}

/// The paths of all fields of a value that have one.
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

/// A value as plain text: a text is itself, anything with parts is JSON.
pub(crate) fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}

fn schema<T: Resource>() -> Value {
    SchemaSettings::default()
        .for_serialize()
        .into_generator()
        .into_root_schema_for::<T>()
        .to_value()
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

/// The fields of an object's schema, be it named elsewhere or nullable.
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

fn is_within(path: &str, outer: &str) -> bool {
    path.strip_prefix(outer)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
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
    use twilio_verify::Attempt;

    use super::{names, paths, present, value};

    #[test]
    fn all_fields_of_a_resource_are_found_those_of_the_table_first() {
        let paths = paths::<Attempt>();
        assert_eq!(
            paths[..9],
            [
                "date_created",
                "channel",
                "channel_data.to",
                "channel_data.country",
                "conversion_status",
                "price.currency",
                "price.value",
                "sid",
                "account_sid",
            ]
        );
        for path in ["channel_data.message_status", "channel_data.carrier", "url"] {
            assert!(paths.iter().any(|own| own == path), "{path}");
        }
        let mut unique = paths.clone();
        unique.sort_unstable();
        unique.dedup();
        assert_eq!(unique.len(), paths.len());
        assert!(names::<Attempt>().contains(&"channel_data".to_owned()));
    }

    #[test]
    fn a_path_leads_to_its_value() {
        let resource = json!({"a": {"b": 1, "c": null}, "d": "x", "e": [1, {"f": 2}]});
        assert_eq!(value(&resource, "a.b"), Some(&json!(1)));
        assert_eq!(value(&resource, "a.c"), None);
        assert_eq!(value(&resource, "d.b"), None);
        assert_eq!(present(&resource), ["a.b", "d", "e"]);
    }
}
