//! Personal data is held in a type that doesn't print it.
//!
//! Twilio marks the fields (`x-twilio.pii`); the overlay marks what Twilio
//! leaves out.

use super::{leaves, mark};
use crate::document::{refer, target, text};
use crate::{Document, Error};

pub(super) fn run(document: &mut Document) -> Result<(), Error> {
    let rust_types: Vec<(String, String)> = document
        .components()
        .filter_map(|(name, schema)| {
            Some((
                name.to_owned(),
                schema.get(mark::RUST_TYPE)?.as_str()?.to_owned(),
            ))
        })
        .collect();
    let mut declared = Vec::new();
    document.schemas_mut(|_, schema| {
        if schema.pointer("/x-twilio/pii").is_none() {
            return Ok(());
        }
        let (name, rust) = match target(schema) {
            Some(name) => {
                let known = rust_types.iter().find(|(component, _)| component == name);
                let rust = known.map(|(_, rust)| rust.clone());
                let rust = rust.unwrap_or_else(|| format!("crate::types::{name}"));
                (name.to_owned(), rust)
            }
            None => {
                let (name, rust) = match text(schema, "type") {
                    "string" => ("String", "::std::string::String"),
                    "integer" => ("Integer", "i64"),
                    "number" => ("Number", "f64"),
                    "boolean" => ("Boolean", "bool"),
                    _ => ("Json", "::serde_json::Value"),
                };
                (name.to_owned(), rust.to_owned())
            }
        };
        let component = format!("LeafRedacted{}", name.trim_start_matches("Leaf"));
        refer(schema, &component);
        declared.push((component, rust, name));
        Ok(())
    })?;
    for (component, rust, name) in declared {
        let label = format!("redacted {}", label(&name));
        let rust = format!("crate::Redacted<{rust}>");
        let schema = leaves::component(&component, &rust, &label);
        document.components_mut().insert(component, schema);
    }
    Ok(())
}

fn label(name: &str) -> String {
    match name {
        "Json" => "any".to_owned(),
        "String" | "Integer" | "Number" | "Boolean" => name.to_lowercase(),
        name => name.trim_start_matches("Leaf").to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::Document;
    use crate::passes::testing::{document, run};

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
        run("personal_data", &mut document).unwrap();
        let target = |name: &str| format!("#/components/schemas/{name}");
        assert_eq!(
            field(&document, "to")["allOf"][0]["$ref"],
            target("LeafRedactedString")
        );
        assert_eq!(field(&document, "to")["nullable"], true);
        assert_eq!(field(&document, "any")["$ref"], target("LeafRedactedJson"));
        assert_eq!(
            field(&document, "details")["$ref"],
            target("LeafRedactedDetails")
        );
        assert_eq!(field(&document, "open"), &json!({ "type": "string" }));
        let leaf = document.component("LeafRedactedDetails").unwrap();
        assert_eq!(
            leaf["x-rust-type"],
            "crate::Redacted<crate::types::Details>"
        );
    }
}
