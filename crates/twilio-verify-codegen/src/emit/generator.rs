//! Runs progenitor on the lowered document.

use std::panic::{AssertUnwindSafe, catch_unwind};

use progenitor::{GenerationSettings, Generator, InterfaceStyle, TypeImpl};
use serde_json::{Map, Value};

use super::plain::plain;
use crate::document::document::Document;
use crate::document::error::{Error, Pointer};
use crate::document::mark;
use crate::document::schema::references;

/// Generates all code as one file.
pub(super) fn generate(document: &Document) -> Result<syn::File, Error> {
    let plain = plain(document)?;
    attempt(document, &plain).map_err(|reason| locate(document, &plain, &reason))
}

fn attempt(document: &Document, plain: &Value) -> Result<syn::File, String> {
    let spec: openapiv3::OpenAPI =
        serde_json::from_value(plain.clone()).map_err(|error| error.to_string())?;
    // Progenitor panics on what it doesn't support, in places that no check can predict. A
    // maintainer needs an error that names the place.
    let tokens = catch_unwind(AssertUnwindSafe(|| {
        Generator::new(&settings(document)).generate_tokens(&spec)
    }))
    .map_err(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
        format!("the generator gave up: {}", text.unwrap_or("it gave no reason"))
    })?
    .map_err(|error| error.to_string())?;
    syn::parse2(tokens).map_err(|error| format!("the generator's code is not Rust: {error}"))
}

/// Finds the component or operation that generation fails on, by leaving out all others.
fn locate(document: &Document, plain: &Value, reason: &str) -> Error {
    let only = |operation: Option<(&str, &str)>| {
        let mut part = plain.clone();
        part["paths"] = Value::Object(Map::new());
        if let Some((path, method)) = operation {
            part["paths"][path][method] = plain["paths"][path][method].clone();
        }
        part
    };
    if attempt(document, &only(None)).is_err() {
        for (name, _) in document.components() {
            let mut part = only(None);
            if let Some(schema) = part.pointer_mut("/components/schemas") {
                let mut names = vec![name.to_owned()];
                let mut kept = Map::new();
                while let Some(name) = names.pop() {
                    if let Some(component) = schema.get(&name).filter(|_| !kept.contains_key(&name))
                    {
                        references(component, &mut names);
                        kept.insert(name, component.clone());
                    }
                }
                *schema = kept.into();
            }
            if let Err(reason) = attempt(document, &part) {
                let place = Pointer::root().child("components").child("schemas");
                return Error::document(&place.child(name), reason);
            }
        }
    }
    for (pointer, path, method, operation) in document.operations() {
        let path = super::plain::path(path, operation);
        if let Err(reason) = attempt(document, &only(Some((&path, method)))) {
            return Error::document(&pointer, reason);
        }
    }
    Error::document(&Pointer::root(), reason)
}

fn settings(document: &Document) -> GenerationSettings {
    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Positional)
        // An ordered map is written and shown in the same order in each run.
        .with_map_type("::std::collections::BTreeMap")
        .with_derive("PartialEq");
    for (name, schema) in document.components() {
        if let Some(path) = rust_type(schema) {
            let impls = [TypeImpl::Display, TypeImpl::FromStr];
            settings.with_replacement(name, path, impls.into_iter());
        }
    }
    settings
}

/// Returns the hand-written type that replaces a component.
pub(super) fn rust_type(schema: &Value) -> Option<String> {
    if let Some(item) = schema.get(mark::PAGE_ITEM).and_then(Value::as_str) {
        return Some(format!("crate::Page<crate::types::{item}>"));
    }
    Some(schema.get(mark::RUST_TYPE)?.as_str()?.to_owned())
}
