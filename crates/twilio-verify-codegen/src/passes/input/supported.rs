//! Rejects what can't be generated, with its place, before anything is changed.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::document::document::Document;
use crate::document::error::{Error, Pointer};
use crate::document::json::text;
use crate::document::operation::METHODS;
use crate::passes::input::media_types;

pub(crate) fn run(document: &mut Document) -> Result<(), Error> {
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
    let mut templates = BTreeMap::new();
    let paths = document.json()["paths"].as_object();
    for (path, item) in paths.into_iter().flatten() {
        if path.starts_with("x-") {
            continue;
        }
        let pointer = root.child("paths").child(path);
        path_item(&pointer, path, item)?;
        // The text before each brace and after the last.
        let template: Vec<&str> = path
            .split('}')
            .map(|part| part.split_once('{').map_or(part, |(before, _)| before))
            .collect();
        let template = template.join("{}");
        if let Some(other) = templates.insert(template, path) {
            let reason = format!("this is {other} once more, with other names in the braces");
            return Err(Error::document(&pointer, reason));
        }
    }
    Ok(())
}

/// Checks a path.
fn path_item(pointer: &Pointer, path: &str, item: &Value) -> Result<(), Error> {
    let refused = |reason: &str| Err(Error::document(pointer, reason));
    if !path.starts_with('/') {
        return refused("a path begins with a slash");
    }
    if path.contains(['?', '#']) {
        return refused("a path holds no query; declare its parameters");
    }
    let Some(names) = braces(path) else {
        return refused("a brace is not closed, or closed without need");
    };
    if item.get("$ref").is_some() {
        return refused("a path in another file can't be read; write it here");
    }
    if !item.is_object() {
        return refused("a path is an object of operations");
    }
    parameters(pointer, item)?;
    for method in METHODS {
        if let Some(operation) = item.get(method) {
            let pointer = pointer.child(method);
            if !operation.is_object() {
                return Err(Error::document(&pointer, "an operation is an object"));
            }
            if ["options", "trace"].contains(&method) {
                let reason = "the client has no such method; remove the operation by an overlay";
                return Err(Error::document(&pointer, reason));
            }
            parameters(&pointer, operation)?;
            path_parameters(&pointer, &names, item, operation)?;
            request_body(&pointer, operation)?;
            responses(&pointer, operation)?;
        }
    }
    Ok(())
}

/// Returns the names in a path's braces, or `None` if the braces don't match.
fn braces(path: &str) -> Option<Vec<String>> {
    let mut names = Vec::new();
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}')?;
        if before.contains('}') || name.is_empty() || name.contains(['{', '/']) {
            return None;
        }
        names.push(name.to_owned());
        rest = after;
    }
    (!rest.contains('}')).then_some(names)
}

/// Checks that every name in the path is declared, and that every path parameter is in it.
fn path_parameters(
    pointer: &Pointer,
    names: &[String],
    item: &Value,
    operation: &Value,
) -> Result<(), Error> {
    let declared: BTreeSet<_> = [operation, item]
        .into_iter()
        .filter_map(|holder| holder.get("parameters")?.as_array())
        .flatten()
        .filter(|parameter| text(parameter, "in") == "path")
        .map(|parameter| text(parameter, "name"))
        .collect();
    if let Some(name) = names.iter().find(|name| !declared.contains(name.as_str())) {
        let reason = format!(
            "the path holds {{{name}}}, but no parameter of that name is declared `in: path`; declare it"
        );
        return Err(Error::document(pointer, reason));
    }
    let names: BTreeSet<&str> = names.iter().map(String::as_str).collect();
    let stray = |name: &&str| !names.contains(name);
    if let Some(name) = declared.into_iter().find(stray) {
        let reason = format!(
            "the parameter {name} is `in: path`, but the path has no {{{name}}}; remove the parameter, or correct the path"
        );
        return Err(Error::document(pointer, reason));
    }
    Ok(())
}

fn parameters(pointer: &Pointer, holder: &Value) -> Result<(), Error> {
    let Some(parameters) = holder.get("parameters") else {
        return Ok(());
    };
    let pointer = pointer.child("parameters");
    let Some(parameters) = parameters.as_array() else {
        return Err(Error::document(&pointer, "parameters are an array"));
    };
    let mut seen = BTreeSet::new();
    for (index, parameter) in parameters.iter().enumerate() {
        let pointer = pointer.child(index.to_string());
        let (name, place) = (text(parameter, "name"), text(parameter, "in"));
        if name.is_empty() {
            return Err(Error::document(&pointer, "the parameter has no name"));
        }
        let refused = if !seen.insert((name, place)) {
            Some("it is declared twice")
        } else {
            refused(parameter, name, place)
        };
        if let Some(reason) = refused {
            return Err(Error::document(&pointer, format!("{name}: {reason}")));
        }
    }
    Ok(())
}

