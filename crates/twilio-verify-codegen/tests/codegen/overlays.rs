//! What an overlay may say, and what becomes of one that is wrong.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use twilio_verify_codegen::{Error, Generated, Input, Source, Unmatched, generate};

const DOCUMENT: &str = r#"{
    "openapi": "3.0.1",
    "info": { "title": "Test", "version": "1" },
    "paths": {
        "/v1/Things": {
            "get": {
                "operationId": "ListThing",
                "parameters": [
                    { "name": "Session", "in": "cookie", "schema": { "type": "string" } },
                    { "name": "Limit", "in": "query", "schema": { "type": "integer" } }
                ],
                "responses": { "204": { "description": "Nothing" } }
            },
            "trace": { "responses": { "204": { "description": "Nothing" } } }
        }
    }
}"#;

fn apply(actions: &str, unmatched: Unmatched) -> Result<Generated, Error> {
    let overlay = format!(
        r#"{{ "overlay": "1.0.0", "info": {{ "title": "O", "version": "1" }}, "actions": [{actions}] }}"#
    );
    generate(&Input::new(DOCUMENT).overlay(&overlay, unmatched))
}

const CURE: &str = r#"
    { "target": "$.paths['/v1/Things'].get.parameters[?@.in == 'cookie']",
      "description": "Cookies are not sent.", "remove": true },
    { "target": "$.paths['/v1/Things'].trace", "description": "No such method.", "remove": true }
"#;

fn refused(actions: &str) -> (String, String) {
    let error = apply(actions, Unmatched::Error).expect_err("refused");
    assert_eq!(error.input(), Source::Overlay, "{error}");
    (error.pointer().as_str().to_owned(), error.reason().to_owned())
}

#[test]
fn an_overlay_cures_what_is_refused() {
    let error = generate(&Input::new(DOCUMENT)).expect_err("refused");
    let place = "/paths/~1v1~1Things/get/parameters/0";
    assert_eq!(error.pointer().as_str(), place);
    let generated = apply(CURE, Unmatched::Error).unwrap();
    let line = "ListThing(Limit?: integer) -> nothing";
    assert!(generated.surface.contains(line), "{}", generated.surface);
    assert!(generated.warnings.is_empty());
}

#[test]
fn an_action_without_a_match_is_an_error_or_a_warning() {
    let gone =
        r#"{ "target": "$.paths['/v1/Gone']", "description": "Was needed.", "remove": true }"#;
    let actions = format!("{CURE}, {gone}");
    let (pointer, reason) = refused(&actions);
    assert_eq!(pointer, "/actions/2");
    assert!(reason.contains("matches nothing"), "{reason}");
    let warnings = apply(&actions, Unmatched::Warn).unwrap().warnings;
    assert_eq!(warnings.len(), 1);
    let warning = warnings[0].to_string();
    assert!(warning.contains("/actions/2") && warning.contains("/v1/Gone"), "{warning}");
}

#[test]
fn an_action_gives_its_reason() {
    for description in ["", r#""description": "","#, r#""description": "  ","#] {
        let action = format!(r#"{{ "target": "$.info", {description} "update": {{}} }}"#);
        let (pointer, reason) = refused(&action);
        assert_eq!(pointer, "/actions/0");
        assert!(reason.contains("gives no reason"), "{reason}");
    }
}

#[test]
fn an_action_that_can_not_be_applied_is_named() {
    let action = |target: &str| {
        refused(&format!(
            r#"{{ "target": "{target}", "description": "Why", "update": {{ "a": 1 }} }}"#
        ))
    };
    let (pointer, reason) = action("$.info.title");
    assert_eq!(pointer, "/actions/0");
    assert!(reason.contains("select its parent"), "{reason}");
    for target in ["info", "$.[", "$..[?", ""] {
        let (pointer, reason) = action(target);
        assert_eq!(pointer, "/actions/0/target", "{target}: {reason}");
    }
}

#[test]
fn what_is_no_overlay_is_refused() {
    for overlay in [
        "",
        "[]",
        "{}",
        r#"{ "overlay": "2.0.0", "info": { "title": "O", "version": "1" }, "actions": [] }"#,
        r#"{ "overlay": "1.0.0", "info": { "title": "O", "version": "1" }, "actions": 5 }"#,
    ] {
        let input = Input::new(DOCUMENT).overlay(overlay, Unmatched::Warn);
        let error = generate(&input).expect_err(overlay);
        assert_eq!(error.input(), Source::Overlay, "{overlay}: {error}");
    }
}

#[test]
fn an_error_in_what_an_overlay_adds_is_the_documents() {
    let action = r#"{ "target": "$.paths", "description": "Why",
        "update": { "/v1/Bad": { "get": { "responses": {} } } } }"#;
    let error = apply(&format!("{CURE}, {action}"), Unmatched::Error).expect_err("refused");
    assert_eq!(error.input(), Source::Document);
    assert_eq!(error.pointer().as_str(), "/paths/~1v1~1Bad/get/responses");
}

