//! Gives each request body and response one media type, and JSON the name `application/json`.
//!
//! `application/json; charset=utf-8` and `application/scim+json` are JSON too. If there is a
//! choice, JSON is preferred, then a form.

use serde_json::{Map, Value, json};

use crate::document::document::Document;
use crate::document::error::Error;
use crate::document::operation::FORM;

const JSON: &str = "application/json";

/// Whether a media type is that of forms.
pub(crate) fn is_form(media: &str) -> bool {
    bare(media) == FORM
}

/// Whether a media type is JSON that can be sent as `application/json`.
pub(crate) fn is_json(media: &str) -> bool {
    bare(media) == JSON
}

/// Whether a response of that media type can be read as JSON.
fn reads_as_json(media: &str) -> bool {
    let media = bare(media);
    media == JSON || media.ends_with("+json")
}

fn bare(media: &str) -> String {
    let media = media.split(';').next().unwrap_or_default();
    media.trim().to_ascii_lowercase()
}

pub(crate) fn run(document: &mut Document) -> Result<(), Error> {
    document.operations_mut(|_, _, _, operation| {
        if let Some(content) = content(operation.get_mut("requestBody"))
            && !keep(content, JSON, is_json)
        {
            keep(content, FORM, is_form);
        }
        let responses = operation.get_mut("responses").and_then(Value::as_object_mut);
        for (_, response) in responses.into_iter().flatten() {
            let Some(content) = content(Some(response)) else {
                continue;
            };
            if keep(content, JSON, reads_as_json) {
                // Without a schema, it is any JSON.
                if let Some(json) = content.get_mut(JSON)
                    && json.get("schema").is_none()
                {
                    *json = json!({ "schema": {} });
                }
            } else {
                // Other types are bytes, and their schema is removed.
                content.values_mut().for_each(|content| *content = json!({}));
            }
        }
        Ok(())
    })
}

fn content(holder: Option<&mut Value>) -> Option<&mut Map<String, Value>> {
    holder?.get_mut("content")?.as_object_mut()
}

/// Keeps only the first content of a kind, under that name, if there is one. Returns whether there
/// is.
fn keep(content: &mut Map<String, Value>, name: &str, is: fn(&str) -> bool) -> bool {
    let exact = content.contains_key(name).then(|| name.to_owned());
    let Some(media) = exact.or_else(|| content.keys().find(|media| is(media)).cloned()) else {
        return false;
    };
    let chosen = content.remove(&media).unwrap_or_default();
    content.clear();
    content.insert(name.to_owned(), chosen);
    true
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::run;
    use crate::passes::base::testing::{document, parse};

    fn lowered(body: Value, answer: Value) -> (Value, Value) {
        let mut json = document(json!({}), json!([]), json!({})).json().clone();
        let get = &mut json["paths"]["/v2/Things"]["get"];
        get["requestBody"]["content"] = body;
        get["responses"]["200"]["content"] = answer;
        let mut document = parse(&json);
        run(&mut document).unwrap();
        let get = &document.json()["paths"]["/v2/Things"]["get"];
        (get["requestBody"]["content"].clone(), get["responses"]["200"]["content"].clone())
    }

    #[test]
    fn json_has_one_name() {
        let schema = json!({ "schema": { "type": "string" } });
        let (body, answer) = lowered(
            json!({ "application/json; charset=utf-8": schema, "multipart/form-data": {} }),
            json!({ "application/scim+json": schema, "text/plain": {} }),
        );
        assert_eq!(body, json!({ "application/json": schema }));
        assert_eq!(answer, json!({ "application/json": schema }));
    }

    #[test]
    fn bytes_stay_bytes_and_json_may_be_any() {
        let (body, answer) = lowered(
            json!({ "application/x-www-form-urlencoded; charset=UTF-8": { "schema": {} } }),
            json!({ "text/plain": { "schema": { "type": "string" } } }),
        );
        let form = "application/x-www-form-urlencoded";
        assert_eq!(body, json!({ form: { "schema": {} } }));
        assert_eq!(answer, json!({ "text/plain": {} }));
        let (_, answer) = lowered(json!({}), json!({ "application/json": {} }));
        assert_eq!(answer, json!({ "application/json": { "schema": {} } }));
    }
}
