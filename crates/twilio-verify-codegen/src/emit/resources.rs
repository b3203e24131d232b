//! Generates the table of all generated types, in which programs look types up by name, and over
//! which tests iterate.

use std::fmt::Write;

use serde_json::Value;

use crate::document::document::Document;
use crate::document::json::text;
use crate::document::mark;

pub(super) fn table(document: &Document) -> String {
    let mut rows = String::new();
    for (name, schema) in document.components() {
        let generated = schema.get("properties").is_some_and(Value::is_object);
        let replaced = [mark::RUST_TYPE, mark::PAGE_ITEM, mark::QUERY]
            .iter()
            .any(|mark| schema.get(mark).is_some());
        if generated && !replaced {
            let wire = match text(schema, mark::WIRE_NAME) {
                "" => name,
                wire => wire,
            };
            let received = schema.get(mark::RECEIVED).is_some();
            let _ = writeln!(
                rows,
                "    crate::Resource::of::<types::{name}>({name:?}, {wire:?}, {received}),"
            );
        }
    }
    format!(
        "/// Every type that is generated, in the order of their names.\n\
         pub const RESOURCES: &[crate::Resource] = &[\n{rows}];\n"
    )
}
