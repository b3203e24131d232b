//! Whatever the document: no panic, the same bytes twice, and an error names
//! a place that the document has.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;

use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Map, Value, json};
use twilio_verify_codegen::{Generated, Input, Source, generate};

/// Generates, and checks what holds of every document. Gives the code, if
/// there is any.
fn check(document: &Value) -> Option<Generated> {
    let text = document.to_string();
    let first = generate(&Input::new(&text));
    assert_eq!(first, generate(&Input::new(&text)));
    match first {
        Ok(generated) => Some(generated),
        Err(error) => {
            assert_eq!(error.input(), Source::Document);
            let place = document.pointer(error.pointer().as_str());
            assert!(place.is_some(), "{error}");
            // What the generator can't digest is to be refused before.
            assert!(!error.reason().contains("gave up"), "{error}");
            assert!(!error.reason().contains("not Rust"), "{error}");
            None
        }
    }
}

/// Names, of which some are odd, and some are one name in Rust.
fn name() -> impl Strategy<Value = String> {
    let listed = select(vec![
        "sid",
        "Sid",
        "a.b",
        "a_b",
        "StartTime<",
        "StartTime",
        "type",
        "self",
        "String",
        "Option",
        "",
        "+",
        "$ref",
        "extra",
        "名",
        "x\"y",
    ]);
    prop_oneof![4 => listed.prop_map(str::to_owned), 1 => ".{0,8}"]
}

const COMPONENTS: [&str; 5] = ["thing", "Thing", "test.v2.thing", "thing_enum_kinds", "Error"];

fn leaf() -> impl Strategy<Value = Value> {
    let kind = select(vec!["string", "integer", "number", "boolean", "object", "array"]);
    let format = select(vec![
        "date-time",
        "uri",
        "uri-map",
        "iso-country-code",
        "int32",
        "double",
        "decimal",
        "odd",
    ]);
    let values =
        vec(prop_oneof![name().prop_map(Value::from), Just(json!(1)), Just(Value::Null)], 0..4);
    let typed = (
        option::of(kind),
        option::weighted(0.3, format),
        option::weighted(0.2, values),
        option::weighted(0.2, any::<bool>()),
        option::weighted(0.2, prop_oneof![Just(json!(0)), Just(json!("a")), Just(json!([]))]),
        option::weighted(0.2, Just(json!({ "pii": {} }))),
        option::weighted(0.2, Just("^TH[0-9a-fA-F]{32}$")),
    );
    let typed = typed.prop_map(|(kind, format, values, nullable, default, pii, pattern)| {
        let entries = [
            ("type", kind.map(Value::from)),
            ("format", format.map(Value::from)),
            ("enum", values.map(Value::from)),
            ("nullable", nullable.map(Value::from)),
            ("default", default),
            ("x-twilio", pii),
            ("pattern", pattern.map(Value::from)),
        ];
        let entries = entries.into_iter();
        let entries = entries.filter_map(|(key, value)| Some((key.to_owned(), value?)));
        Value::Object(entries.collect())
    });
    let reference = select(COMPONENTS.to_vec())
        .prop_map(|name| json!({ "$ref": format!("#/components/schemas/{name}") }));
    prop_oneof![6 => typed, 2 => reference, 1 => Just(json!({}))]
}

fn schema() -> impl Strategy<Value = Value> {
    leaf().prop_recursive(4, 24, 4, |inner| {
        let several = ["allOf", "anyOf", "oneOf"].to_vec();
        let object = (
            btree_map(name(), inner.clone(), 0..4),
            option::weighted(0.3, prop_oneof![inner.clone(), any::<bool>().prop_map(Value::from)]),
            any::<bool>(),
            option::weighted(0.2, Just(json!({ "pii": {} }))),
        );
        let object = object.prop_map(|(properties, more, required, pii)| {
            let mut object = json!({ "type": "object" });
            if required {
                object["required"] = properties.keys().cloned().collect();
            }
            object["properties"] = Value::Object(properties.into_iter().collect());
            if let Some(more) = more {
                object["additionalProperties"] = more;
            }
            if let Some(pii) = pii {
                object["x-twilio"] = pii;
            }
            object
        });
        let list = inner.clone().prop_map(|items| json!({ "type": "array", "items": items }));
        let composed =
            (select(several), vec(inner, 1..3)).prop_map(|(key, parts)| json!({ key: parts }));
        prop_oneof![3 => object, 2 => list, 1 => composed]
    })
}

fn parameter() -> impl Strategy<Value = Value> {
    let place = select(vec!["query", "query", "query", "header", "path", "cookie"]);
    (name(), place, leaf(), any::<bool>()).prop_map(|(name, place, schema, required)| {
        json!({ "name": name, "in": place, "schema": schema, "required": required })
    })
}

