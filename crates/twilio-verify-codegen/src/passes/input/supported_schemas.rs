//! Rejects invalid schemas, with their place, before anything is changed.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::document::document::Document;
use crate::document::error::{Error, Pointer};
use crate::document::schema::reference;

pub(crate) fn run(document: &mut Document) -> Result<(), Error> {
    let names: BTreeSet<String> = document.components().map(|(name, _)| name.to_owned()).collect();
    document.schemas_mut(|pointer, schema| check(pointer, schema, &names))
}

const TYPES: [&str; 6] = ["array", "boolean", "integer", "number", "object", "string"];

fn check(pointer: &Pointer, schema: &Value, components: &BTreeSet<String>) -> Result<(), Error> {
    let Some(keywords) = schema.as_object() else {
        return Err(Error::document(pointer, "a schema is an object"));
    };
    if let Some(target) = keywords.get("$ref") {
        let reason = match reference(schema) {
            Some(name) if components.contains(name) => return Ok(()),
            Some(name) => format!("there is no component {name}"),
            None => format!("{target}: a schema can refer to #/components/schemas alone"),
        };
        return Err(Error::document(pointer, reason));
    }
    for (key, value) in keywords {
        let reason = match key.as_str() {
            "type" if !value.is_string() => {
                "`type` is one text in OpenAPI 3.0; for null write `nullable`"
            }
            "type" if !TYPES.iter().any(|known| value == known) => {
                "the types are array, boolean, integer, number, object and string"
            }
            "allOf" | "anyOf" | "oneOf" if value.as_array().is_none_or(Vec::is_empty) => {
                "expected an array of at least one schema"
            }
            "enum" if !value.is_array() => "expected an array of values",
            "properties" if !value.is_object() => "expected an object of schemas",
            "items" | "not" if !value.is_object() => "expected a schema",
            "additionalProperties" if !value.is_object() && !value.is_boolean() => {
                "expected a schema, true or false"
            }
            "required"
                if !value.as_array().is_some_and(|names| names.iter().all(Value::is_string)) =>
            {
                "expected an array of the names of properties"
            }
            "nullable" if !value.is_boolean() => "expected true or false",
            _ => continue,
        };
        return Err(Error::document(&pointer.child(key), reason));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::run;
    use crate::passes::base::testing::{RESPONSE, document};

    fn refusal(schema: Value) -> (String, String) {
        let mut document = document(json!({ "thing": {} }), json!([]), schema);
        let error = run(&mut document).expect_err("refused");
        let pointer = error.pointer().as_str();
        let pointer = pointer.strip_prefix(RESPONSE).expect("the schema's place");
        (pointer.to_owned(), error.reason().to_owned())
    }

    #[test]
    fn schemas_pass() {
        for schema in [
            json!({}),
            json!({ "$ref": "#/components/schemas/thing" }),
            json!({ "type": "object", "required": ["a"], "additionalProperties": true,
                "properties": { "a": { "not": {}, "nullable": true } } }),
            json!({ "oneOf": [{ "enum": ["a"] }, { "type": "array", "items": {} }] }),
        ] {
            let mut document = document(json!({ "thing": {} }), json!([]), schema);
            run(&mut document).unwrap();
        }
    }

    #[test]
    fn each_refusal_names_the_place() {
        for (schema, pointer) in [
            (json!({ "type": ["string", "null"] }), "/type"),
            (json!({ "type": "file" }), "/type"),
            (json!({ "properties": { "a": 5 } }), "/properties/a"),
            (json!({ "allOf": [] }), "/allOf"),
            (json!({ "oneOf": [{ "enum": "a" }] }), "/oneOf/0/enum"),
            (json!({ "items": [{}] }), "/items"),
            (json!({ "required": true }), "/required"),
            (json!({ "nullable": "true" }), "/nullable"),
            (json!({ "additionalProperties": "no" }), "/additionalProperties"),
        ] {
            assert_eq!(refusal(schema).0, pointer);
        }
    }

    #[test]
    fn parameters_of_a_path_are_checked() {
        let mut document = document(json!({}), json!([]), json!({}));
        let paths = document.json_mut()["paths"].as_object_mut().unwrap();
        let (path, item) = paths.iter_mut().next().unwrap();
        let place = format!("/paths/{}/parameters/0/schema/type", path.replace('/', "~1"));
        item["parameters"] = json!([{ "name": "A", "in": "query", "schema": { "type": "file" } }]);
        assert_eq!(run(&mut document).unwrap_err().pointer().as_str(), place);
    }

    #[test]
    fn a_reference_to_nothing_is_refused() {
        for (target, word) in [
            ("#/components/schemas/gone", "no component gone"),
            ("#/components/schemas/a/properties/b", "no component"),
            ("other.json", "alone"),
        ] {
            let (pointer, reason) = refusal(json!({ "$ref": target }));
            assert_eq!(pointer, "");
            assert!(reason.contains(word), "{reason}");
        }
    }
}
