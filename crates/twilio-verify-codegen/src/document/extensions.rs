//! Finds the extensions that control how code is generated.
//!
//! An overlay sets them, or a pass does. An extension of the same name in a document means
//! something else to its publisher.

use serde_json::Value;

use crate::document::error::Pointer;
use crate::document::mark;

/// The prefix of the extensions that an overlay may have.
pub(crate) const OVERLAYS: &str = "x-rust-";

/// Keys whose value is an object of named parts. Its own keys are never extensions.
const NAMED: [&str; 15] = [
    "callbacks",
    "content",
    "encoding",
    "headers",
    "links",
    "mapping",
    "parameters",
    "patternProperties",
    "properties",
    "requestBodies",
    "responses",
    "schemas",
    "scopes",
    "securitySchemes",
    "variables",
];

/// Keys whose value is data.
const DATA: [&str; 5] = ["default", "enum", "example", "examples", "value"];

/// Returns all extensions of the generator, with their places.
pub(crate) fn find(json: &Value) -> Vec<(Pointer, &str, &Value)> {
    let mut found = Vec::new();
    collect(&Pointer::root(), json, &mut found);
    found
}

fn collect<'a>(place: &Pointer, json: &'a Value, found: &mut Vec<(Pointer, &'a str, &'a Value)>) {
    match json {
        Value::Object(object) => {
            for (key, value) in object {
                let key = key.as_str();
                if key.starts_with(OVERLAYS) || mark::OF_PASSES.contains(&key) {
                    found.push((place.child(key), key, value));
                    continue;
                }
                let is_data = key.starts_with("x-") || DATA.contains(&key);
                if is_data || !(value.is_object() || value.is_array()) {
                    continue;
                }
                let place = place.child(key);
                match value.as_object().filter(|_| NAMED.contains(&key)) {
                    Some(parts) => {
                        for (name, part) in parts {
                            collect(&place.child(name), part, found);
                        }
                    }
                    None => collect(&place, value, found),
                }
            }
        }
        Value::Array(array) => {
            for (index, value) in array.iter().enumerate() {
                if value.is_object() {
                    collect(&place.child(index.to_string()), value, found);
                }
            }
        }
        _ => {}
    }
}

/// Removes all extensions of the generator, and returns their places.
pub(crate) fn remove(json: &mut Value) -> Vec<Pointer> {
    let found: Vec<Pointer> = find(json).into_iter().map(|(place, ..)| place).collect();
    for place in &found {
        let Some((parent, _)) = place.as_str().rsplit_once('/') else { continue };
        let parent = json.pointer_mut(parent).and_then(Value::as_object_mut);
        if let (Some(parent), Some(key)) = (parent, place.tokens().last()) {
            parent.remove(&key);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::remove;

    #[test]
    fn extensions_are_removed_and_what_is_named_like_one_stays() {
        let schema = json!({
            "type": "object",
            "properties": { "x-rust-name": { "type": "string" }, "properties": { "default": {} } },
            "example": { "x-rust-name": 1 },
        });
        let mut document = json!({
            "paths": { "/a": { "get": {
                "x-query": { "$ref": "#/x" },
                "x-other": { "x-sid": "kept" },
                "parameters": [{ "name": "A", "x-rust-name": "b", "schema": { "x-value": true } }],
                "responses": { "200": { "headers": { "x-sid": { "schema": { "x-sid": "AB" } } } } },
            } } },
            "components": { "schemas": { "x-sid": schema } },
        });
        let kept = document["components"].clone();
        document["components"]["schemas"]["x-sid"]["properties"]["x-rust-name"]["x-label"] =
            json!("a");
        let places = remove(&mut document);
        let places: Vec<_> = places.iter().map(|place| place.as_str()).collect();
        assert_eq!(
            places,
            [
                "/components/schemas/x-sid/properties/x-rust-name/x-label",
                "/paths/~1a/get/parameters/0/schema/x-value",
                "/paths/~1a/get/parameters/0/x-rust-name",
                "/paths/~1a/get/responses/200/headers/x-sid/schema/x-sid",
                "/paths/~1a/get/x-query",
            ]
        );
        assert_eq!(document["components"], kept);
        assert_eq!(document["paths"]["/a"]["get"]["x-other"]["x-sid"], "kept");
        assert_eq!(remove(&mut document), []);
    }
}
