//! Holds personal data in a type that doesn't print it.
//!
//! Twilio marks the fields (`x-twilio.pii`); the overlay marks those that Twilio leaves out.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::document::document::Document;
use crate::document::error::Error;
use crate::document::json::text;
use crate::document::mark;
use crate::document::schema::{refer, reference, target};
use crate::passes::base::leaves;
use crate::passes::schemas::aliases;

const PII: &str = "/x-twilio/pii";

/// Returns the limits of a value. They stay when its type changes, because they are checked before
/// it is sent.
fn limits(schema: &Value) -> Map<String, Value> {
    const LIMITS: [&str; 4] = ["minimum", "maximum", "minLength", "maxLength"];
    let kept = LIMITS.iter().filter_map(|key| Some(((*key).to_owned(), schema.get(*key)?.clone())));
    kept.collect()
}

pub(crate) fn run(document: &mut Document) -> Result<(), Error> {
    unmark_printed(document)?;
    let marked = marked_components(document);
    let recursive = aliases::recursive(document);
    let rust_types: BTreeMap<String, String> = document
        .components()
        .filter_map(|(name, schema)| {
            Some((name.to_owned(), schema.get(mark::RUST_TYPE)?.as_str()?.to_owned()))
        })
        .collect();
    let mut declared = Vec::new();
    document.schemas_mut(|_, schema| {
        push_down(schema);
        Ok(())
    })?;
    document.schemas_mut(|_, schema| {
        if target(schema).is_some_and(|name| name.starts_with(leaves::REDACTED)) {
            // This is an `allOf` around a schema that was handled before, as inner schemas are.
            unmark(schema);
            return Ok(());
        }
        let is_marked = target(schema).is_some_and(|name| marked.contains(name));
        if !is_marked && schema.pointer(PII).is_none() {
            return Ok(());
        }
        let (name, rust) = match target(schema) {
            Some(name) => {
                let rust = rust_types.get(name).cloned().unwrap_or_else(|| {
                    let own = format!("crate::types::{name}");
                    // The generator can't see through the redaction, and would not know that a
                    // recursive type needs a box.
                    match recursive.contains(name) {
                        true => format!("::std::boxed::Box<{own}>"),
                        false => own,
                    }
                });
                (name.to_owned(), rust)
            }
            None => {
                let format = text(schema, "format");
                let (name, rust) = match (text(schema, "type"), format) {
                    ("string", _) => ("String", "::std::string::String"),
                    ("integer", "int32") => ("Int32", "i32"),
                    ("integer", "uint32") => ("Uint32", "u32"),
                    ("integer", "uint64") => ("Uint64", "u64"),
                    ("integer", _) => ("Integer", "i64"),
                    ("number", "float") => ("Float", "f32"),
                    ("number", _) => ("Number", "f64"),
                    ("boolean", _) => ("Boolean", "bool"),
                    _ => ("Json", "::serde_json::Value"),
                };
                (name.to_owned(), rust.to_owned())
            }
        };
        let component = format!("{}{}", leaves::REDACTED, name.trim_start_matches("Leaf"));
        if let Some(schema) = schema.as_object_mut() {
            schema.remove("x-twilio");
            schema.remove("default");
        }
        let limits = limits(schema);
        refer(schema, &component);
        if !limits.is_empty() {
            // A reference can't have limits beside it.
            let mut outer = match reference(schema).is_some() {
                true => Map::from_iter([("allOf".to_owned(), json!([schema]))]),
                false => schema.as_object().cloned().unwrap_or_default(),
            };
            outer.extend(limits);
            *schema = outer.into();
        }
        declared.push((component, rust, name));
        Ok(())
    })?;
    for (component, rust, name) in declared {
        let known = document.component(&name).map(|schema| text(schema, mark::LABEL));
        let label = match known {
            None | Some("") => label(&name),
            Some(known) => known.to_owned(),
        };
        let label = format!("redacted {label}");
        let rust = format!("crate::Redacted<{rust}>");
        let schema = leaves::component(&component, &rust, &label);
        document.components_mut().insert(component, schema);
    }
    Ok(())
}

/// Removes the marks of path and header parameters: a redacted value can't be printed.
fn unmark_printed(document: &mut Document) -> Result<(), Error> {
    document.operations_mut(|_, _, _, operation| {
        let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut);
        for parameter in parameters.into_iter().flatten() {
            if text(parameter, "in") != "query"
                && let Some(schema) = parameter.get_mut("schema")
            {
                unmark(schema);
            }
        }
        Ok(())
    })
}

/// Unmarks the components that are marked as a whole, and returns them: the mark moves to where
/// they are used.
fn marked_components(document: &mut Document) -> BTreeSet<String> {
    let mut marked = BTreeSet::new();
    for (name, schema) in document.components_mut() {
        if unmark(schema) {
            marked.insert(name.clone());
        }
    }
    marked
}

