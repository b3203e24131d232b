//! A document, edits of it, and what is found in them.

use serde_json::{Value, json};

use crate::diff::api::Api;
use crate::diff::compare::compare;
use crate::diff::entry::Diff;
use crate::diff::severity::Severity;
use crate::document::extensions;
use crate::lower::Input;
use crate::overlay::apply::Unmatched;

/// An edit of [`document`], with what is found when it is made and when it
/// is undone: the two verdicts and the entry.
pub(super) struct Case {
    pub(super) name: &'static str,
    pub(super) edit: fn(&mut Value),
    pub(super) there: &'static [&'static str],
    pub(super) back: &'static [&'static str],
}

pub(super) const THING: &str = "/components/schemas/verify.v2.thing/properties";
pub(super) const LIST: &str = "/paths/~1v2~1Things/get";
pub(super) const CREATE: &str = "/paths/~1v2~1Things/post";
pub(super) const FETCH: &str = "/paths/~1v2~1Things~1{Sid}/get";
pub(super) const FORM: &str =
    "/paths/~1v2~1Things/post/requestBody/content/application~1x-www-form-urlencoded/schema";

pub(super) fn document() -> Value {
    let thing = json!({ "$ref": "#/components/schemas/verify.v2.thing" });
    let answer = |status: &str, schema: &Value| {
        let content = json!({ "application/json": { "schema": schema } });
        json!({ status: { "description": "OK", "content": content } })
    };
    let page = json!({
        "type": "object",
        "title": "ListThingResponse",
        "properties": {
            "things": { "type": "array", "items": thing },
            "meta": { "type": "object", "properties": {
                "next_page_url": { "type": "string", "nullable": true },
                "page": { "type": "integer" }
            } }
        }
    });
    json!({
        "openapi": "3.0.1",
        "info": { "title": "Test", "version": "1.0.0" },
        "servers": [{ "url": "https://verify.twilio.com" }],
        "security": [{ "basic": [] }],
        "components": {
            "securitySchemes": { "basic": { "type": "http", "scheme": "basic" } },
            "schemas": {
                "verify.v2.thing": {
                    "type": "object",
                    "properties": {
                        "sid": { "type": "string", "pattern": "^TH[0-9a-fA-F]{32}$" },
                        "name": { "type": "string", "maxLength": 64, "description": "A name." },
                        "count": { "type": "integer", "default": 0 },
                        "state": { "$ref": "#/components/schemas/thing_enum_state" },
                        "kind": { "$ref": "#/components/schemas/thing_enum_kind" },
                        "price": { "$ref": "#/components/schemas/verify.v2.thing.price" },
                        "tags": { "type": "array", "items": { "type": "string" } }
                    }
                },
                "verify.v2.thing.price": {
                    "type": "object",
                    "properties": { "value": { "type": "string" }, "unit": { "type": "string" } }
                },
                "thing_enum_state": { "type": "string", "enum": ["new", "old"] },
                "thing_enum_kind": { "type": "string", "enum": ["big", "small"] },
                "thing_enum_order": { "type": "string", "enum": ["asc", "desc"] }
            }
        },
        "paths": {
            "/v2/Things": {
                "get": {
                    "operationId": "ListThing",
                    "tags": ["Thing"],
                    "parameters": [
                        { "name": "PageSize", "in": "query",
                          "schema": { "type": "integer", "minimum": 1, "maximum": 1000 } },
                        { "name": "Order", "in": "query",
                          "schema": { "$ref": "#/components/schemas/thing_enum_order" } },
                        { "name": "Kind", "in": "query",
                          "schema": { "$ref": "#/components/schemas/thing_enum_kind" } },
                        { "name": "Filter", "in": "query", "schema": { "type": "string" } }
                    ],
                    "responses": {
                        "200": answer("200", &page)["200"],
                        "429": { "description": "Too many" },
                    },
                },
                "post": {
                    "operationId": "CreateThing",
                    "tags": ["Thing"],
                    "requestBody": { "content": { "application/x-www-form-urlencoded": { "schema": {
                        "type": "object",
                        "title": "CreateThingRequest",
                        "required": ["Name"],
                        "properties": {
                            "Name": { "type": "string" },
                            "Note": { "type": "string", "maxLength": 10, "minLength": 2 },
                            "Level": { "type": "integer", "enum": [1, 2] },
                            "Details": {
                                "type": "object",
                                "properties": { "inner": { "type": "string" } }
                            }
                        }
                    } } } },
                    "responses": answer("201", &thing)
                }
            },
            "/v2/Files": { "get": {
                "operationId": "FetchFile",
                "responses": { "307": { "description": "There" } },
            } },
            "/v2/Things/{Sid}": { "get": {
                "operationId": "FetchThing",
                "tags": ["Thing"],
                "parameters": [{ "name": "Sid", "in": "path", "required": true,
                    "schema": { "type": "string", "pattern": "^TH[0-9a-fA-F]{32}$" } }],
                "responses": answer("200", &thing)
            } }
        }
    })
}

/// The value at a pointer of a document.
pub(super) fn at<'a>(document: &'a mut Value, pointer: &str) -> &'a mut Value {
    let value = document.pointer_mut(pointer);
    value.unwrap_or_else(|| panic!("the document has {pointer}"))
}

/// The value below [`THING`], [`FORM`] and the like.
pub(super) fn below<'a>(document: &'a mut Value, place: &str, rest: &str) -> &'a mut Value {
    at(document, &format!("{place}{rest}"))
}

pub(super) fn remove(object: &mut Value, key: &str) -> Value {
    let removed = object.as_object_mut().expect("an object").remove(key);
    removed.expect("it is there")
}

/// Reads a document. Its extensions of the overlay's are read from an overlay.
pub(super) fn api(document: &Value) -> Api {
    let text = document.to_string();
    let mut actions = Vec::new();
    for (place, key, value) in extensions::find(document) {
        let mut tokens: Vec<String> = place.tokens().collect();
        tokens.pop();
        let steps = tokens.iter().map(|token| match token.parse::<usize>() {
            Ok(index) if !place.as_str().contains("/responses/") => format!("[{index}]"),
            _ => format!("['{token}']"),
        });
        let target = format!("${}", steps.collect::<String>());
        let update = json!({ key: value });
        actions.push(json!({ "target": target, "description": "Test", "update": update }));
    }
    let overlay = json!({
        "overlay": "1.0.0", "info": { "title": "Test", "version": "1" }, "actions": actions,
    });
    let overlay = overlay.to_string();
    let mut input = Input::new(&text);
    if !actions.is_empty() {
        input = input.overlay(&overlay, Unmatched::Error);
    }
    Api::read(&input).unwrap_or_else(|error| panic!("{error}"))
}

pub(super) fn diff(old: &Value, new: &Value) -> Diff {
    compare(&api(old), &api(new))
}

pub(super) fn lines(diff: &Diff) -> Vec<String> {
    let verdict = |severity: Option<Severity>| match severity {
        Some(Severity::Breaking) => 'B',
        Some(Severity::Additive) => 'A',
        None => '-',
    };
    let entries = diff.entries.iter();
    let line =
        entries.map(|entry| format!("{}{} {entry}", verdict(entry.rust), verdict(entry.wire)));
    line.collect()
}
