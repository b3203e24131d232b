//! The operations of the document, as the guide needs them.

use serde_json::Value;

/// An operation of the document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Operation {
    /// Its `operationId`.
    pub id: String,
    /// Its HTTP method, in upper case.
    pub method: String,
    /// Its path, with `{Name}` in place of parameters.
    pub path: String,
    /// `x-twilio.mountName`: the SDKs' name of the resource.
    pub mount: String,
    /// `x-twilio.pathType`: `list`, `instance` or `action`.
    pub path_type: String,
    /// The names of the parameters of the path, in its order.
    pub path_names: Vec<String>,
    /// The names of the other values that a request needs. If it needs none, the first field of the body.
    pub values: Vec<String>,
    /// Whether there are values besides those of the path, required or optional.
    pub has_values: bool,
    /// Whether the body is JSON.
    pub json: bool,
}

impl Operation {
    /// Returns the verb: the first word of the id.
    pub fn verb(&self) -> &str {
        let end = self.id.char_indices().skip(1).find(|(_, letter)| letter.is_uppercase());
        &self.id[..end.map_or(self.id.len(), |(at, _)| at)]
    }
}

/// Returns all operations of a document, in its order.
pub fn operations(document: &Value) -> Vec<Operation> {
    let mut operations = Vec::new();
    for (path, item) in fields(&document["paths"]) {
        for (method, operation) in fields(item) {
            let Some(id) = operation["operationId"].as_str() else { continue };
            let content = &operation["requestBody"]["content"];
            let json = fields(content).any(|(media_type, _)| media_type == "application/json");
            let body: Vec<_> = fields(content).map(|(_, body)| &body["schema"]).collect();
            let query = list(&operation["parameters"]).filter(|value| value["in"] == "query");
            let query: Vec<_> = query.collect();
            let needed = query.iter().filter(|value| value["required"] == true);
            let needed = needed.map(|value| text(&value["name"]));
            let of_body = body.iter().flat_map(|body| list(&body["required"])).map(text);
            let mut values: Vec<String> = needed.chain(of_body).collect();
            if values.is_empty() {
                let first = body.iter().flat_map(|body| fields(&body["properties"])).next();
                values.extend(first.map(|(name, _)| name.clone()));
            }
            operations.push(Operation {
                id: id.to_owned(),
                method: method.to_uppercase(),
                path: path.clone(),
                mount: text(&item["x-twilio"]["mountName"]),
                path_type: text(&item["x-twilio"]["pathType"]),
                path_names: path.split('/').filter_map(parameter).map(str::to_owned).collect(),
                has_values: !query.is_empty() || !body.is_empty(),
                values,
                json,
            });
        }
    }
    operations
}

/// Returns the name of a path's parameter, if the segment is one.
pub fn parameter(segment: &str) -> Option<&str> {
    segment.strip_prefix('{')?.strip_suffix('}')
}

fn fields(json: &Value) -> impl Iterator<Item = (&String, &Value)> {
    json.as_object().into_iter().flatten()
}

fn list(json: &Value) -> impl Iterator<Item = &Value> {
    json.as_array().into_iter().flatten()
}

fn text(json: &Value) -> String {
    json.as_str().unwrap_or_default().to_owned()
}
