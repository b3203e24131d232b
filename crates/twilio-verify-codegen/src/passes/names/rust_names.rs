//! Gives components the names that Rust users see.
//!
//! `verify.v2.service.entity.factor` becomes `Factor`, and `factor_enum_factor_statuses` becomes
//! `FactorStatus`. The overlay can set a better name with `x-rust-name`; enums with the same name
//! become one enum.

use std::collections::{BTreeMap, HashSet};

use serde_json::{Map, Value};

use crate::document::document::Document;
use crate::document::error::{Error, Pointer};
use crate::document::json::text;
use crate::document::mark;
use crate::document::names::{Taken, pascal};
use crate::document::schema::{COMPONENTS, reference};
use crate::passes::base::leaves;
use crate::passes::bodies::errors;

pub(crate) fn run(document: &mut Document) -> Result<(), Error> {
    let names = names(document)?;
    let place = Pointer::root().child("components").child("schemas");
    let old = std::mem::take(document.components_mut());
    for (wire, mut schema) in old {
        let name = &names[&wire];
        if let Some(schema) = schema.as_object_mut() {
            schema.insert(mark::RUST_NAME.to_owned(), name.clone().into());
            schema.insert(mark::WIRE_NAME.to_owned(), wire.clone().into());
            let origin = place.child(&wire).as_str().to_owned();
            schema.insert(mark::ORIGIN.to_owned(), origin.into());
            if let Some(Value::String(item)) = schema.get_mut(mark::PAGE_ITEM)
                && let Some(new) = names.get(item)
            {
                *item = new.clone();
            }
        }
        insert(document.components_mut(), name, schema, &place.child(&wire))?;
    }
    document.schemas_mut(|_, schema| {
        if let Some(new) = reference(schema).and_then(|wire| names.get(wire)) {
            schema["$ref"] = format!("{COMPONENTS}{new}").into();
        }
        Ok(())
    })
}

/// Adds a component under its Rust name. Enums with the same name become one, with the values of
/// all.
pub(crate) fn insert(
    components: &mut Map<String, Value>,
    name: &str,
    schema: Value,
    pointer: &Pointer,
) -> Result<(), Error> {
    let Some(first) = components.get_mut(name) else {
        components.insert(name.to_owned(), schema);
        return Ok(());
    };
    if let (Some(values), Some(more)) = (
        first.get_mut("enum").and_then(Value::as_array_mut),
        schema.get("enum").and_then(Value::as_array),
    ) {
        let known: HashSet<&Value> = values.iter().collect();
        let new = more.iter().filter(|value| !known.contains(value));
        let new: Vec<Value> = new.cloned().collect();
        values.extend(new);
        return Ok(());
    }
    if same_type(first, &schema) {
        return Ok(());
    }
    let reason = format!("the Rust name {name} is taken by another schema");
    Err(Error::document(pointer, reason))
}

/// Whether two schemas are the same type, whatever their descriptions.
fn same_type(a: &Value, b: &Value) -> bool {
    fn bare(json: &Value) -> Value {
        match json {
            Value::Object(object) => object
                .iter()
                .filter(|(key, value)| *key != "description" || !value.is_string())
                .filter(|(key, _)| *key != mark::WIRE_NAME && *key != mark::ORIGIN)
                .map(|(key, value)| (key.clone(), bare(value)))
                .collect(),
            Value::Array(array) => array.iter().map(bare).collect(),
            other => other.clone(),
        }
    }
    bare(a) == bare(b)
}

/// Returns the Rust name of every component, by its name in the document.
fn names(document: &Document) -> Result<BTreeMap<String, String>, Error> {
    let mut names = BTreeMap::new();
    let mut taken = Taken::default();
    for (wire, schema) in document.components() {
        let given = text(schema, mark::RUST_NAME);
        if !given.is_empty() {
            let refused = if is_reserved(given) {
                format!("{given:?} is a name that the generated code needs for itself")
            } else if pascal(given) != given {
                format!("{given:?} is no Rust type name; {:?} is", pascal(given))
            } else {
                String::new()
            };
            if !refused.is_empty() {
                let pointer = Pointer::root().child("components").child("schemas");
                let pointer = pointer.child(wire).child(mark::RUST_NAME);
                return Err(Error::document(&pointer, refused));
            }
            taken.insert(given);
            names.insert(wire.to_owned(), given.to_owned());
        }
    }
    // The type of errors gets its name first, whatever other components are called.
    let errors = document.component(errors::COMPONENT);
    let errors = errors.map(|schema| (errors::COMPONENT, schema));
    for (wire, _) in errors.into_iter().chain(document.components()) {
        if names.contains_key(wire) {
            continue;
        }
        let mut candidates = candidates(wire);
        candidates.push(format!("{}Type", candidates[candidates.len() - 1]));
        let free =
            candidates.iter().find(|name| !taken.contains(name) && !is_reserved(name)).cloned();
        let name = match free {
            Some(name) => {
                taken.insert(&*name);
                name
            }
            None => taken.numbered(&candidates[candidates.len() - 1]),
        };
        names.insert(wire.to_owned(), name);
    }
    Ok(names)
}

/// Whether a name has another meaning in the module of types: names that macros and derives write
/// without a path, and hand-written types.
pub(crate) fn is_reserved(name: &str) -> bool {
    leaves::is_leaf(name) || RESERVED.contains(&name)
}