/// Returns why a parameter can't be sent, if it can't.
fn refused(parameter: &Value, name: &str, place: &str) -> Option<&'static str> {
    let style = text(parameter, "style");
    let usual = match place {
        "query" => "form",
        "path" | "header" => "simple",
        "cookie" => {
            return Some("a parameter in a cookie can't be sent; remove it by an overlay");
        }
        _ => return Some("a parameter is in `path`, `query` or `header`"),
    };
    if style == "deepObject" {
        return Some("the style deepObject can't be sent; declare the fields as parameters");
    }
    if !style.is_empty() && style != usual {
        return Some("only the styles `form` (query) and `simple` (path, header) can be sent");
    }
    let explode = parameter.get("explode").and_then(Value::as_bool);
    let kind = parameter.pointer("/schema/type").and_then(Value::as_str);
    if place == "query" && explode == Some(false) && kind == Some("array") {
        return Some("a list can only be sent as its name repeated, not with `explode: false`");
    }
    let token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    if place == "header" && !name.chars().all(token) {
        return Some("this can't be the name of a header");
    }
    match (parameter.get("schema"), parameter.get("content")) {
        (Some(_), _) => None,
        (None, Some(content)) if is_json_alone(content) => None,
        (None, Some(_)) => Some("the content of a parameter can be application/json alone"),
        (None, None) => Some("a parameter without a schema has no type"),
    }
}

fn is_json_alone(content: &Value) -> bool {
    let content = content.as_object();
    content.is_some_and(|content| content.len() == 1 && content.contains_key("application/json"))
}

fn request_body(pointer: &Pointer, operation: &Value) -> Result<(), Error> {
    let Some(body) = operation.get("requestBody") else {
        return Ok(());
    };
    let pointer = pointer.child("requestBody");
    let Some(content) = body.get("content").and_then(Value::as_object) else {
        return Err(Error::document(&pointer, "the body has no content"));
    };
    let can_be_sent = |media: &String| media_types::is_form(media) || media_types::is_json(media);
    if !content.keys().any(can_be_sent) {
        let kinds: Vec<_> = content.keys().map(String::as_str).collect();
        let reason = format!(
            "only forms (application/x-www-form-urlencoded) and JSON can be sent, not {}",
            kinds.join(", ")
        );
        let place = pointer.child("content");
        return Err(match kinds.as_slice() {
            [only] => Error::document(&place.child(only), reason),
            _ => Error::document(&place, reason),
        });
    }
    for (media, content) in content.iter().filter(|(media, _)| can_be_sent(media)) {
        let pointer = pointer.child("content").child(media);
        if content.get("encoding").is_some() {
            let reason = "an encoding of single fields can't be honoured; remove it by an overlay";
            return Err(Error::document(&pointer.child("encoding"), reason));
        }
        if content.get("schema").is_none() {
            return Err(Error::document(&pointer, "a body without a schema has no type"));
        }
    }
    Ok(())
}

fn responses(pointer: &Pointer, operation: &Value) -> Result<(), Error> {
    let pointer = pointer.child("responses");
    let Some(responses) = operation.get("responses").and_then(Value::as_object) else {
        return Err(Error::document(&pointer, "the operation states no responses"));
    };
    for (status, response) in responses {
        let pointer = pointer.child(status);
        let known = match status.as_bytes() {
            [b'1'..=b'5', b'X', b'X'] => true,
            [b'1'..=b'5', rest @ ..] => rest.len() == 2 && rest.iter().all(u8::is_ascii_digit),
            _ => status == "default" || status.starts_with("x-"),
        };
        if !known {
            let reason = "a status is three digits, a range such as `2XX`, or `default`";
            return Err(Error::document(&pointer, reason));
        }
        if !response.is_object() && !status.starts_with("x-") {
            return Err(Error::document(&pointer, "a response is an object"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{braces, run};
    use crate::passes::base::testing::{document, parse};

    fn refusal(json: &Value) -> (String, String) {
        let error = run(&mut parse(json)).expect_err("refused");
        (error.pointer().as_str().to_owned(), error.reason().to_owned())
    }

    #[test]
    fn an_ordinary_document_passes() {
        let mut document = document(json!({}), json!([]), json!({ "type": "string" }));
        run(&mut document).unwrap();
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
        assert_eq!(operation(|get| get["responses"] = json!(null)), format!("{get}/responses"));
    }

    #[test]
    fn the_path_and_its_parameters_agree() {
        let refusal = |path: &str, parameters: Value| {
            let mut json = document(json!({}), parameters, json!({})).json().clone();
            let item = json["paths"]["/v2/Things"].take();
            json["paths"] = json!({ path: item });
            refusal(&json)
        };
        let (pointer, reason) = refusal("/Things/{Sid}", json!([]));
        assert_eq!(pointer, "/paths/~1Things~1{Sid}/get");
        assert!(reason.contains("{Sid}"), "{reason}");
        let sid = json!([{ "name": "Sid", "in": "path", "schema": {} }]);
        let (_, reason) = refusal("/Things", sid.clone());
        assert!(reason.contains("has no {Sid}"), "{reason}");
        let (pointer, _) = refusal("/Things/{Sid", sid);
        assert_eq!(pointer, "/paths/~1Things~1{Sid");
    }

    #[test]
    fn braces_are_read() {
        let names = braces("/2010-04-01/Accounts/{Sid}/Calls/{CallSid}.json").unwrap();
        assert_eq!(names, ["Sid", "CallSid"]);
        for path in ["/{", "/}", "/{}", "/{a/b}", "/{a{b}}", "/a}{b"] {
            assert!(braces(path).is_none(), "{path}");
        }
    }
}
