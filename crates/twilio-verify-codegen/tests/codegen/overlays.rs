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
