//! Turns the query parameters of an operation into one object, like its body.
//!
//! With a positional argument for each optional parameter, a method would change with every
//! parameter that Twilio adds. A struct only gains a field.

use serde_json::{Map, Value, json};

use crate::document::document::Document;
use crate::document::error::{Error, Pointer};
use crate::document::json::text;
use crate::document::mark;
use crate::document::names::{Taken, pascal};
use crate::document::schema::{reference, reference_to};
use crate::passes::names::rust_names;

pub(crate) fn run(document: &mut Document) -> Result<(), Error> {
    let mut taken: Taken = document.components().map(|(name, _)| name).collect();
    let mut queries = Map::new();
    document.operations_mut(|pointer, _, _, operation| {
        let Some(query) = query(pointer, operation) else {
            return Ok(());
        };
        let id = operation.get("operationId").and_then(Value::as_str);
        let name = format!("{}Query", pascal(id.unwrap_or("operation")));
        let name =
            if rust_names::is_reserved(&name) { taken.numbered(&name) } else { taken.free(&name) };
        operation.insert(mark::QUERY.to_owned(), reference_to(&name));
        let mut query = query;
        query[mark::RUST_NAME] = name.clone().into();
        queries.insert(name, query);
        Ok(())
    })?;
    document.components_mut().extend(queries);
    Ok(())
}

/// Removes an operation's query parameters, and returns the object that replaces them.
fn query(pointer: &Pointer, operation: &mut Map<String, Value>) -> Option<Value> {
    let parameters = operation.get_mut("parameters")?.as_array_mut()?;
    let mut properties = Map::new();
    let mut required = Vec::new();
    parameters.retain(|parameter| {
        if text(parameter, "in") != "query" {
            return true;
        }
        let name = text(parameter, "name");
        if parameter.get("required") == Some(&Value::Bool(true)) {
            required.push(name.into());
        }
        properties.insert(name.to_owned(), property(parameter));
        false
    });
    (!properties.is_empty()).then(|| {
        json!({
            "type": "object",
            "description": "The query parameters of the operation.",
            "properties": properties,
            "required": Value::Array(required),
            mark::QUERY: true,
            mark::ORIGIN: pointer.child("parameters").as_str(),
        })
    })
}

/// Converts a parameter into a property: its schema, with the parameter's description.
fn property(parameter: &Value) -> Value {
    let schema = parameter.get("schema").cloned();
    let mut schema = schema.unwrap_or_else(|| json!({ "type": "string" }));
    if reference(&schema).is_some() {
        schema = json!({ "allOf": [schema] });
    }
    for key in ["description", mark::RUST_NAME, "x-twilio"] {
        if let Some(value) = parameter.get(key) {
            schema[key] = value.clone();
        }
    }
    schema
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::run;
    use crate::passes::base::testing::document;

    #[test]
    fn query_parameters_become_one_object() {
        let status = json!({ "Status": { "type": "string", "enum": ["on"] } });
        let parameters = json!([
            { "name": "Sid", "in": "path", "required": true, "schema": { "type": "string" } },
            { "name": "PageSize", "in": "query", "schema": { "type": "integer" } },
            { "name": "Status", "in": "query", "required": true, "description": "Only these.",
              "x-rust-name": "state", "schema": { "$ref": "#/components/schemas/Status" } },
        ]);
        let mut document = document(status, parameters.clone(), json!({}));
        run(&mut document).unwrap();
        let get = &document.json()["paths"]["/v2/Things"]["get"];
        assert_eq!(get["parameters"], json!([parameters[0]]));
        assert_eq!(get["x-query"]["$ref"], "#/components/schemas/ListThingQuery");
        let query = document.component("ListThingQuery").unwrap();
        assert_eq!(query["required"], json!(["Status"]));
        assert_eq!(query["properties"]["PageSize"], json!({ "type": "integer" }));
        assert_eq!(
            query["properties"]["Status"],
            json!({
                "allOf": [{ "$ref": "#/components/schemas/Status" }],
                "description": "Only these.",
                "x-rust-name": "state",
            })
        );
    }
}