fn unmark(schema: &mut Value) -> bool {
    let twilio = schema.get_mut("x-twilio").and_then(Value::as_object_mut);
    twilio.is_some_and(|twilio| twilio.remove("pii").is_some())
}

/// Moves the mark from a list to its items: the number of items is not secret.
fn push_down(schema: &mut Value) {
    if text(schema, "type") == "array"
        && unmark(schema)
        && let Some(items) = schema.get_mut("items")
    {
        items["x-twilio"] = serde_json::json!({ "pii": {} });
        if items.get("$ref").is_some() {
            let name = target(items).unwrap_or_default().to_owned();
            refer(items, &name);
        }
        push_down(items);
    }
}

fn label(name: &str) -> String {
    match name {
        "Json" => "any".to_owned(),
        "Int32" | "Uint32" | "Uint64" => "integer".to_owned(),
        "Float" => "number".to_owned(),
        "String" | "Integer" | "Number" | "Boolean" => name.to_lowercase(),
        name => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::run;
    use crate::document::document::Document;
    use crate::passes::base::testing::document;

    fn field<'a>(document: &'a Document, name: &str) -> &'a Value {
        &document.json()["components"]["schemas"]["Thing"]["properties"][name]
    }

    #[test]
    fn marked_fields_are_redacted_whatever_their_type() {
        let pii = json!({ "pii": { "handling": "standard" } });
        let components = json!({
            "Details": { "type": "object", "properties": {} },
            "Thing": { "type": "object", "properties": {
                "to": { "type": "string", "nullable": true, "x-twilio": pii },
                "any": { "x-twilio": pii },
                "details": { "allOf": [{ "$ref": "#/components/schemas/Details" }], "x-twilio": pii },
                "open": { "type": "string" },
            } },
        });
        let mut document = document(components, json!([]), json!({}));
        run(&mut document).unwrap();
        let target = |name: &str| format!("#/components/schemas/{name}");
        assert_eq!(field(&document, "to")["allOf"][0]["$ref"], target("LeafRedactedString"));
        assert_eq!(field(&document, "to")["nullable"], true);
        assert_eq!(field(&document, "any")["$ref"], target("LeafRedactedJson"));
        assert_eq!(field(&document, "details")["$ref"], target("LeafRedactedDetails"));
        assert_eq!(field(&document, "open"), &json!({ "type": "string" }));
        let leaf = document.component("LeafRedactedDetails").unwrap();
        assert_eq!(leaf["x-rust-type"], "crate::Redacted<crate::types::Details>");
    }

    #[test]
    fn a_list_is_redacted_item_by_item() {
        let pii = json!({ "pii": {} });
        let components = json!({ "Thing": { "type": "object", "properties": {
            "list": { "type": "array", "items": { "type": "string" }, "x-twilio": pii },
        } } });
        let mut document = document(components, json!([]), json!({}));
        run(&mut document).unwrap();
        assert_eq!(
            field(&document, "list")["items"]["$ref"],
            "#/components/schemas/LeafRedactedString"
        );
    }

    #[test]
    fn a_component_that_is_marked_is_redacted_wherever_it_is_used() {
        let target = "#/components/schemas/LeafRedactedPerson";
        let person = json!({ "$ref": "#/components/schemas/Person" });
        let components = json!({
            "Person": { "type": "object", "x-twilio": { "pii": {} },
                "properties": { "parent": person } },
            "Thing": { "type": "object", "properties": {
                "person": person,
                "again": { "allOf": [person], "x-twilio": { "pii": {} } },
            } },
        });
        let mut document = document(components, json!([]), json!({}));
        run(&mut document).unwrap();
        assert_eq!(field(&document, "person")["$ref"], target);
        assert_eq!(field(&document, "again")["allOf"][0]["$ref"], target);
        // A person within a person needs a box, because the redaction hides it from the generator.
        assert_eq!(
            document.component("LeafRedactedPerson").unwrap()["x-rust-type"],
            "crate::Redacted<::std::boxed::Box<crate::types::Person>>"
        );
    }

    #[test]
    fn a_path_prints_what_it_holds() {
        let to = json!({ "type": "string", "x-twilio": { "pii": {} } });
        let parameters = json!([
            { "name": "To", "in": "header", "schema": to },
            { "name": "To", "in": "query", "schema": to },
        ]);
        let mut document = document(json!({}), parameters, json!({}));
        run(&mut document).unwrap();
        let parameters = &document.json()["paths"]["/v2/Things"]["get"]["parameters"];
        assert_eq!(parameters[0]["schema"]["type"], "string");
        assert!(parameters[1]["schema"].get("$ref").is_some());
    }
}
