//! Each cell of the matrix, there and back.

mod operations;
mod receiving;
mod sending;
mod types;

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Api, Change, Diff, Direction, Severity, compare};
use crate::Input;

/// An edit of [`document`], with what is found when it is made and when it
/// is undone: the two verdicts and the entry.
struct Case {
    name: &'static str,
    edit: fn(&mut Value),
    there: &'static [&'static str],
    back: &'static [&'static str],
}

const THING: &str = "/components/schemas/verify.v2.thing/properties";
const LIST: &str = "/paths/~1v2~1Things/get";
const CREATE: &str = "/paths/~1v2~1Things/post";
const FETCH: &str = "/paths/~1v2~1Things~1{Sid}/get";
const FORM: &str =
    "/paths/~1v2~1Things/post/requestBody/content/application~1x-www-form-urlencoded/schema";

fn document() -> Value {
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
                    "responses": answer("200", &page)
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
fn at<'a>(document: &'a mut Value, pointer: &str) -> &'a mut Value {
    let value = document.pointer_mut(pointer);
    value.unwrap_or_else(|| panic!("the document has {pointer}"))
}

/// The value below [`THING`], [`FORM`] and the like.
fn below<'a>(document: &'a mut Value, place: &str, rest: &str) -> &'a mut Value {
    at(document, &format!("{place}{rest}"))
}

fn remove(object: &mut Value, key: &str) -> Value {
    let removed = object.as_object_mut().expect("an object").remove(key);
    removed.expect("it is there")
}

fn api(document: &Value) -> Api {
    let text = document.to_string();
    Api::read(&Input::new(&text)).unwrap_or_else(|error| panic!("{error}"))
}

fn diff(old: &Value, new: &Value) -> Diff {
    compare(&api(old), &api(new))
}

fn lines(diff: &Diff) -> Vec<String> {
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

fn cases() -> impl Iterator<Item = &'static Case> {
    [
        operations::CASES,
        sending::CASES,
        receiving::CASES,
        types::CASES,
    ]
    .into_iter()
    .flatten()
}

#[test]
fn every_change_is_found_and_judged() {
    let old = document();
    let mut wrong = String::new();
    for case in cases() {
        let mut new = old.clone();
        (case.edit)(&mut new);
        for (way, diff, expected) in [
            ("there", diff(&old, &new), case.there),
            ("back", diff(&new, &old), case.back),
        ] {
            let found = lines(&diff);
            if found != expected {
                wrong += &format!("{} ({way}):\n  {}\n", case.name, found.join("\n  "));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn every_cell_has_a_case() {
    let old = document();
    let mut seen: BTreeSet<(Change, Option<Direction>)> = BTreeSet::new();
    for case in cases() {
        let mut new = old.clone();
        (case.edit)(&mut new);
        for diff in [diff(&old, &new), diff(&new, &old)] {
            for entry in &diff.entries {
                match entry.directions.as_slice() {
                    [only] => seen.insert((entry.change, Some(*only))),
                    _ => seen.insert((entry.change, None)),
                };
            }
        }
    }
    for change in Change::ALL {
        let (sent, received) = (
            change.verdict(Direction::Request),
            change.verdict(Direction::Response),
        );
        assert!(
            seen.iter().any(|(other, _)| other == change),
            "{change}: no case"
        );
        if sent != received {
            for direction in [Direction::Request, Direction::Response] {
                let cell = (*change, Some(direction));
                assert!(seen.contains(&cell), "{change} {direction:?}: no case");
            }
        }
    }
}

#[test]
fn what_is_the_same_has_no_difference() {
    let document = document();
    assert_eq!(diff(&document, &document), Diff::default());
}

#[test]
fn documentation_is_counted() {
    let old = document();
    let mut new = old.clone();
    below(&mut new, THING, "/name")["description"] = json!("Another.");
    below(&mut new, THING, "/sid")["example"] = json!("TH…");
    at(&mut new, LIST)["summary"] = json!("Lists.");
    at(&mut new, LIST)["tags"] = json!(["Other"]);
    let parameters = below(&mut new, LIST, "/parameters");
    parameters.as_array_mut().unwrap().reverse();
    at(&mut new, "/components/schemas/thing_enum_state/enum")
        .as_array_mut()
        .unwrap()
        .reverse();
    let diff = diff(&old, &new);
    assert_eq!(lines(&diff), Vec::<String>::new());
    assert_eq!(diff.documentation, 5);
}

#[test]
fn an_entry_reads_back_what_it_writes() {
    let old = document();
    for case in cases() {
        let mut new = old.clone();
        (case.edit)(&mut new);
        let diff = diff(&old, &new);
        let text = serde_json::to_string(&diff).unwrap();
        assert_eq!(serde_json::from_str::<Diff>(&text).unwrap(), diff);
    }
}