/// A document with components, which overlays extend.
const THINGS: &str = r##"{
    "openapi": "3.0.1",
    "info": { "title": "Test", "version": "1" },
    "paths": { "/v1/Things": { "get": {
        "operationId": "FetchThing",
        "responses": { "200": { "description": "OK", "content": { "application/json": {
            "schema": { "$ref": "#/components/schemas/thing" }
        } } } }
    } } },
    "components": { "schemas": {
        "thing": { "type": "object", "properties": {
            "a": { "type": "string" },
            "b": { "type": "string" },
            "inner": { "type": "object", "properties": { "c": { "type": "string" } } },
            "other": { "$ref": "#/components/schemas/other" }
        } },
        "other": { "type": "object", "properties": { "c": { "type": "string" } } }
    } }
}"##;

fn extended(
    document: &str,
    actions: &[(&str, &str)],
    unmatched: Unmatched,
) -> Result<Generated, Error> {
    let actions = actions.iter().map(|(target, update)| {
        let what = match update.is_empty() {
            true => r#""remove": true"#.to_owned(),
            false => format!(r#""update": {update}"#),
        };
        format!(r#"{{ "target": "$.components.schemas{target}", "description": "Why", {what} }}"#)
    });
    let actions = actions.collect::<Vec<_>>().join(",");
    let overlay = format!(
        r#"{{ "overlay": "1.0.0", "info": {{ "title": "O", "version": "1" }}, "actions": [{actions}] }}"#
    );
    generate(&Input::new(document).overlay(&overlay, unmatched))
}

#[test]
fn a_name_that_can_not_be_is_named_by_its_place() {
    const THING: &str = "/components/schemas/thing";
    for (actions, place, words) in [
        (
            &[(".thing.properties.a", r#"{ "x-rust-name": "type" }"#)][..],
            "/properties/a",
            "\"type\" can't be the name of a field",
        ),
        (
            &[(".thing.properties['a','b']", r#"{ "x-rust-name": "c" }"#)],
            "/properties/b",
            "the name c is taken by a",
        ),
        (
            &[(".thing.properties.inner", r#"{ "x-rust-name": "Option" }"#)],
            "/properties/inner",
            "\"Option\" can't be the name of a Rust type",
        ),
        (
            &[(".thing", r#"{ "x-rust-name": "Option" }"#)],
            "",
            "\"Option\" is a name that the generated code needs for itself",
        ),
        (
            &[(".thing", r#"{ "x-rust-name": "some thing" }"#)],
            "",
            "\"some thing\" is no Rust type name",
        ),
        (
            &[("['thing','other']", r#"{ "x-rust-name": "Taken" }"#)],
            "",
            "the Rust name Taken is taken by another schema",
        ),
    ] {
        let error = extended(THINGS, actions, Unmatched::Error).expect_err(words);
        assert!(error.pointer().as_str().starts_with(&format!("{THING}{place}")), "{error}");
        assert!(error.reason().contains(words), "{error}");
    }
}

#[test]
fn an_extension_that_says_something_else_is_named_by_its_action() {
    for (update, place) in [
        (r#"{ "x-rust-type": "fn()" }"#, "x-rust-type"),
        (r#"{ "x-rust-type": "crate::A<{ std::process::exit(1) }>" }"#, "x-rust-type"),
        (r#"{ "x-rust-type": "String" }"#, "x-rust-type"),
        (r#"{ "x-rust-type": "crate::A", "x-rust-from": "impl Into<u8>" }"#, "x-rust-from"),
        (r#"{ "x-rust-type": { "path": "crate::A" } }"#, "x-rust-type"),
        (r#"{ "x-rust-check": "a; b" }"#, "x-rust-check"),
        (r#"{ "x-rust-is": { "in-progress": "Whether it is." } }"#, "x-rust-is"),
        (r#"{ "x-rust-nmae": "a" }"#, "x-rust-nmae"),
        (r#"{ "x-sid": "AB" }"#, "x-sid"),
        (r#"{ "allOf": [{ "x-query": true }] }"#, "allOf/0/x-query"),
    ] {
        let actions = [(".other", "{ \"title\": \"Other\" }"), (".thing.properties.a", update)];
        for unmatched in [Unmatched::Error, Unmatched::Warn] {
            let error = extended(THINGS, &actions, unmatched).expect_err(update);
            assert_eq!(error.input(), Source::Overlay, "{error}");
            assert_eq!(error.pointer().as_str(), format!("/actions/1/update/{place}"), "{error}");
        }
    }
    let duration = r#"{ "x-rust-type": "crate::Seconds", "x-rust-from": "::std::time::Duration" }"#;
    extended(THINGS, &[(".thing.properties.a", duration)], Unmatched::Error).unwrap();
}

#[test]
fn a_document_has_no_extensions_of_the_overlays() {
    let document = THINGS.replace(
        r#""a": { "type": "string" }"#,
        r#""a": { "type": "string", "x-rust-type": "crate::Evil", "x-sid": "AB" }"#,
    );
    let generated = generate(&Input::new(&document)).unwrap();
    let plain = generate(&Input::new(THINGS)).unwrap();
    assert_eq!(generated.files, plain.files);
    let warnings: Vec<_> = generated.warnings.iter().map(ToString::to_string).collect();
    let place = "/components/schemas/thing/properties/a/x-";
    assert_eq!(warnings.len(), 2, "{warnings:?}");
    assert!(warnings.iter().all(|warning| warning.starts_with(place)), "{warnings:?}");
}

#[test]
fn an_action_whose_result_refers_to_nothing_is_an_error_or_left_out() {
    let gone = r##"{ "more": { "$ref": "#/components/schemas/gone" } }"##;
    let kept = r#"{ "x-rust-name": "alpha" }"#;
    let user =
        r##"{ "type": "object", "properties": { "c": { "$ref": "#/components/schemas/made" } } }"##;
    let made = format!(r#"{{ "made": {{ "type": "object", "properties": {gone} }} }}"#);
    let actions = [
        // Refers to what the next one adds, which is left out.
        (".thing.properties.inner", user),
        ("", &*made),
        (".thing.properties.a", kept),
        (".other.properties", gone),
    ];
    let error = extended(THINGS, &actions, Unmatched::Error).expect_err("refused");
    assert_eq!((error.input(), error.pointer().as_str()), (Source::Overlay, "/actions/1"));
    assert!(error.reason().contains("#/components/schemas/gone"), "{error}");

    let generated = extended(THINGS, &actions, Unmatched::Warn).unwrap();
    let warnings: Vec<_> = generated.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(warnings.len(), 3, "{warnings:?}");
    for (warning, action) in warnings.iter().zip(["/actions/0 ", "/actions/1 ", "/actions/3 "]) {
        assert!(warning.contains(action) && warning.contains("left out"), "{warnings:?}");
    }
    assert!(generated.surface.contains("a: string (as alpha)"), "{}", generated.surface);
    assert!(!generated.surface.contains("more"), "{}", generated.surface);
}

#[test]
fn an_action_that_removes_what_is_referred_to_is_left_out() {
    let actions = [("['thing']['properties']['b']", ""), ("['other']", "")];
    let error = extended(THINGS, &actions, Unmatched::Error).expect_err("refused");
    assert_eq!((error.input(), error.pointer().as_str()), (Source::Overlay, "/actions/1"));
    let generated = extended(THINGS, &actions, Unmatched::Warn).unwrap();
    assert_eq!(generated.warnings.len(), 1);
    assert!(generated.surface.contains("other: Other"), "{}", generated.surface);
    assert!(!generated.surface.contains("b: string"), "{}", generated.surface);
}

#[test]
fn an_action_that_selects_a_primitive_is_left_out_of_another_document() {
    let actions =
        [(".thing.properties.a.type", r#"{ "a": 1 }"#), (".thing", r#"{ "x-rust-name": "Item" }"#)];
    let error = extended(THINGS, &actions, Unmatched::Error).expect_err("refused");
    assert_eq!(error.pointer().as_str(), "/actions/0");
    let generated = extended(THINGS, &actions, Unmatched::Warn).unwrap();
    assert_eq!(generated.warnings.len(), 1);
    assert!(generated.surface.contains("Item (thing)"), "{}", generated.surface);
}

#[test]
fn a_name_of_a_field_fits_an_inline_type_too() {
    let actions = [(".thing.properties['inner','other']", r#"{ "x-rust-name": "label" }"#)];
    // As a property is a reference in one document, and has its type inline in an earlier one.
    let actions = &actions[..];
    let document = THINGS.replace(
        r##"{ "$ref": "#/components/schemas/other" }"##,
        r##"{ "allOf": [{ "$ref": "#/components/schemas/other" }] }"##,
    );
    let error = extended(&document, actions, Unmatched::Error).expect_err("one name for two");
    assert!(error.reason().contains("the name label is taken"), "{error}");
    let inner = [(".thing.properties.inner", r#"{ "x-rust-name": "label" }"#)];
    let generated = extended(THINGS, &inner, Unmatched::Error).unwrap();
    assert!(generated.surface.contains("inner: ThingInner (as label)"), "{}", generated.surface);
}
