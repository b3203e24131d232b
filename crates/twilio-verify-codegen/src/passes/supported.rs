//! Refuses what can't be generated, by its place, before anything is changed.

use serde_json::Value;

use crate::document::{METHODS, reference, text};
use crate::{Document, Error, Pointer};

pub(super) fn run(document: &mut Document) -> Result<(), Error> {
    let root = Pointer::root();
    let version = text(document.json(), "openapi").to_owned();
    if !version.starts_with("3.0.") {
        let found = match version.as_str() {
            "" => "none is stated".to_owned(),
            version => format!("this is {version}"),
        };
        return Err(Error::document(
            &root.child("openapi"),
            format!("only OpenAPI 3.0 can be read, {found}"),
        ));
    }
    for (key, reason) in [
        ("info", "a title and a version are needed"),
        ("paths", "a document without paths has nothing to call"),
    ] {
        if !document.json().get(key).is_some_and(Value::is_object) {
            let reason = format!("{reason}: an object is expected");
            return Err(Error::document(&root.child(key), reason));
        }
    }
    if let Some(paths) = document.json()["paths"].as_object() {
        for (path, item) in paths {
            path_item(&root.child("paths").child(path), path, item)?;
        }
    }
    let names: Vec<String> = document
        .components()
        .map(|(name, _)| name.to_owned())
        .collect();
    document.schemas_mut(|pointer, schema| self::schema(pointer, schema, &names))
}

fn path_item(pointer: &Pointer, path: &str, item: &Value) -> Result<(), Error> {
    if !path.starts_with('/') {
        return Err(Error::document(pointer, "a path begins with a slash"));
    }
    if item.get("$ref").is_some() {
        return Err(Error::document(
            pointer,
            "a path in another file can't be read; write it here",
        ));
    }
    parameters(pointer, item)?;
    for method in METHODS {
        if let Some(operation) = item.get(method) {
            let pointer = pointer.child(method);
            if !operation.is_object() {
                return Err(Error::document(&pointer, "an operation is an object"));
            }
            parameters(&pointer, operation)?;
            request_body(&pointer, operation)?;
            responses(&pointer, operation)?;
        }
    }
    Ok(())
}

fn parameters(pointer: &Pointer, holder: &Value) -> Result<(), Error> {
    let parameters = holder.get("parameters").and_then(Value::as_array);
    for (index, parameter) in parameters.into_iter().flatten().enumerate() {
        let pointer = pointer.child("parameters").child(index.to_string());
        not_shared(&pointer, parameter)?;
        let name = text(parameter, "name");
        if name.is_empty() {
            return Err(Error::document(&pointer, "the parameter has no name"));
        }
        let refused = match text(parameter, "in") {
            "path" | "query" | "header" if text(parameter, "style") == "deepObject" => {
                "the style deepObject can't be sent"
            }
            "path" | "query" | "header" if parameter.get("schema").is_none() => {
                "a parameter without a schema has no type"
            }
            "path" | "query" | "header" => continue,
            "cookie" => "a parameter in a cookie can't be sent",
            _ => "a parameter is in `path`, `query` or `header`",
        };
        return Err(Error::document(&pointer, format!("{name}: {refused}")));
    }
    Ok(())
}

fn request_body(pointer: &Pointer, operation: &Value) -> Result<(), Error> {
    let Some(body) = operation.get("requestBody") else {
        return Ok(());
    };
    let pointer = pointer.child("requestBody");
    not_shared(&pointer, body)?;
    let Some(content) = body.get("content").and_then(Value::as_object) else {
        return Err(Error::document(&pointer, "the body has no content"));
    };
    if content.len() != 1 {
        let kinds: Vec<_> = content.keys().map(String::as_str).collect();
        let reason = format!(
            "one media type is expected, this has {}: {}",
            kinds.len(),
            kinds.join(", ")
        );
        return Err(Error::document(&pointer.child("content"), reason));
    }
    for (media, content) in content {
        let pointer = pointer.child("content").child(media);
        if media != crate::document::FORM && media != "application/json" {
            let reason = "only forms (application/x-www-form-urlencoded) and JSON can be sent";
            return Err(Error::document(&pointer, reason));
        }
        if content.get("encoding").is_some() {
            let reason = "an encoding of single fields can't be honoured";
            return Err(Error::document(&pointer.child("encoding"), reason));
        }
        if content.get("schema").is_none() {
            return Err(Error::document(
                &pointer,
                "a body without a schema has no type",
            ));
        }
    }
    Ok(())
}

