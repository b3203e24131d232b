//! Inlines what parts of the document share by `$ref`: parameters, bodies and responses. References
//! to schemas stay, but are written in one way.

use serde_json::Value;

use crate::document::document::Document;
use crate::document::error::{Error, Pointer};
use crate::document::operation::METHODS;
use crate::document::schema::COMPONENTS;

/// The maximum length of a chain of references.
const LONGEST: usize = 50;

pub(crate) fn run(document: &mut Document) -> Result<(), Error> {
    let shared = document.json().clone();
    let paths = document.json_mut().get_mut("paths").and_then(Value::as_object_mut);
    for (path, item) in paths.into_iter().flatten() {
        let pointer = Pointer::root().child("paths").child(path);
        parameters(&shared, &pointer, item)?;
        for method in METHODS {
            let Some(operation) = item.get_mut(method) else {
                continue;
            };
            let pointer = pointer.child(method);
            parameters(&shared, &pointer, operation)?;
            if let Some(body) = operation.get_mut("requestBody") {
                inline(&shared, &pointer.child("requestBody"), body)?;
            }
            let responses = operation.get_mut("responses").and_then(Value::as_object_mut);
            for (status, response) in responses.into_iter().flatten() {
                let pointer = pointer.child("responses").child(status);
                inline(&shared, &pointer, response)?;
            }
        }
    }
    document.schemas_mut(|_, schema| {
        if let Some(Value::String(target)) = schema.get_mut("$ref") {
            // A URI may encode `~1` as `%7E1`.
            if let Some(name) = target.strip_prefix(COMPONENTS)
                && !name.contains('/')
            {
                let name = name.replace("%7E", "~").replace("%20", " ");
                let name = name.replace("~1", "/").replace("~0", "~");
                *target = format!("{COMPONENTS}{name}");
            }
        }
        Ok(())
    })
}

fn parameters(shared: &Value, pointer: &Pointer, holder: &mut Value) -> Result<(), Error> {
    let parameters = holder.get_mut("parameters").and_then(Value::as_array_mut);
    for (index, parameter) in parameters.into_iter().flatten().enumerate() {
        let pointer = pointer.child("parameters").child(index.to_string());
        inline(shared, &pointer, parameter)?;
    }
    Ok(())
}

/// Replaces a reference by its target.
fn inline(shared: &Value, pointer: &Pointer, part: &mut Value) -> Result<(), Error> {
    let mut followed = 0;
    while let Some(target) = part.get("$ref") {
        let target = target.as_str().unwrap_or_default().to_owned();
        let refused = |reason: &str| Err(Error::document(pointer, format!("{target}: {reason}")));
        let Some(place) = target.strip_prefix('#') else {
            return refused("a reference to another file can't be followed; write its target here");
        };
        let Some(there) = shared.pointer(place).filter(|there| there.is_object()) else {
            return refused("the document has nothing there");
        };
        followed += 1;
        if followed > LONGEST {
            return refused("the reference leads to itself, or through too many others");
        }
        *part = there.clone();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::run;
    use crate::passes::base::testing::{RESPONSE, document, parse};

    fn shared(components: Value, parameters: Value) -> Value {
        let mut json = document(json!({}), parameters, json!({})).json().clone();
        for (kind, parts) in components.as_object().unwrap() {
            json["components"][kind] = parts.clone();
        }
        json
    }

    #[test]
    fn shared_parts_stand_where_they_are_used() {
        let parameter = json!({ "name": "A", "in": "query", "schema": { "type": "string" } });
        let components = json!({
            "parameters": { "A": parameter, "B": { "$ref": "#/components/parameters/A" } },
            "responses": { "Gone": { "description": "No" } },
        });
        let mut json = shared(components, json!([{ "$ref": "#/components/parameters/B" }]));
        let get = &mut json["paths"]["/v2/Things"]["get"];
        get["responses"]["404"] = json!({ "$ref": "#/components/responses/Gone" });
        let mut document = parse(&json);
        run(&mut document).unwrap();
        let get = &document.json()["paths"]["/v2/Things"]["get"];
        assert_eq!(get["parameters"][0], parameter);
        assert_eq!(get["responses"]["404"]["description"], "No");
    }

    #[test]
    fn what_leads_nowhere_is_refused() {
        let components = json!({ "parameters": {
            "A": { "$ref": "#/components/parameters/B" },
            "B": { "$ref": "#/components/parameters/A" },
        } });
        for (target, reason) in [
            ("#/components/parameters/A", "leads to itself"),
            ("#/components/parameters/C", "nothing there"),
            ("other.json#/A", "another file"),
        ] {
            let json = shared(components.clone(), json!([{ "$ref": target }]));
            let error = run(&mut parse(&json)).expect_err("refused");
            assert_eq!(error.pointer().as_str(), "/paths/~1v2~1Things/get/parameters/0");
            assert!(error.reason().contains(reason), "{error}");
        }
    }

    #[test]
    fn a_reference_to_a_schema_is_written_in_one_way() {
        let schema = json!({ "$ref": "#/components/schemas/a~1b%20c" });
        let mut document = document(json!({ "a/b c": {} }), json!([]), schema);
        run(&mut document).unwrap();
        assert_eq!(
            document.json().pointer(RESPONSE).unwrap()["$ref"],
            "#/components/schemas/a/b c"
        );
    }
}
