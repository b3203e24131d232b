//! Reads the repository's document.

use std::fs;
use std::path::Path;

use serde_json::Value;

/// An operation of the document.
#[derive(Clone, Debug)]
pub struct Operation {
    /// Its `operationId`.
    pub id: String,
    /// Its HTTP method, in upper case.
    pub method: String,
    /// Its path, with `{Name}` in place of parameters.
    pub path: String,
    /// The names of its query parameters.
    pub query: Vec<String>,
    /// The names of its body's fields.
    pub body: Vec<String>,
    /// The status of its first success.
    pub status: u16,
    /// The example of its first success, if it has a body.
    pub example: Option<Value>,
}

impl Operation {
    /// Whether a request is of this operation.
    pub fn matches(&self, method: &str, path: &str) -> bool {
        let (wanted, found) = (self.path.split('/'), path.split('/'));
        method == self.method
            && wanted.clone().count() == found.clone().count()
            && wanted.zip(found).all(|(wanted, found)| wanted.starts_with('{') || wanted == found)
    }
}

/// Returns the document as it is published, without the overlay.
///
/// # Panics
///
/// Panics if the document can't be read.
pub fn document() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../openapi/verify_v2.json");
    let text = fs::read_to_string(&path);
    let text = text.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Returns all operations of the document, those with the more specific paths first.
///
/// # Panics
///
/// Panics if the document is not as expected.
pub fn operations() -> Vec<Operation> {
    let document = document();
    let mut operations: Vec<Operation> = Vec::new();
    for (path, item) in fields(&document["paths"]) {
        for (method, operation) in fields(item).filter(|(key, _)| METHODS.contains(&key.as_str())) {
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            let query = parameters.filter(|parameter| parameter["in"] == "query");
            let bodies = fields(&operation["requestBody"]["content"]);
            let body = bodies.flat_map(|(_, content)| fields(&content["schema"]["properties"]));
            let success =
                fields(&operation["responses"]).find(|(status, _)| status.starts_with('2'));
            let (status, response) = success.unwrap_or_else(|| panic!("{path} never succeeds"));
            let examples = &response["content"]["application/json"]["examples"];
            operations.push(Operation {
                id: text(&operation["operationId"]),
                method: method.to_uppercase(),
                path: path.clone(),
                query: query.map(|parameter| text(&parameter["name"])).collect(),
                body: body.map(|(name, _)| name.clone()).collect(),
                status: status.parse().unwrap_or_else(|_| panic!("{status} is no status")),
                example: fields(examples).next().map(|(_, example)| example["value"].clone()),
            });
        }
    }
    operations.sort_by_key(|operation| operation.path.matches('{').count());
    operations
}

const METHODS: [&str; 5] = ["get", "put", "post", "delete", "patch"];

fn fields(json: &Value) -> impl Iterator<Item = (&String, &Value)> {
    json.as_object().into_iter().flatten()
}

fn text(json: &Value) -> String {
    json.as_str().unwrap_or_default().to_owned()
}
