//! Gives every schema its type, and removes the keywords of other types. A schema is a text, a
//! number, a boolean, a list, an object, or any JSON.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde_json::{Map, Value};

use crate::document::document::Document;
use crate::document::error::Error;
use crate::document::json::text;
use crate::document::schema::reference;

pub(crate) fn run(document: &mut Document) -> Result<(), Error> {
    let enums: BTreeMap<String, HashSet<Value>> = document
        .components()
        .filter_map(|(name, schema)| {
            let values = schema.get("enum")?.as_array()?;
            Some((name.to_owned(), values.iter().cloned().collect()))
        })
        .collect();
    document.schemas_mut(|_, schema| {
        if let Some(schema) = schema.as_object_mut() {
            if !schema.contains_key("$ref") && !schema.contains_key("allOf") {
                plain(schema);
            }
            sound_default(schema, &enums);
        }
        Ok(())
    })
}

fn plain(schema: &mut Map<String, Value>) {
    let kind = match schema.get("type").and_then(Value::as_str) {
        Some(kind) => Some(kind.to_owned()),
        None => kind(schema).map(str::to_owned),
    };
    match &kind {
        Some(kind) => schema.insert("type".to_owned(), kind.as_str().into()),
        None => schema.remove("type"),
    };
    let foreign: &[&str] = match kind.as_deref() {
        Some("object") => {
            object(schema);
            &["enum", "items"]
        }
        Some("array") => {
            let items = schema.entry("items");
            items.or_insert_with(|| Value::Object(Map::new()));
            &["enum", "properties", "required", "additionalProperties"]
        }
        Some("string") => {
            let values = schema.get("enum").and_then(Value::as_array);
            match values {
                Some(values) if values.iter().all(Value::is_null) => {
                    schema.remove("enum");
                }
                // The values are listed, so their format is known.
                Some(_) => schema.retain(|key, _| key != "format" && key != "pattern"),
                None => {}
            }
            &["items", "properties", "required", "additionalProperties"]
        }
        Some(_) => &[
            // Numbers stay open, like texts, and need no named values.
            "enum",
            "items",
            "properties",
            "required",
            "additionalProperties",
        ],
        None => &["enum", "format", "items", "properties", "required", "additionalProperties"],
    };
    schema.retain(|key, _| {
        let limited = LIMITS.iter().find(|(_, limits)| limits.contains(&key.as_str()));
        !foreign.contains(&key.as_str())
            && limited.is_none_or(|(kinds, _)| kinds.iter().any(|own| kind.as_deref() == Some(own)))
    });
}

/// The limits that values of a type can have.
const LIMITS: [(&[&str], &[&str]); 4] = [
    (
        &["integer", "number"],
        &["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"],
    ),
    (&["string"], &["minLength", "maxLength", "pattern"]),
    (&["array"], &["minItems", "maxItems", "uniqueItems"]),
    (&["object"], &["minProperties", "maxProperties"]),
];

/// Returns the type of a schema that doesn't state it.
fn kind(schema: &Map<String, Value>) -> Option<&'static str> {
    let has = |keys: &[&str]| keys.iter().any(|key| schema.contains_key(*key));
    if let Some(values) = schema.get("enum").and_then(Value::as_array) {
        let values: Vec<&Value> = values.iter().filter(|value| !value.is_null()).collect();
        values.first()?;
        let all = |is: fn(&Value) -> bool| values.iter().all(|value| is(value));
        return if all(Value::is_string) {
            Some("string")
        } else if all(|value| value.is_i64() || value.is_u64()) {
            Some("integer")
        } else if all(Value::is_number) {
            Some("number")
        } else if all(Value::is_boolean) {
            Some("boolean")
        } else {
            None
        };
    }
    let format = schema.get("format").and_then(Value::as_str);
    match format.unwrap_or_default() {
        "date" | "date-time" => return Some("string"),
        "int32" | "int64" => return Some("integer"),
        "float" | "double" => return Some("number"),
        "uri-map" => return Some("object"),
        _ => {}
    }
    if has(&["properties", "additionalProperties"]) {
        Some("object")
    } else if has(&["items"]) {
        Some("array")
    } else if has(&["pattern", "minLength", "maxLength"]) {
        Some("string")
    } else if has(&["minimum", "maximum"]) {
        Some("number")
    } else {
        None
    }
}

fn object(schema: &mut Map<String, Value>) {
    let fields: BTreeSet<String> = match schema.get("properties").and_then(Value::as_object) {
        Some(properties) => properties.keys().cloned().collect(),
        None => BTreeSet::new(),
    };
    if fields.is_empty() {
        schema.remove("properties");
    } else {
        schema.remove("format");
    }
    if let Some(Value::Array(required)) = schema.get_mut("required") {
        let mut seen = BTreeSet::new();
        required.retain(|name| {
            let name = name.as_str().unwrap_or_default();
            fields.contains(name) && seen.insert(name.to_owned())
        });
    }
    // True and false mean nothing here: unknown fields are never rejected, and only a schema makes
    // the type keep them.
    if schema.get("additionalProperties").is_some_and(Value::is_boolean) {
        schema.remove("additionalProperties");
    }
}

