//! Makes requests hold what Twilio reads: dates in GMT to the second, and JSON texts for values
//! that a form or a query can't hold.

use serde_json::{Map, Value};

use crate::document::document::{Document, Role};
use crate::document::error::{Error, Pointer};
use crate::document::json::text;
use crate::document::mark;
use crate::document::schema::{refer, target, walk};
use crate::passes::base::leaves::{self, GMT_DATE_TIME, JSON_TEXT};

pub(crate) fn run(document: &mut Document) -> Result<(), Error> {
    leaves::declare(document);
    let components = document.clone();
    document.operations_mut(|pointer, _, _, operation| {
        let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut);
        for (index, parameter) in parameters.into_iter().flatten().enumerate() {
            let pointer = pointer.child("parameters").child(index.to_string());
            self::parameter(&pointer, parameter, &components)?;
        }
        Ok(())
    })?;
    document.parts_mut(|pointer, part, schema| {
        match part.role {
            Role::Form => {
                // A schema that is also used elsewhere can't be changed for a form, so it is
                // copied.
                if let Some(shared) = target(schema).and_then(|name| components.component(name)) {
                    *schema = shared.clone();
                    if let Some(schema) = schema.as_object_mut() {
                        schema.remove(mark::RUST_NAME);
                    }
                }
                if !["", "object"].contains(&text(schema, "type")) {
                    let reason = "a form is an object, of one property a field";
                    return Err(Error::document(pointer, reason));
                }
                let fields = schema.get_mut("properties").and_then(Value::as_object_mut);
                fields.into_iter().flatten().for_each(|(_, field)| form_field(field, &components));
            }
            Role::Parameter => {}
            Role::Request => return walk(pointer, schema, &mut |_, schema| forget_default(schema)),
            Role::Response => return Ok(()),
        }
        walk(pointer, schema, &mut |_, schema| {
            forget_default(schema)?;
            if text(schema, "type") == "string" && text(schema, "format") == "date-time" {
                refer(schema, GMT_DATE_TIME.component);
            }
            Ok(())
        })
    })
}

/// Removes a default: the server applies it, so the client doesn't send it.
fn forget_default(schema: &mut Value) -> Result<(), Error> {
    if let Some(schema) = schema.as_object_mut() {
        schema.remove("default");
    }
    Ok(())
}

/// Lowers a field of a form, which can hold a text or a list of texts. Everything else is sent as a
/// JSON text.
fn form_field(schema: &mut Value, components: &Document) {
    if text(schema, "type") == "array" {
        if let Some(items) = schema.get_mut("items") {
            json_text(items, components);
        }
    } else {
        json_text(schema, components);
    }
}

/// Turns a schema into a JSON text, unless it is a text, a number or a boolean.
fn json_text(schema: &mut Value, components: &Document) {
    let shared = target(schema).and_then(|name| components.component(name));
    let own = shared.unwrap_or(schema);
    if ["", "array", "object"].contains(&text(own, "type")) {
        let values = own.get("additionalProperties");
        let is_texts = values.is_some_and(|values| text(values, "type") == "string");
        if is_texts && let Some(schema) = schema.as_object_mut() {
            schema.insert(mark::TEXTS.to_owned(), true.into());
        }
        refer(schema, JSON_TEXT.component);
    }
}

