//! Every generated type, compared with the document and its overlay: its JSON Schema, what it prints,
//! and what it accepts.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use twilio_verify_api::{RESOURCES, Resource};
use twilio_verify_codegen::{Document, Unmatched, overlay};

/// The components of the document with its overlay, by the names that the
/// generated types have: its bodies and inline objects are among them.
fn schemas() -> (Value, BTreeMap<String, Value>) {
    let overlay = include_str!("../../../openapi/overlay.json");
    let mut document = Document::parse(include_str!("../../../openapi/verify_v2.json")).unwrap();
    overlay::apply(&mut document, overlay, Unmatched::Error).unwrap();
    let json = document.json().clone();
    let mut found = BTreeMap::new();
    collect(&json, "", &mut found);
    (json, found)
}

fn collect(json: &Value, name: &str, found: &mut BTreeMap<String, Value>) {
    if json.get("properties").is_some_and(Value::is_object) {
        let titled = json["title"].as_str().unwrap_or(name);
        let name = json["x-rust-name"].as_str().unwrap_or(titled);
        found.entry(name.to_owned()).or_insert_with(|| json.clone());
    }
    match json {
        Value::Object(object) => {
            object.iter().for_each(|(key, value)| collect(value, key, found));
        }
        Value::Array(array) => array.iter().for_each(|value| collect(value, "", found)),
        _ => {}
    }
}

fn schema_of<'a>(resource: &Resource, found: &'a BTreeMap<String, Value>) -> &'a Value {
    let named = found.get(resource.name).or_else(|| found.get(resource.wire_name));
    named.unwrap_or_else(|| panic!("{} has no schema in the document", resource.name))
}

/// The schema of a property.
fn resolve<'a>(document: &'a Value, mut schema: &'a Value) -> &'a Value {
    loop {
        let target = schema["$ref"].as_str().or_else(|| schema["allOf"][0]["$ref"].as_str());
        match target {
            Some(target) => schema = document.pointer(&target[1..]).unwrap(),
            None => return schema,
        }
    }
}

#[test]
fn json_schemas_agree_with_the_document() {
    let (document, found) = schemas();
    let mut checked = 0;
    for resource in RESOURCES {
        let schema = schema_of(resource, &found);
        let derived = resource.schema();
        let fields = schema["properties"].as_object().unwrap();
        let names: Vec<_> = fields.keys().collect();
        let derived_names: Vec<_> = derived["properties"].as_object().unwrap().keys().collect();
        assert_eq!(derived_names, names, "fields of {}", resource.name);
        for (field, property) in fields {
            let place = format!("{}.{field}", resource.name);
            let derived = &derived["properties"][field];
            let found = kind(&document, property);
            let (kind, nullable) = derived_kind(&resource.schema(), derived);
            assert!(
                found == "any" || kind == "any" || found == kind,
                "{place}: {found}, derived {kind}"
            );
            let required =
                schema["required"].as_array().into_iter().flatten().any(|name| name == field);
            if resource.received && kind != "array" && property.get("default").is_none() {
                assert!(nullable || kind == "any" || kind == "object", "{place} may be null");
            }
            let derived_required = resource.schema()["required"]
                .as_array()
                .is_some_and(|names| names.iter().any(|name| name == field));
            assert_eq!(derived_required, required && !resource.received, "{place} is required");
            checked += 1;
        }
    }
    assert!(RESOURCES.len() > 60 && checked > 400, "{} types, {checked} fields", RESOURCES.len());
}

/// The JSON type that the document gives a property.
fn kind(document: &Value, property: &Value) -> String {
    let schema = resolve(document, property);
    match schema["type"].as_str() {
        Some("integer") => "integer".to_owned(),
        Some(kind) => kind.to_owned(),
        None if schema.get("properties").is_some() => "object".to_owned(),
        None => "any".to_owned(),
    }
}

/// The JSON type that a derived schema gives a property, and whether null is
/// allowed too.
fn derived_kind(root: &Value, schema: &Value) -> (String, bool) {
    if let Some(target) = schema["$ref"].as_str() {
        return derived_kind(root, root.pointer(&target[1..]).unwrap());
    }
    if let Some(any) = schema["anyOf"].as_array() {
        let kinds: Vec<_> = any.iter().map(|schema| derived_kind(root, schema).0).collect();
        let kind = kinds.iter().find(|kind| *kind != "null").unwrap();
        return (kind.clone(), kinds.iter().any(|kind| kind == "null"));
    }
    match &schema["type"] {
        Value::String(kind) => (kind.clone(), false),
        Value::Array(kinds) => {
            // A decimal can be a string or a number.
            let names: Vec<_> = kinds.iter().filter_map(Value::as_str).collect();
            let kind = names.iter().find(|kind| **kind != "null").unwrap();
            ((*kind).to_owned(), names.contains(&"null"))
        }
        _ => ("any".to_owned(), true),
    }
}

