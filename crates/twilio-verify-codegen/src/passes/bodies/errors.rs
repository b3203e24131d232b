//! Gives all errors one schema, and each operation one type of success.
//!
//! The generator supports one success type and one error type for each operation. The shared error
//! replaces the errors that an operation declares itself, which are the same under another name
//! (`CreateVerification`'s 429). An operation that redirects and has no 2xx response returns the
//! `Location`, whatever body the document declares.

use serde_json::{Value, json};

use crate::document::document::Document;
use crate::document::error::{Error, Pointer};
use crate::document::mark;
use crate::document::schema::{reference, reference_to};

/// The component that the overlay adds for the body of an error.
pub(crate) const COMPONENT: &str = "api_error";

pub(crate) fn run(document: &mut Document) -> Result<(), Error> {
    let error = document.component(COMPONENT).map(|_| {
        json!({
            "description": "Refused",
            "content": { "application/json": { "schema": reference_to(COMPONENT) } }
        })
    });
    document.operations_mut(|pointer, _, _, operation| {
        let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) else {
            return Ok(());
        };
        let redirects = !responses.keys().any(|status| status.starts_with('2'));
        responses.retain(|status, _| match redirects {
            true => is_redirect(status),
            false => status.starts_with('2'),
        });
        let successes = pointer.child("responses");
        for (status, response) in responses.iter_mut() {
            // Their bodies don't matter, whatever is declared.
            if (redirects || ["204", "205"].contains(&status.as_str()))
                && let Some(response) = response.as_object_mut()
            {
                response.remove("content");
            }
        }
        one_success(&successes, responses.iter())?;
        if responses.is_empty() {
            let reason = "no 2xx response and no redirect: an operation that never succeeds has \
                          no type to return; declare its successful response";
            return Err(Error::document(&successes, reason));
        }
        for range in ["4XX", "5XX"] {
            if let Some(error) = &error {
                responses.insert(range.to_owned(), error.clone());
            }
        }
        if redirects {
            operation.insert(mark::REDIRECT.to_owned(), true.into());
        }
        Ok(())
    })
}

/// Whether a response with that status has a `Location`.
fn is_redirect(status: &str) -> bool {
    ["301", "302", "303", "307", "308", "3XX"].contains(&status)
}

fn one_success<'a>(
    pointer: &Pointer,
    responses: impl Iterator<Item = (&'a String, &'a Value)>,
) -> Result<(), Error> {
    let mut first: Option<(&String, Option<&Value>)> = None;
    for (status, response) in responses {
        let schema = answer(response);
        match first {
            None => first = Some((status, schema)),
            Some((_, same)) if same == schema => {}
            Some((other, _)) => {
                let name = |schema: Option<&Value>| match schema {
                    None => "no body".to_owned(),
                    Some(Value::Null) => "bytes".to_owned(),
                    Some(schema) => reference(schema).unwrap_or("a schema of its own").to_owned(),
                };
                let reason = format!(
                    "{other} returns {}, {status} returns {}; an operation can return one type; remove one by an overlay",
                    name(first.and_then(|(_, schema)| schema)),
                    name(schema)
                );
                return Err(Error::document(&pointer.child(status), reason));
            }
        }
    }
    Ok(())
}

/// Returns the schema of a response: null for bytes, `None` without a body.
fn answer(response: &Value) -> Option<&Value> {
    let content = response.get("content")?.as_object()?;
    match content.get("application/json") {
        Some(json) => json.get("schema"),
        None => content.values().next().map(|_| &Value::Null),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::run;
    use crate::document::error::Error;
    use crate::passes::base::testing::{document, parse};

    fn lowered(components: Value, responses: Value) -> Result<Value, Error> {
        let mut json = document(components, json!([]), json!({})).json().clone();
        json["paths"]["/v2/Things"]["get"]["responses"] = responses;
        let mut document = parse(&json);
        run(&mut document)?;
        Ok(document.json()["paths"]["/v2/Things"]["get"]["responses"].clone())
    }

    fn body(name: &str) -> Value {
        json!({ "content": { "application/json": {
            "schema": { "$ref": format!("#/components/schemas/{name}") }
        } } })
    }

    #[test]
    fn errors_of_all_statuses_are_the_shared_schema() {
        let responses = json!({
            "200": body("thing"), "201": body("thing"),
            "429": { "content": { "application/json": { "schema": { "type": "object" } } } },
            "default": body("thing"),
        });
        let lowered = lowered(json!({ "api_error": {}, "thing": {} }), responses).unwrap();
        let statuses: Vec<_> = lowered.as_object().unwrap().keys().collect();
        assert_eq!(statuses, ["200", "201", "4XX", "5XX"]);
        let schema = "/5XX/content/application~1json/schema/$ref";
        assert_eq!(lowered.pointer(schema).unwrap(), "#/components/schemas/api_error");
    }

    #[test]
    fn without_an_error_schema_errors_stay_untyped() {
        let lowered = lowered(json!({}), json!({ "200": {}, "404": {} })).unwrap();
        assert_eq!(lowered.as_object().unwrap().len(), 1);
    }

    #[test]
    fn two_kinds_of_success_are_refused() {
        let responses = json!({ "200": body("a"), "201": body("b") });
        let error = lowered(json!({}), responses).expect_err("refused");
        assert_eq!(error.pointer().as_str(), "/paths/~1v2~1Things/get/responses/201");
        assert!(error.reason().contains("200 returns a, 201 returns b"), "{error}");
        for never in [json!({ "404": {} }), json!({ "304": {}, "default": {} })] {
            let error = lowered(json!({}), never).expect_err("refused");
            assert!(error.reason().contains("no 2xx"), "{error}");
        }
    }

    #[test]
    fn a_redirect_is_a_success_where_there_is_no_other() {
        let lowered = |responses: Value| {
            let mut json = document(json!({}), json!([]), json!({})).json().clone();
            json["paths"]["/v2/Things"]["get"]["responses"] = responses;
            let mut document = parse(&json);
            run(&mut document).unwrap();
            document.json()["paths"]["/v2/Things"]["get"].clone()
        };
        let redirects = lowered(json!({ "307": body("thing"), "302": {}, "404": {} }));
        assert_eq!(redirects["responses"], json!({ "302": {}, "307": {} }));
        assert_eq!(redirects["x-redirect"], true);
        let succeeds = lowered(json!({ "307": body("thing"), "204": {} }));
        assert_eq!(succeeds["responses"], json!({ "204": {} }));
        assert!(succeeds.get("x-redirect").is_none());
    }
}
