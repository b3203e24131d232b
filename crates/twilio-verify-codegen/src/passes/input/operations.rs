//! Gives every operation a unique id and all of its parameters.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::document::document::Document;
use crate::document::error::{Error, Pointer};
use crate::document::json::text;
use crate::document::names::{Taken, pascal};
use crate::document::operation::METHODS;
use crate::document::{mark, names};

pub(crate) fn run(document: &mut Document) -> Result<(), Error> {
    share_parameters(document);
    let mut declared: BTreeMap<String, Pointer> = BTreeMap::new();
    document.operations_mut(|pointer, _, _, operation| {
        let Some(id) = operation.get("operationId") else {
            return Ok(());
        };
        let pointer = pointer.child("operationId");
        let Some(id) = id.as_str().filter(|id| !id.is_empty()) else {
            return Err(Error::document(&pointer, "an operationId is a text"));
        };
        let name = method(id);
        if let Some(other) = declared.insert(name.clone(), pointer.clone()) {
            let reason = format!(
                "{id} and the operationId at {other} would both be the method {name}; \
                 change one by an overlay"
            );
            return Err(Error::document(&pointer, reason));
        }
        Ok(())
    })?;
    let mut taken: Taken = declared.into_keys().collect();
    document.operations_mut(|_, path, verb, operation| {
        let id = match operation.get("operationId").and_then(Value::as_str) {
            Some(id) => id.to_owned(),
            None => {
                let id = pascal(&format!("{verb} {path}"));
                let name = taken.free(&method(&id));
                let id = if name == method(&id) { id } else { pascal(&name) };
                operation.insert("operationId".to_owned(), id.clone().into());
                id
            }
        };
        operation.remove(mark::RUST_NAME);
        if !names::is_ordinary(&id) || method(&id) != names::snake(&id) {
            operation.insert(mark::RUST_NAME.to_owned(), method(&id).into());
        }
        Ok(())
    })
}

/// Returns the name of an operation's method, with a suffix if the client has a method of that
/// name.
fn method(id: &str) -> String {
    let name = names::snake(id);
    if TAKEN.contains(&name.as_str()) || name.ends_with('_') {
        format!("{}_operation", name.trim_end_matches('_'))
    } else {
        name
    }
}

/// The methods of a client without operations.
const TAKEN: [&str; 2] = ["new", "request"];

/// Moves the parameters of a path to its operations.
fn share_parameters(document: &mut Document) {
    let paths = document.json_mut().get_mut("paths").and_then(Value::as_object_mut);
    for item in paths.into_iter().flatten().map(|(_, item)| item) {
        let Some(shared) = item.as_object_mut().and_then(|item| item.remove("parameters")) else {
            continue;
        };
        let shared = shared.as_array().cloned().unwrap_or_default();
        for method in METHODS {
            let Some(operation) = item.get_mut(method) else {
                continue;
            };
            let own = operation.get("parameters").and_then(Value::as_array).cloned();
            let own = own.unwrap_or_default();
            let identity = |parameter| (text(parameter, "name"), text(parameter, "in"));
            let mut known: BTreeSet<(&str, &str)> = own.iter().map(identity).collect();
            let shared = shared.iter().filter(|parameter| known.insert(identity(parameter)));
            let shared: Vec<Value> = shared.cloned().collect();
            operation["parameters"] = own.into_iter().chain(shared).collect();
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::run;
    use crate::passes::base::testing::{document, parse};

    #[test]
    fn a_missing_id_is_made_of_method_and_path() {
        let mut json = document(json!({}), json!([]), json!({})).json().clone();
        json["paths"]["/v2/Things"]["get"].as_object_mut().unwrap().remove("operationId");
        let mut document = parse(&json);
        run(&mut document).unwrap();
        assert_eq!(document.json()["paths"]["/v2/Things"]["get"]["operationId"], "GetV2Things");
    }

    #[test]
    fn ids_that_would_be_one_method_are_refused() {
        let mut json = document(json!({}), json!([]), json!({})).json().clone();
        json["paths"]["/v2/Things"]["post"] =
            json!({ "operationId": "list_thing", "responses": {} });
        let error = run(&mut parse(&json)).expect_err("refused");
        assert!(error.reason().contains("/paths/~1v2~1Things/get"), "{error}");
    }

    #[test]
    fn an_id_that_is_no_free_name_gets_one() {
        for (id, name) in [
            ("ListThing", None),
            ("list-things", None),
            ("request", Some("request_operation")),
            ("type", Some("type_operation")),
            ("List Thing<", Some("list_thing_before")),
        ] {
            let mut json = document(json!({}), json!([]), json!({})).json().clone();
            json["paths"]["/v2/Things"]["get"]["operationId"] = json!(id);
            let mut document = parse(&json);
            run(&mut document).unwrap();
            let get = &document.json()["paths"]["/v2/Things"]["get"];
            assert_eq!(get.get("x-rust-name").and_then(|name| name.as_str()), name);
        }
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
        run(&mut document).unwrap();
        let parameters = &document.json()["paths"]["/v2/Things"]["get"]["parameters"];
        assert_eq!(parameters.as_array().unwrap().len(), 2);
        assert_eq!(parameters[0]["schema"]["type"], "string");
        assert_eq!(parameters[1]["name"], "B");
    }
}