/// Removes a default that is not a valid value of the schema, or that belongs to a hand-written
/// type, because no code can be generated for it.
fn sound_default(schema: &mut Map<String, Value>, enums: &BTreeMap<String, HashSet<Value>>) {
    let Some(default) = schema.get("default") else {
        return;
    };
    let fits = match (schema.get("enum"), enum_of(schema, enums)) {
        (Some(Value::Array(values)), _) => values.contains(default),
        (_, Some(values)) => values.contains(default),
        _ => {
            let is_bare =
                !["format", "pattern", "allOf", "$ref"].iter().any(|key| schema.contains_key(*key));
            match schema.get("type").and_then(Value::as_str) {
                Some("string") => is_bare && default.is_string(),
                Some("boolean") => default.is_boolean(),
                Some("integer") => is_in_range(default, schema.get("format")),
                Some("number") => default.is_number(),
                _ => false,
            }
        }
    };
    if !fits {
        schema.remove("default");
    }
}

/// Returns the values of the component that a schema refers to.
fn enum_of<'a>(
    schema: &Map<String, Value>,
    enums: &'a BTreeMap<String, HashSet<Value>>,
) -> Option<&'a HashSet<Value>> {
    match schema.get("allOf")?.as_array()?.as_slice() {
        [only] => enums.get(reference(only)?),
        _ => None,
    }
}

fn is_in_range(default: &Value, format: Option<&Value>) -> bool {
    match format.and_then(Value::as_str) {
        Some("int32") => default.as_i64().is_some_and(|n| i32::try_from(n).is_ok()),
        Some("uint32") => default.as_u64().is_some_and(|n| u32::try_from(n).is_ok()),
        Some("uint64") => default.is_u64(),
        _ => default.is_i64(),
    }
}

/// Whether a schema is an object with fields, which has its own type.
pub(crate) fn has_fields(schema: &Value) -> bool {
    schema.get("properties").is_some()
}

/// Whether a schema is a list of texts to choose from.
pub(crate) fn is_enum(schema: &Value) -> bool {
    text(schema, "type") == "string" && schema.get("enum").is_some()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::run;
    use crate::passes::base::testing::document;

    fn lowered(schema: Value) -> Value {
        let mut document = document(json!({ "Thing": schema }), json!([]), json!({}));
        run(&mut document).unwrap();
        document.component("Thing").unwrap().clone()
    }

    #[test]
    fn a_type_that_is_not_said_is_found() {
        for (schema, kind) in [
            (json!({ "enum": ["a", null] }), json!("string")),
            (json!({ "enum": [1, 2] }), json!("integer")),
            (json!({ "enum": [1, 2.5] }), json!("number")),
            (json!({ "enum": [true] }), json!("boolean")),
            (json!({ "enum": ["a", 1] }), json!(null)),
            (json!({ "properties": { "a": {} } }), json!("object")),
            (json!({ "items": {} }), json!("array")),
            (json!({ "pattern": "^a$" }), json!("string")),
            (json!({ "format": "date-time" }), json!("string")),
            (json!({ "format": "anything" }), json!(null)),
            (json!({ "nullable": true }), json!(null)),
        ] {
            assert_eq!(lowered(schema.clone())["type"], kind, "{schema}");
        }
    }

    #[test]
    fn what_does_not_belong_to_a_type_is_dropped() {
        assert_eq!(
            lowered(json!({ "type": "integer", "enum": [1], "items": {}, "maxLength": 5 })),
            json!({ "type": "integer" })
        );
        assert_eq!(
            lowered(json!({ "type": "string", "enum": [], "default": 1 })),
            json!({ "type": "string" })
        );
        assert_eq!(lowered(json!({ "type": "array" })), json!({ "type": "array", "items": {} }));
        assert_eq!(
            lowered(json!({ "type": "object", "properties": { "a": {} },
                "additionalProperties": false, "required": ["a", "a", "gone"] })),
            json!({ "type": "object", "properties": { "a": {} }, "required": ["a"] })
        );
    }

    #[test]
    fn a_default_is_one_of_the_values_or_none() {
        for (schema, fits) in [
            (json!({ "type": "integer", "default": 0 }), true),
            (json!({ "type": "integer", "format": "int32", "default": 3_000_000_000_u64 }), false),
            (json!({ "type": "integer", "default": "0" }), false),
            (json!({ "type": "string", "enum": ["a"], "default": "a" }), true),
            (json!({ "type": "string", "enum": ["a"], "default": "b" }), false),
            (json!({ "type": "string", "default": "a" }), true),
            (json!({ "type": "string", "format": "date-time", "default": "a" }), false),
            (json!({ "type": "boolean", "default": "true" }), false),
            (json!({ "type": "array", "items": {}, "default": [] }), false),
        ] {
            assert_eq!(lowered(schema.clone()).get("default").is_some(), fits, "{schema}");
        }
    }
}