fn operation() -> impl Strategy<Value = Value> {
    let media = select(vec!["application/json", "application/x-www-form-urlencoded", "text/plain"]);
    let status = select(vec!["200", "201", "204", "2XX", "404", "default"]);
    let response = prop_oneof![
        4 => schema().prop_map(|schema| json!({ "content": { "application/json": { "schema": schema } } })),
        1 => Just(json!({ "description": "x" })),
    ];
    (
        option::of(name()),
        vec(parameter(), 0..4),
        option::of((media, schema())),
        btree_map(status, response.clone(), 0..2),
        response,
        option::of(name()),
    )
        .prop_map(|(id, parameters, body, mut responses, success, tag)| {
            responses.insert("200", success);
            let mut operation = json!({ "parameters": parameters });
            let responses = responses.into_iter();
            operation["responses"] = responses
                .map(|(status, response)| (status.to_owned(), response))
                .collect::<Map<_, _>>()
                .into();
            if let Some(id) = id {
                operation["operationId"] = id.into();
            }
            if let Some((media, schema)) = body {
                operation["requestBody"] = json!({ "content": { media: { "schema": schema } } });
            }
            if let Some(tag) = tag {
                operation["tags"] = json!([tag]);
            }
            operation
        })
}

fn document() -> impl Strategy<Value = Value> {
    let path = select(vec!["/v1/Things", "/v1/Things/{Sid}", "/{type}/x", "/v1/{a.b}.json"]);
    let method = select(vec!["get", "post", "delete"]);
    let components = COMPONENTS.map(|_| schema());
    (btree_map((path, method), operation(), 0..3), components).prop_map(|(operations, schemas)| {
        let mut paths = json!({});
        for ((path, method), mut operation) in operations {
            // A path whose parameters are not declared is refused, always.
            if let Some((name, _)) = path.split_once('{').and_then(|(_, rest)| rest.split_once('}'))
                && let Some(parameters) = operation["parameters"].as_array_mut()
            {
                parameters.retain(|parameter| parameter["in"] != "path");
                parameters
                    .push(json!({ "name": name, "in": "path", "schema": { "type": "string" } }));
            }
            paths[path][method] = operation;
        }
        let schemas: Map<String, Value> =
            COMPONENTS.iter().map(|&name| name.to_owned()).zip(schemas).collect();
        json!({
            "openapi": "3.0.1",
            "info": { "title": "Any", "version": "1" },
            "paths": paths,
            "components": { "schemas": schemas },
        })
    })
}

static FIXTURES: LazyLock<Vec<Value>> = LazyLock::new(fixtures);

/// The fixtures that go through.
fn fixtures() -> Vec<Value> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/generated");
    let entries = fs::read_dir(folder).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let texts = paths.iter().map(|path| fs::read_to_string(path).unwrap());
    // A huge document only takes longer.
    let texts = texts.filter(|text| text.len() < 20_000);
    texts.map(|text| serde_json::from_str(&text).unwrap()).collect()
}

/// The pointers of all that a document holds.
fn pointers(json: &Value, pointer: &str, all: &mut Vec<String>) {
    all.push(pointer.to_owned());
    match json {
        Value::Object(object) => {
            for (key, value) in object {
                let key = key.replace('~', "~0").replace('/', "~1");
                pointers(value, &format!("{pointer}/{key}"), all);
            }
        }
        Value::Array(array) => {
            for (index, value) in array.iter().enumerate() {
                pointers(value, &format!("{pointer}/{index}"), all);
            }
        }
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, ..ProptestConfig::default() })]

    #[test]
    fn any_document_of_the_grammar(document in document()) {
        check(&document);
    }

    #[test]
    fn any_value_of_a_fixture_may_be_another(
        fixture in any::<Index>(),
        place in any::<Index>(),
        other in prop_oneof![
            Just(json!(null)), Just(json!(true)), Just(json!(-1)), Just(json!("")),
            Just(json!("#/components/schemas/thing")), Just(json!([])), Just(json!([{}])),
            Just(json!({})), Just(json!({ "$ref": "#/components/schemas/thing" })),
            Just(json!({ "$ref": "#/paths" })), Just(json!({ "type": "string" })),
        ],
    ) {
        let mut document = fixture.get(&FIXTURES).clone();
        let mut all = Vec::new();
        pointers(&document, "", &mut all);
        let place: &String = place.get(&all);
        *document.pointer_mut(place).unwrap() = other;
        check(&document);
    }
}

#[test]
fn every_fixture_gives_equal_bytes_and_valid_rust() {
    for document in FIXTURES.iter() {
        let generated = check(document).expect("the fixture goes through");
        assert!(generated.files.contains_key("mod.rs"));
    }
}