/// A value of a property's type in which every text is the given one.
fn sample(document: &Value, property: &Value, text: &str, depth: usize) -> Value {
    let schema = resolve(document, property);
    match schema["type"].as_str() {
        Some("string") if schema["format"] == "date-time" => json!("2026-03-02T21:02:33Z"),
        Some("string") if schema["format"] == "decimal" => json!("0.5"),
        Some("string") if schema["x-rust-type"] == "crate::MessagingCountry" => json!("all"),
        Some("string") if schema["pattern"].is_string() => {
            json!(format!("{}{}", &schema["pattern"].as_str().unwrap()[1..3], "a".repeat(32)))
        }
        Some("string") => json!(text),
        Some("integer" | "number") => json!(7),
        Some("boolean") => json!(true),
        Some("array") => json!([sample(document, &schema["items"], text, depth + 1)]),
        _ if depth > 6 => json!({}),
        _ => match schema["properties"].as_object() {
            Some(fields) => fields
                .iter()
                .map(|(name, property)| (name.clone(), sample(document, property, text, depth + 1)))
                .collect::<Map<_, _>>()
                .into(),
            None => match &schema["additionalProperties"] {
                values @ Value::Object(fields) if !fields.is_empty() => {
                    json!({ text: sample(document, values, text, depth + 1) })
                }
                _ => json!({ text: text }),
            },
        },
    }
}

/// A value of the whole type. Marked fields hold the secret; others don't.
fn whole(document: &Value, schema: &Value, secret: &str, depth: usize) -> Value {
    let fields = schema["properties"].as_object().unwrap();
    let values = fields.iter().map(|(name, property)| {
        let target = resolve(document, property);
        let marked = property.pointer("/x-twilio/pii").is_some();
        let value = match target["properties"].is_object() && !marked && depth < 6 {
            true => whole(document, target, secret, depth + 1),
            false if target["type"] == "array" && !marked && depth < 6 => {
                match resolve(document, &target["items"]) {
                    items if items["properties"].is_object() => {
                        json!([whole(document, items, secret, depth + 1)])
                    }
                    _ => sample(document, property, "open", 0),
                }
            }
            false => sample(document, property, if marked { secret } else { "open" }, 0),
        };
        (name.clone(), value)
    });
    values.collect::<Map<_, _>>().into()
}

const SECRET: &str = "s3cr3t";

#[test]
fn no_type_prints_what_is_marked_as_personal_data() {
    let (document, found) = schemas();
    let mut marked = 0;
    for resource in RESOURCES {
        let value = whole(&document, schema_of(resource, &found), SECRET, 0);
        let value = as_sent(resource, value);
        let (printed, _) = resource.read(&value).unwrap_or_else(|error| {
            panic!("{}: {error}\n{value:#}", resource.name);
        });
        assert!(!printed.contains(SECRET), "{} prints:\n{printed}", resource.name);
        marked += value.to_string().matches(SECRET).count();
    }
    assert!(marked > 60, "only {marked} values were marked");
}

/// Objects within forms travel as texts.
fn as_sent(resource: &Resource, mut value: Value) -> Value {
    if !resource.received
        && let Some(fields) = value.as_object_mut()
        && resource.name.ends_with("Request")
    {
        for value in fields.values_mut() {
            match value {
                Value::Object(object)
                    if object.contains_key("open") || object.contains_key(SECRET) =>
                {
                    *value = json!(value.to_string());
                }
                Value::Array(items) => {
                    for item in items.iter_mut().filter(|item| item.is_object()) {
                        *item = json!(item.to_string());
                    }
                }
                _ => {}
            }
        }
    }
    value
}

#[test]
fn what_is_received_may_miss_any_field_or_be_null_or_have_more() {
    let (document, found) = schemas();
    for resource in RESOURCES.iter().filter(|resource| resource.received) {
        let value = whole(&document, schema_of(resource, &found), "text", 0);
        let fields = value.as_object().unwrap();
        let nulls: Map<_, _> = fields.keys().map(|name| (name.clone(), Value::Null)).collect();
        let mut richer = fields.clone();
        richer.insert("of_tomorrow".to_owned(), json!({ "deep": [1, null] }));
        for case in [json!({}), nulls.into(), richer.into(), value.clone()] {
            resource
                .read(&case)
                .unwrap_or_else(|error| panic!("{}: {error}\n{case:#}", resource.name));
        }
        for name in fields.keys() {
            let mut without = fields.clone();
            without.remove(name);
            resource
                .read(&without.clone().into())
                .unwrap_or_else(|error| panic!("{} without {name}: {error}", resource.name));
            without.insert(name.clone(), Value::Null);
            resource
                .read(&without.into())
                .unwrap_or_else(|error| panic!("{} with {name} null: {error}", resource.name));
        }
    }
}
