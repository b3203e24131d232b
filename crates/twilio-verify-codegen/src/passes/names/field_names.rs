//! Gives fields unique names that are valid in Rust.
//!
//! The generator's own names are good for ordinary properties, but it doesn't notice if two
//! properties get the same name.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::document::document::Document;
use crate::document::error::{Error, Pointer};
use crate::document::json::text;
use crate::document::mark;
use crate::document::names::{self, Taken};

/// The field that holds the properties that the document doesn't name.
const EXTRA: &str = "extra";

pub(crate) fn run(document: &mut Document) -> Result<(), Error> {
    let place = Pointer::root().child("components").child("schemas");
    for (component, schema) in document.components_mut() {
        let place = place.child(component).child("properties");
        let is_open = schema.get("additionalProperties").is_some();
        let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) else {
            continue;
        };
        let mut taken: BTreeMap<String, String> = BTreeMap::new();
        if is_open {
            taken.insert(EXTRA.to_owned(), "the other properties".to_owned());
        }
        for (wire, property) in properties.iter() {
            let given = text(property, mark::RUST_NAME);
            if given.is_empty() {
                continue;
            }
            let pointer = place.child(wire).child(mark::RUST_NAME);
            if !names::is_snake(given) {
                let reason = format!("{given:?} can't be the name of a field; write snake_case");
                return Err(Error::document(&pointer, reason));
            }
            if let Some(other) = taken.insert(given.to_owned(), wire.clone()) {
                let reason = format!("the name {given} is taken by {other}");
                return Err(Error::document(&pointer, reason));
            }
        }
        let ordinary = |wire: &str| names::is_ordinary(wire);
        let mut taken: Taken = taken.into_keys().collect();
        // Ordinary names come first, so that they keep the generator's names.
        let (first, then): (Vec<_>, Vec<_>) =
            properties.keys().cloned().partition(|wire| ordinary(wire));
        for wire in first.into_iter().chain(then) {
            let Some(property) = properties.get_mut(&wire) else {
                continue;
            };
            if !text(property, mark::RUST_NAME).is_empty() {
                continue;
            }
            let natural = names::snake(&wire);
            let base = natural.trim_end_matches('_');
            if ordinary(&wire) && taken.insert(&*natural) {
                continue;
            }
            let name = match base == natural {
                true => taken.free(base),
                false => taken.numbered(base),
            };
            property[mark::RUST_NAME] = name.into();
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::run;
    use crate::document::error::Error;
    use crate::passes::base::testing::document;

    fn names(properties: Value) -> Result<Vec<(String, String)>, Error> {
        let components = json!({ "Thing": { "type": "object", "additionalProperties": {},
            "properties": properties } });
        let mut document = document(components, json!([]), json!({}));
        run(&mut document)?;
        let properties = &document.component("Thing").unwrap()["properties"];
        let named = properties.as_object().unwrap().iter();
        Ok(named
            .filter_map(|(wire, property)| {
                Some((wire.clone(), property.get("x-rust-name")?.as_str()?.to_owned()))
            })
            .collect())
    }

    #[test]
    fn ordinary_names_are_left_to_the_generator() {
        let properties = json!({ "sid": {}, "Push.IncludeDate": {}, "type": {}, "self": {} });
        assert!(names(properties).unwrap().is_empty());
    }

    #[test]
    fn names_that_would_be_one_are_told_apart() {
        let properties = json!({
            "": {}, "+": {}, "StartTime": {}, "StartTime<": {}, "start_time": {}, "extra": {},
            "type": {}, "Type": {}, "$ref": {},
        });
        let expected = [
            ("", "x"),
            ("$ref", "ref2"),
            ("+", "plus"),
            ("StartTime<", "start_time_before"),
            ("extra", "extra2"),
            ("start_time", "start_time2"),
            ("type", "type2"),
        ];
        let names = names(properties).unwrap();
        let names: Vec<_> = names.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        assert_eq!(names, expected);
    }

    #[test]
    fn a_given_name_is_one_or_is_refused() {
        for (properties, word) in [
            (json!({ "a": { "x-rust-name": "A b" } }), "snake_case"),
            (json!({ "a": { "x-rust-name": "type" } }), "snake_case"),
            (json!({ "a": { "x-rust-name": "c" }, "b": { "x-rust-name": "c" } }), "taken by a"),
            (json!({ "a": { "x-rust-name": "extra" } }), "other properties"),
        ] {
            let error = names(properties).expect_err("refused");
            assert!(error.pointer().as_str().ends_with("/x-rust-name"));
            assert!(error.reason().contains(word), "{error}");
        }
    }
}