fn responses(pointer: &Pointer, operation: &Value) -> Result<(), Error> {
    let pointer = pointer.child("responses");
    let Some(responses) = operation.get("responses").and_then(Value::as_object) else {
        return Err(Error::document(
            &pointer,
            "the operation states no responses",
        ));
    };
    for (status, response) in responses {
        let pointer = pointer.child(status);
        not_shared(&pointer, response)?;
        let content = response.get("content").and_then(Value::as_object);
        for media in content.into_iter().flatten().map(|(media, _)| media) {
            if media != "application/json" {
                let reason = "only answers in JSON can be read";
                return Err(Error::document(
                    &pointer.child("content").child(media),
                    reason,
                ));
            }
        }
    }
    Ok(())
}

fn not_shared(pointer: &Pointer, json: &Value) -> Result<(), Error> {
    match json.get("$ref") {
        Some(_) => Err(Error::document(
            pointer,
            "only schemas can be shared by $ref; write it here",
        )),
        None => Ok(()),
    }
}

fn schema(pointer: &Pointer, schema: &Value, components: &[String]) -> Result<(), Error> {
    if !schema.is_object() {
        return Err(Error::document(pointer, "a schema is an object"));
    }
    if let Some(target) = schema.get("$ref") {
        return match reference(schema) {
            Some(name) if components.iter().any(|component| component == name) => Ok(()),
            Some(name) => Err(Error::document(
                pointer,
                format!("there is no component {name}"),
            )),
            None => Err(Error::document(
                pointer,
                format!("{target}: a schema can refer to #/components/schemas alone"),
            )),
        };
    }
    if schema.get("type").is_some_and(|kind| !kind.is_string()) {
        let reason = "`type` is one text in OpenAPI 3.0; for null write `nullable`";
        return Err(Error::document(&pointer.child("type"), reason));
    }
    for key in ["not", "oneOf"] {
        if schema.get(key).is_some() {
            let reason = format!("`{key}` has no counterpart in the client");
            return Err(Error::document(&pointer.child(key), reason));
        }
    }
    if text(schema, "type") == "array" && schema.get("items").is_none() {
        return Err(Error::document(pointer, "an array needs `items`"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::passes::testing::{RESPONSE, document, parse, run};

    fn refusal(json: &Value) -> (String, String) {
        let error = run("supported", &mut parse(json)).expect_err("refused");
        (
            error.pointer().as_str().to_owned(),
            error.reason().to_owned(),
        )
    }

    #[test]
    fn an_ordinary_document_passes() {
        let mut document = document(json!({}), json!([]), json!({ "type": "string" }));
        run("supported", &mut document).unwrap();
    }

    #[test]
    fn other_versions_are_refused() {
        let (pointer, reason) = refusal(&json!({ "openapi": "3.1.0" }));
        assert_eq!(pointer, "/openapi");
        assert!(reason.contains("3.1.0"), "{reason}");
        let (_, reason) = refusal(&json!({ "swagger": "2.0" }));
        assert!(reason.contains("none is stated"), "{reason}");
    }

    #[test]
    fn each_refusal_names_the_place() {
        let operation = |change: fn(&mut Value)| {
            let mut json = document(json!({}), json!([]), json!({})).json().clone();
            change(&mut json["paths"]["/v2/Things"]["get"]);
            refusal(&json).0
        };
        let get = "/paths/~1v2~1Things/get";
        assert_eq!(
            operation(
                |get| get["parameters"] = json!([{ "name": "A", "in": "cookie", "schema": {} }])
            ),
            format!("{get}/parameters/0")
        );
        assert_eq!(
            operation(|get| get["parameters"] =
                json!([{ "name": "A", "in": "query", "schema": {}, "style": "deepObject" }])),
            format!("{get}/parameters/0")
        );
        assert_eq!(
            operation(|get| get["requestBody"] =
                json!({ "content": { "multipart/form-data": { "schema": {} } } })),
            format!("{get}/requestBody/content/multipart~1form-data")
        );
        assert_eq!(
            operation(|get| get["responses"]["200"]["content"] = json!({ "text/csv": {} })),
            format!("{get}/responses/200/content/text~1csv")
        );
        assert_eq!(
            operation(|get| get["responses"] = json!(null)),
            format!("{get}/responses")
        );
    }

    #[test]
    fn a_reference_to_nothing_is_refused() {
        let schema = json!({ "$ref": "#/components/schemas/gone" });
        let mut document = document(json!({}), json!([]), schema);
        let error = run("supported", &mut document).expect_err("refused");
        assert_eq!(error.pointer().as_str(), RESPONSE);
        assert!(error.reason().contains("gone"));
    }
}
