//! What is sent is written as Twilio reads it: dates in GMT to the second,
//! and objects within a form as JSON texts.

use serde_json::Value;

use super::leaves::{self, GMT_DATE_TIME, JSON_TEXT};
use crate::document::{refer, reference, text, walk};
use crate::{Document, Error, Role};

pub(super) fn run(document: &mut Document) -> Result<(), Error> {
    leaves::declare(document);
    document.parts_mut(|pointer, part, schema| {
        match part.role {
            Role::Form => {
                let fields = schema.get_mut("properties").and_then(Value::as_object_mut);
                fields
                    .into_iter()
                    .flatten()
                    .for_each(|(_, field)| form_field(field));
            }
            Role::Parameter => {}
            Role::Request | Role::Response => return Ok(()),
        }
        walk(pointer, schema, &mut |_, schema| {
            if text(schema, "type") == "string" && text(schema, "format") == "date-time" {
                refer(schema, GMT_DATE_TIME.component);
            }
            Ok(())
        })
    })
}

/// A form can hold texts and lists of texts; all else is JSON, as a text.
fn form_field(schema: &mut Value) {
    if reference(schema).is_some() {
        return;
    }
    match text(schema, "type") {
        "array" => {
            if let Some(items) = schema.get_mut("items") {
                form_field(items);
            }
        }
        "" | "object" => refer(schema, JSON_TEXT.component),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::passes::testing::{document, parse, run};

    #[test]
    fn a_date_that_is_sent_is_not_a_date_that_is_received() {
        let date = json!({ "type": "string", "format": "date-time" });
        let parameter = json!([{ "name": "After", "in": "query", "schema": date }]);
        let mut document = document(json!({}), parameter, date.clone());
        run("requests", &mut document).unwrap();
        let get = &document.json()["paths"]["/v2/Things"]["get"];
        assert_eq!(
            get["parameters"][0]["schema"]["$ref"],
            "#/components/schemas/LeafGmtDateTime"
        );
        assert_eq!(
            *document
                .json()
                .pointer(crate::passes::testing::RESPONSE)
                .unwrap(),
            date
        );
    }

    #[test]
    fn objects_in_forms_are_json_texts() {
        let mut json = document(json!({}), json!([]), json!({})).json().clone();
        json["paths"]["/v2/Things"]["get"]["requestBody"] = json!({ "content": {
            "application/x-www-form-urlencoded": { "schema": { "type": "object", "properties": {
                "Any": { "description": "x" },
                "Object": { "type": "object" },
                "Objects": { "type": "array", "items": {} },
                "Texts": { "type": "array", "items": { "type": "string" } },
            } } }
        } });
        let mut document = parse(&json);
        run("requests", &mut document).unwrap();
        let form = document.json()["paths"]["/v2/Things"]["get"]["requestBody"]["content"]
            ["application/x-www-form-urlencoded"]["schema"]["properties"]
            .clone();
        let text = json!({ "$ref": "#/components/schemas/LeafJsonText" });
        assert_eq!(form["Any"], json!({ "allOf": [text], "description": "x" }));
        assert_eq!(form["Object"], text);
        assert_eq!(form["Objects"]["items"], text);
        assert_eq!(form["Texts"]["items"], json!({ "type": "string" }));
    }
}