/// Lowers a parameter. A query can hold the same as a form; a path or a header holds one text.
fn parameter(pointer: &Pointer, parameter: &mut Value, components: &Document) -> Result<(), Error> {
    let is_query = text(parameter, "in") == "query";
    let is_path = text(parameter, "in") == "path";
    let name = text(parameter, "name").to_owned();
    let Some(parameter) = parameter.as_object_mut() else {
        return Ok(());
    };
    if parameter.remove("content").is_some() && !parameter.contains_key("schema") {
        // The declared content is JSON, with any schema.
        parameter.insert("schema".to_owned(), Value::Object(Map::new()));
    }
    if is_path {
        parameter.insert("required".to_owned(), true.into());
    }
    let Some(schema) = parameter.get_mut("schema") else {
        return Ok(());
    };
    if is_query {
        if text(schema, "format") == "prefixed-collapsible-map" {
            let reason = format!(
                "{name}: a map of prefixed parameters can't be sent; remove it by an overlay"
            );
            return Err(Error::document(pointer, reason));
        }
        form_field(schema, components);
        return Ok(());
    }
    if let Some(schema) = schema.as_object_mut() {
        // A null value can't be sent.
        schema.remove("nullable");
    }
    let shared = target(schema).and_then(|name| components.component(name));
    match text(shared.unwrap_or(schema), "type") {
        "array" | "object" => {
            let reason = format!("{name}: a list or an object can only be sent in a query");
            Err(Error::document(pointer, reason))
        }
        "" => {
            if let Some(schema) = schema.as_object_mut() {
                schema.insert("type".to_owned(), "string".into());
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::run;
    use crate::passes::base::testing::{document, parse};

    #[test]
    fn a_date_that_is_sent_is_not_a_date_that_is_received() {
        let date = json!({ "type": "string", "format": "date-time" });
        let parameter = json!([{ "name": "After", "in": "query", "schema": date }]);
        let mut document = document(json!({}), parameter, date.clone());
        run(&mut document).unwrap();
        let get = &document.json()["paths"]["/v2/Things"]["get"];
        assert_eq!(get["parameters"][0]["schema"]["$ref"], "#/components/schemas/LeafGmtDateTime");
        assert_eq!(*document.json().pointer(crate::passes::base::testing::RESPONSE).unwrap(), date);
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
        run(&mut document).unwrap();
        let form = document.json()["paths"]["/v2/Things"]["get"]["requestBody"]["content"]
            ["application/x-www-form-urlencoded"]["schema"]["properties"]
            .clone();
        let text = json!({ "$ref": "#/components/schemas/LeafJsonText" });
        assert_eq!(form["Any"], json!({ "allOf": [text], "description": "x" }));
        assert_eq!(form["Object"], text);
        assert_eq!(form["Objects"]["items"], text);
        assert_eq!(form["Texts"]["items"], json!({ "type": "string" }));
    }

    #[test]
    fn what_a_parameter_can_not_hold_is_json_or_refused() {
        let thing = json!({ "Thing": { "type": "object", "properties": { "a": {} } } });
        let to_thing = json!({ "$ref": "#/components/schemas/Thing" });
        let parameters = json!([
            { "name": "Json", "in": "query", "content": { "application/json": {} } },
            { "name": "Thing", "in": "query", "schema": to_thing },
            { "name": "Any", "in": "path", "schema": { "nullable": true } },
        ]);
        let mut given = document(thing.clone(), parameters, json!({}));
        run(&mut given).unwrap();
        let lowered = &given.json()["paths"]["/v2/Things"]["get"]["parameters"];
        let text = json!({ "$ref": "#/components/schemas/LeafJsonText" });
        assert_eq!(lowered[0]["schema"], text);
        assert_eq!(lowered[1]["schema"], text);
        assert_eq!(lowered[2]["schema"], json!({ "type": "string" }));
        assert_eq!(lowered[2]["required"], true);
        let header = json!([{ "name": "Thing", "in": "header", "schema": to_thing }]);
        let error = run(&mut document(thing, header, json!({}))).expect_err("refused");
        let place = "/paths/~1v2~1Things/get/parameters/0";
        assert_eq!(error.pointer().as_str(), place);
    }

    #[test]
    fn a_form_that_is_shared_is_copied() {
        let components = json!({ "Input": { "type": "object", "properties": {
            "Data": { "type": "object" } } } });
        let mut json = document(components, json!([]), json!({})).json().clone();
        let form = "application/x-www-form-urlencoded";
        json["paths"]["/v2/Things"]["get"]["requestBody"]["content"][form]["schema"] =
            json!({ "$ref": "#/components/schemas/Input" });
        let mut document = parse(&json);
        run(&mut document).unwrap();
        let body = &document.json()["paths"]["/v2/Things"]["get"]["requestBody"];
        let data = &body["content"][form]["schema"]["properties"]["Data"];
        assert_eq!(data["$ref"], "#/components/schemas/LeafJsonText");
        let shared = &document.component("Input").unwrap()["properties"]["Data"];
        assert_eq!(shared["type"], "object");
    }
}