const RESERVED: [&str; 46] = [
    "AsMut",
    "AsRef",
    "Box",
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "Deserialize",
    "Display",
    "DoubleEndedIterator",
    "Drop",
    "Eq",
    "Err",
    "Error",
    "ExactSizeIterator",
    "Extend",
    "Fn",
    "FnMut",
    "FnOnce",
    "From",
    "FromIterator",
    "Hash",
    "Into",
    "IntoIterator",
    "Iterator",
    "JsonSchema",
    "None",
    "Ok",
    "Option",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "Result",
    "Self",
    "Send",
    "Serialize",
    "Sized",
    "Some",
    "String",
    "Sync",
    "ToOwned",
    "ToString",
    "TryFrom",
    "TryInto",
    "Unpin",
    "Vec",
];

/// Returns the possible names of a component, shortest first.
fn candidates(wire: &str) -> Vec<String> {
    if let Some((resource, name)) = wire.split_once("_enum_") {
        let (resource, name) = (pascal(resource), singular(&pascal(name)));
        let own = name.strip_prefix(&resource).filter(|rest| !rest.is_empty());
        return vec![format!("{resource}{}", own.unwrap_or(&name))];
    }
    let segments: Vec<&str> = wire.split('.').collect();
    let version = segments.iter().position(|segment| is_version(segment));
    let segments = &segments[version.map_or(0, |version| version + 1).min(segments.len() - 1)..];
    (1..=segments.len())
        .map(|count| pascal(&segments[segments.len() - count..].join(" ")))
        .chain([pascal(wire)])
        .collect()
}

fn is_version(segment: &str) -> bool {
    let mut chars = segment.chars();
    chars.next() == Some('v') && chars.clone().next().is_some() && chars.all(|c| c.is_ascii_digit())
}

/// Returns the singular of a name, because a type is named after one of its values: `statuses` is a
/// `Status`.
fn singular(name: &str) -> String {
    for (plural, singular) in [("ies", "y"), ("uses", "us"), ("sses", "ss"), ("xes", "x")] {
        if let Some(stem) = name.strip_suffix(plural) {
            return format!("{stem}{singular}");
        }
    }
    let keeps = ["ss", "us", "is"].iter().any(|end| name.ends_with(end));
    match name.strip_suffix('s') {
        Some(stem) if !keeps => stem.to_owned(),
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{candidates, run};
    use crate::document::document::Document;
    use crate::document::error::Error;
    use crate::passes::base::testing::{RESPONSE, document};

    #[test]
    fn names_are_short_and_singular() {
        for (wire, name) in [
            ("verify.v2.service.entity.factor", "Factor"),
            ("verify.v2.service", "Service"),
            ("api.v2010.account.call", "Call"),
            ("factor_enum_factor_statuses", "FactorStatus"),
            ("challenge_enum_list_orders", "ChallengeListOrder"),
            ("webhook_enum_status", "WebhookStatus"),
            ("new_factor_enum_notification_platforms", "NewFactorNotificationPlatform"),
            ("thing", "Thing"),
        ] {
            assert_eq!(candidates(wire)[0], name, "{wire}");
        }
    }

    fn renamed(components: Value, response: Value) -> Result<Document, Error> {
        let mut document = document(components, json!([]), response);
        run(&mut document)?;
        Ok(document)
    }

    #[test]
    fn references_follow() {
        let schema = json!({ "$ref": "#/components/schemas/test.v2.thing" });
        let document = renamed(json!({ "test.v2.thing": { "type": "object" } }), schema).unwrap();
        let response = document.json().pointer(RESPONSE).unwrap();
        assert_eq!(response["$ref"], "#/components/schemas/Thing");
        assert_eq!(document.component("Thing").unwrap()["x-wire-name"], "test.v2.thing");
    }

    #[test]
    fn a_taken_name_is_made_longer() {
        let components = json!({
            "test.v2.a.thing": { "type": "object" },
            "test.v2.b.thing": { "type": "object" },
        });
        let document = renamed(components, json!({})).unwrap();
        let names: Vec<_> = document.components().map(|(name, _)| name).collect();
        assert_eq!(names, ["BThing", "Thing"]);
    }

    #[test]
    fn enums_of_one_name_become_one() {
        let components = json!({
            "a_enum_channels": { "type": "string", "enum": ["sms"], "x-rust-name": "Channel" },
            "b_enum_channels": { "type": "string", "enum": ["sms", "rbm"], "x-rust-name": "Channel" },
        });
        let document = renamed(components, json!({})).unwrap();
        let channel = document.component("Channel").unwrap();
        assert_eq!(channel["enum"], json!(["sms", "rbm"]));
    }

    #[test]
    fn other_schemas_of_one_name_are_refused() {
        let components = json!({
            "a": { "type": "object", "x-rust-name": "Thing" },
            "b": { "type": "string", "x-rust-name": "Thing" },
        });
        let error = renamed(components, json!({})).expect_err("refused");
        assert_eq!(error.pointer().as_str(), "/components/schemas/b");
    }

    #[test]
    fn a_name_that_rust_can_not_have_is_refused() {
        let components = json!({ "a": { "type": "object", "x-rust-name": "some thing" } });
        let error = renamed(components, json!({})).expect_err("refused");
        assert!(error.reason().contains("\"SomeThing\""), "{error}");
    }
}
