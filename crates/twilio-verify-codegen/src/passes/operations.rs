//! Every operation has an id of its own, and all its parameters with it.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::document::{METHODS, pascal, text};
use crate::{Document, Error, Pointer};

pub(super) fn run(document: &mut Document) -> Result<(), Error> {
    share_parameters(document);
    let mut seen: BTreeMap<String, Pointer> = BTreeMap::new();
    document.operations_mut(|pointer, path, method, operation| {
        let id = operation
            .entry("operationId")
            .or_insert_with(|| pascal(&format!("{method} {path}")).into())
            .as_str()
            .unwrap_or_default()
            .to_owned();
        if let Some(other) = seen.insert(pascal(&id), pointer.clone()) {
            let reason = format!("the operationId {id} is taken by {other}");
            return Err(Error::document(&pointer.child("operationId"), reason));
        }
        Ok(())
    })
}

/// Moves the parameters of a path to its operations.
fn share_parameters(document: &mut Document) {
    let paths = document
        .json_mut()
        .get_mut("paths")
        .and_then(Value::as_object_mut);
    for item in paths.into_iter().flatten().map(|(_, item)| item) {
        let Some(shared) = item
            .as_object_mut()
            .and_then(|item| item.remove("parameters"))
        else {
            continue;
        };
        let shared = shared.as_array().cloned().unwrap_or_default();
        for method in METHODS {
            let Some(operation) = item.get_mut(method) else {
                continue;
            };
            let own = operation
                .get("parameters")
                .and_then(Value::as_array)
                .cloned();
            let mut all = own.unwrap_or_default();
            for parameter in &shared {
                let same = |own: &Value| {
                    text(own, "name") == text(parameter, "name")
                        && text(own, "in") == text(parameter, "in")
                };
                if !all.iter().any(same) {
                    all.push(parameter.clone());
                }
            }
            operation["parameters"] = all.into();
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::passes::testing::{document, parse, run};

    #[test]
    fn a_missing_id_is_made_of_method_and_path() {
        let mut json = document(json!({}), json!([]), json!({})).json().clone();
        json["paths"]["/v2/Things"]["get"]
            .as_object_mut()
            .unwrap()
            .remove("operationId");
        let mut document = parse(&json);
        run("operations", &mut document).unwrap();
        assert_eq!(
            document.json()["paths"]["/v2/Things"]["get"]["operationId"],
            "GetV2Things"
        );
    }

    #[test]
    fn ids_that_would_be_one_method_are_refused() {
        let mut json = document(json!({}), json!([]), json!({})).json().clone();
        json["paths"]["/v2/Things"]["post"] =
            json!({ "operationId": "list_thing", "responses": {} });
        let error = run("operations", &mut parse(&json)).expect_err("refused");
        assert!(
            error.reason().contains("/paths/~1v2~1Things/get"),
            "{error}"
        );
    }

    #[test]
    fn parameters_of_the_path_reach_its_operations_once() {
        let own = json!([{ "name": "A", "in": "query", "schema": { "type": "string" } }]);
        let mut json = document(json!({}), own, json!({})).json().clone();
        json["paths"]["/v2/Things"]["parameters"] = json!([
            { "name": "A", "in": "query", "schema": { "type": "integer" } },
            { "name": "B", "in": "query", "schema": { "type": "string" } },
        ]);
        let mut document = parse(&json);
        run("operations", &mut document).unwrap();
        let parameters = &document.json()["paths"]["/v2/Things"]["get"]["parameters"];
        assert_eq!(parameters.as_array().unwrap().len(), 2);
        assert_eq!(parameters[0]["schema"]["type"], "string");
        assert_eq!(parameters[1]["name"], "B");
    }
}
