//! Operations: their methods, the media type of forms, and their names in Rust.

use serde_json::Value;

use crate::document::json::text;
use crate::document::mark;
use crate::document::names::snake;

/// The HTTP methods that a path item can hold.
pub(crate) const METHODS: [&str; 8] =
    ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// The media type of forms.
pub(crate) const FORM: &str = "application/x-www-form-urlencoded";

/// Returns the name of an operation's method in Rust.
pub(crate) fn method_name(operation: &Value) -> String {
    match text(operation, mark::RUST_NAME) {
        "" => snake(text(operation, "operationId")),
        given => given.to_owned(),
    }
}
