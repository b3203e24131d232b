//! The page on migration: every operation, as each client calls it.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::guide::operations::Operation;
use crate::guide::sdks::{command, go, node, python, twilio_cli};

/// The order of the operations of a resource.
const VERBS: [&str; 5] = ["Create", "List", "Fetch", "Update", "Delete"];

/// The text above the operations.
const INTRODUCTION: &str = include_str!("migration.md");

/// Returns the page, and the ids of operations without a call of the facade.
pub fn page(all: &[Operation], calls: &BTreeMap<String, String>) -> (String, Vec<String>) {
    let mut page = INTRODUCTION.to_owned();
    let mut missing = Vec::new();
    let mut last = String::new();
    let mut operations: Vec<&Operation> = all.iter().collect();
    operations.sort_by_key(|operation| (resource(operation), rank(operation)));
    for operation in operations {
        let resource = resource(operation);
        if resource != last {
            let _ = writeln!(page, "\n## {resource}");
            last = resource;
        }
        let rust = calls.get(&operation.id).map_or("", String::as_str);
        if rust.is_empty() {
            missing.push(operation.id.clone());
        }
        let Operation { id, method, path, .. } = operation;
        let _ = write!(page, "\n### {id}\n\n`{method} {path}`\n\n| | |\n|---|---|\n");
        for (client, call) in [
            ("Rust", rust),
            ("Python", &python(all, operation)),
            ("Node", &node(all, operation)),
            ("Go", &go(operation)),
            ("twilio-cli", &twilio_cli(operation)),
            ("twilio-verify", &command(operation)),
        ] {
            let _ = writeln!(page, "| {client} | `{call}` |");
        }
    }
    (page, missing)
}

/// Returns the resource as a heading: its path without parameters and version.
fn resource(operation: &Operation) -> String {
    let parts = operation.path.split('/').filter(|part| !part.starts_with('{')).skip(2);
    parts.collect::<Vec<_>>().join(" / ")
}

fn rank(operation: &Operation) -> Option<usize> {
    VERBS.iter().position(|verb| *verb == operation.verb())
}
