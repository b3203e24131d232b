//! Small documents for the tests of passes.

use serde_json::{Value, json};

use crate::document::document::Document;

/// Creates a document of these components and one operation, with these parameters and this schema
/// of the response.
pub(crate) fn document(components: Value, parameters: Value, response: Value) -> Document {
    let document = json!({
        "openapi": "3.0.1",
        "info": { "title": "Test", "version": "1.0.0" },
        "components": { "schemas": components },
        "paths": { "/v2/Things": { "get": {
            "operationId": "ListThing",
            "tags": ["TestV2Thing"],
            "parameters": parameters,
            "responses": { "200": {
                "description": "OK",
                "content": { "application/json": { "schema": response } }
            } }
        } } }
    });
    parse(&document)
}

pub(crate) fn parse(json: &Value) -> Document {
    Document::parse(&json.to_string()).expect("the test's document is JSON")
}

pub(crate) const RESPONSE: &str =
    "/paths/~1v2~1Things/get/responses/200/content/application~1json/schema";
