//! What is generated from the repository's document: all of it, the same each
//! time, and no more than a person can review.

use std::collections::BTreeSet;

use serde_json::Value;
use tests::document::{document, operations};
use twilio_verify_codegen::{Generated, Input, Unmatched, generate};

fn generated() -> Generated {
    let overlay = include_str!("../../../openapi/overlay.json");
    let input = Input::new(include_str!("../../../openapi/verify_v2.json"));
    generate(&input.overlay(overlay, Unmatched::Error)).unwrap()
}

#[test]
fn two_runs_give_the_same_bytes() {
    assert_eq!(generated(), generated());
}

#[test]
fn the_code_can_be_reviewed() {
    let lines: usize = generated().files.values().map(|code| code.lines().count()).sum();
    // The types are 4,500 of them, the builders with their documentation the rest.
    assert!(lines <= 11_500, "{lines} lines");
}

/// The line of the surface that tells of an operation.
fn line<'a>(surface: &'a str, id: &str) -> &'a str {
    let line = surface.lines().find(|line| line.contains(&format!(" {id}(")));
    line.unwrap_or_else(|| panic!("the surface lacks {id}"))
}

/// The lines of the surface that tell of the fields of a resource.
fn fields<'a>(surface: &'a str, wire: &str) -> BTreeSet<&'a str> {
    let heading = |line: &&str| {
        !line.starts_with(' ')
            && (line.split(' ').next() == Some(wire) || line.ends_with(&format!("({wire})")))
    };
    let block = surface.lines().skip_while(|line| !heading(line)).skip(1);
    let block = block.take_while(|line| line.starts_with("  "));
    block.filter_map(|line| line.trim().split_once(": ")).map(|(name, _)| name).collect()
}

#[test]
fn nothing_of_the_document_is_lost_on_the_way() {
    let surface = generated().surface;
    let mut missing = Vec::new();
    for operation in operations() {
        let line = line(&surface, &operation.id);
        if !line.starts_with(&format!("{} {} ", operation.method, operation.path)) {
            missing.push(format!("the path of {}", operation.id));
        }
        for name in operation.query {
            if ![" ", "("].iter().any(|before| {
                line.contains(&format!("{before}{name}?: "))
                    || line.contains(&format!("{before}{name}: "))
            }) {
                missing.push(format!("{name} of {}", operation.id));
            }
        }
        let title = line.split_once("form ").or_else(|| line.split_once("json "));
        let body = title.and_then(|(_, rest)| rest.split([')', ',']).next()).unwrap_or_default();
        let known = fields(&surface, body);
        let lost = operation.body.iter().filter(|name| !known.contains(name.as_str()));
        missing.extend(lost.map(|name| format!("{name} of {body} of {}", operation.id)));
    }
    let document = document();
    let components = document["components"]["schemas"].as_object().unwrap();
    for (wire, schema) in components {
        if let Some(properties) = schema["properties"].as_object() {
            let known = fields(&surface, wire);
            let lost = properties.keys().filter(|name| !known.contains(name.as_str()));
            missing.extend(lost.map(|name| format!("{name} of {wire}")));
        }
        for value in schema["enum"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            if !surface.contains(&format!("\"{value}\"")) {
                missing.push(format!("the value {value} of {wire}"));
            }
        }
    }
    assert!(missing.is_empty(), "lost on the way:\n  {}", missing.join("\n  "));
}
