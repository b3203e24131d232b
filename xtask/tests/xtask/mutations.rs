//! A change of the surface is never lost on the comparison: the document is
//! mutated at random, one place at a time.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::FileFailurePersistence;
use serde_json::{Value, json};
use twilio_verify_codegen::diff::{Api, Diff, compare};
use twilio_verify_codegen::{Input, Unmatched, surface};

struct Own {
    document: Value,
    overlay: String,
    pointers: Vec<String>,
    surface: String,
    api: Api,
}

/// The workspace's document, without what only documents it.
static OWN: LazyLock<Own> = LazyLock::new(|| {
    let openapi = Path::new(env!("CARGO_MANIFEST_DIR")).join("../openapi");
    let read = |name: &str| fs::read_to_string(openapi.join(name)).unwrap();
    let mut document = serde_json::from_str(&read("verify_v2.json")).unwrap();
    strip(&mut document);
    let overlay = read("overlay.json");
    let mut pointers = Vec::new();
    collect(&document, "", &mut pointers);
    let (surface, api) = digest(&document, &overlay).unwrap();
    Own { document, overlay, pointers, surface, api }
});

fn strip(json: &mut Value) {
    match json {
        Value::Object(object) => {
            object.retain(|key, value| {
                !(key == "description" && value.is_string()) && key != "examples"
            });
            object.values_mut().for_each(strip);
        }
        Value::Array(array) => array.iter_mut().for_each(strip),
        _ => {}
    }
}

fn collect(json: &Value, pointer: &str, pointers: &mut Vec<String>) {
    let mut child = |token: &str, value: &Value| {
        let token = token.replace('~', "~0").replace('/', "~1");
        let pointer = format!("{pointer}/{token}");
        collect(value, &pointer, pointers);
        pointers.push(pointer);
    };
    match json {
        Value::Object(object) => object.iter().for_each(|(key, value)| child(key, value)),
        Value::Array(array) => {
            for (index, value) in array.iter().enumerate() {
                child(&index.to_string(), value);
            }
        }
        _ => {}
    }
}

/// The surface, and what is compared; nothing if the document is refused.
fn digest(document: &Value, overlay: &str) -> Option<(String, Api)> {
    let text = document.to_string();
    let input = Input::new(&text).overlay(overlay, Unmatched::Warn);
    Some((surface(&input).ok()?.0, Api::read(&input).ok()?))
}

#[derive(Clone, Copy, Debug)]
enum Mutation {
    Remove,
    Rename,
    Change,
    Double,
    Extend,
}

fn mutate(document: &mut Value, pointer: &str, mutation: Mutation) {
    let (parent, token) = pointer.rsplit_once('/').unwrap();
    let token = token.replace("~1", "/").replace("~0", "~");
    let value = document.pointer_mut(pointer).unwrap();
    match mutation {
        Mutation::Change => {
            *value = match &*value {
                Value::Bool(value) => json!(!value),
                Value::Number(number) => json!(number.as_i64().unwrap_or(0) + 1),
                Value::String(text) => json!(format!("{text}x")),
                Value::Object(_) => json!({ "type": "boolean" }),
                other => other.clone(),
            };
            return;
        }
        Mutation::Extend => {
            match value {
                Value::Object(object) => {
                    object.insert("added".to_owned(), json!({ "type": "string" }));
                }
                Value::Array(array) => array.push(json!("added")),
                _ => {}
            }
            return;
        }
        Mutation::Remove | Mutation::Rename | Mutation::Double => {}
    }
    match document.pointer_mut(parent).unwrap() {
        Value::Object(object) => {
            let value = match mutation {
                Mutation::Double => object[&token].clone(),
                _ => object.remove(&token).unwrap(),
            };
            if !matches!(mutation, Mutation::Remove) {
                object.insert(format!("{token}x"), value);
            }
        }
        Value::Array(array) if matches!(mutation, Mutation::Remove) => {
            array.remove(token.parse().unwrap());
        }
        _ => {}
    }
}

fn found(pointer: &str, mutation: Mutation) -> Result<(), TestCaseError> {
    let mut document = OWN.document.clone();
    mutate(&mut document, pointer, mutation);
    let Some((surface, api)) = digest(&document, &OWN.overlay) else {
        return Ok(());
    };
    let (there, back) = (compare(&OWN.api, &api), compare(&api, &OWN.api));
    prop_assert_eq!(there.is_empty(), back.is_empty());
    prop_assert_eq!(compare(&api, &api), Diff::default());
    if surface != OWN.surface {
        prop_assert!(!there.is_empty(), "{:?} {}: not found", mutation, pointer);
    }
    Ok(())
}

#[test]
fn the_document_is_no_other_than_itself() {
    assert_eq!(compare(&OWN.api, &OWN.api), Diff::default());
}

proptest! {
    #![proptest_config(ProptestConfig {
        // Of the whole document, each takes a tenth of a second.
        cases: 64,
        failure_persistence: Some(Box::new(FileFailurePersistence::Off)),
        ..ProptestConfig::default()
    })]

    #[test]
    fn a_change_of_the_surface_is_found(
        index in any::<Index>(),
        mutation in prop::sample::select(vec![
            Mutation::Remove, Mutation::Rename, Mutation::Change, Mutation::Double, Mutation::Extend,
        ]),
    ) {
        let pointer = &OWN.pointers[index.index(OWN.pointers.len())];
        found(pointer, mutation)?;
    }
}
