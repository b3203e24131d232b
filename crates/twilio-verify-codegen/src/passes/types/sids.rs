//! Creates one type for each kind of SID, instead of one for each use.
//!
//! The kind of a SID is its two letters, with which its pattern begins. Its name is that of the
//! resource whose own `sid` it is; a kind without a resource is named after the fields that hold
//! it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::document::document::Document;
use crate::document::error::Error;
use crate::document::json::text;
use crate::document::mark;
use crate::document::names::pascal;
use crate::document::schema::refer;

pub(crate) fn run(document: &mut Document) -> Result<(), Error> {
    let names = names(document);
    for (letters, name) in &names {
        let component = json!({
            "type": "string",
            "description": format!("Identifies {}: `{letters}` and 32 hexadecimal digits.", noun(name)),
            "pattern": pattern(letters),
            mark::SID: letters,
            mark::RUST_NAME: name,
            mark::RUST_TYPE: format!("crate::types::{name}"),
            mark::LABEL: name,
        });
        document.components_mut().insert(name.clone(), component);
    }
    document.schemas_mut(|_, schema| {
        if schema.get(mark::SID).is_none()
            && let Some(name) = letters(schema).and_then(|letters| names.get(letters))
        {
            let name = name.clone();
            refer(schema, &name);
        }
        Ok(())
    })
}

fn pattern(letters: &str) -> String {
    format!("^{letters}[0-9a-fA-F]{{32}}$")
}

/// Returns the two letters of a SID's schema.
fn letters(schema: &Value) -> Option<&str> {
    let found = text(schema, "pattern");
    let letters = found.get(1..3)?;
    let upper = letters.bytes().all(|letter| letter.is_ascii_uppercase());
    (upper && found == pattern(letters)).then_some(letters)
}

/// Returns what a SID identifies as a noun for messages: "a messaging service".
fn noun(name: &str) -> String {
    use heck::ToSnakeCase;
    let words = name.strip_suffix("Sid").unwrap_or(name).to_snake_case().replace('_', " ");
    let article = if words.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {words}")
}

/// Returns the type name of each kind of SID.
fn names(document: &mut Document) -> BTreeMap<String, String> {
    let mut resources: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut fields: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (component, schema) in document.components() {
        let properties = schema.get("properties").and_then(Value::as_object);
        for (property, schema) in properties.into_iter().flatten() {
            if let Some(letters) = letters(schema) {
                if property == "sid" {
                    let name = format!("{component}Sid");
                    resources.entry(letters.to_owned()).or_default().push(name);
                } else {
                    fields.entry(letters.to_owned()).or_default().push(pascal(property));
                }
            }
        }
    }
    for (_, _, _, operation) in document.operations() {
        let parameters = operation.get("parameters").and_then(Value::as_array);
        for parameter in parameters.into_iter().flatten() {
            if let Some(letters) = parameter.get("schema").and_then(letters) {
                let name = pascal(text(parameter, "name"));
                fields.entry(letters.to_owned()).or_default().push(name);
            }
        }
    }
    let mut taken: BTreeSet<String> =
        document.components().map(|(name, _)| name.to_owned()).collect();
    let mut names = BTreeMap::new();
    let kinds: BTreeSet<String> = resources.keys().chain(fields.keys()).cloned().collect();
    // Kinds with a resource come first, because their names are more certain.
    let (sure, unsure): (Vec<_>, Vec<_>) =
        kinds.into_iter().partition(|letters| resources.contains_key(letters));
    for letters in sure.into_iter().chain(unsure) {
        let mut candidates = resources.remove(&letters).unwrap_or_default();
        candidates.sort_by(|a, b| (a.len(), a).cmp(&(b.len(), b)));
        let fields = fields.remove(&letters).unwrap_or_default();
        candidates.extend(common_ending(&fields));
        candidates.extend(most_frequent(&fields));
        candidates.push(format!("{}Sid", pascal(&letters)));
        let name = candidates
            .into_iter()
            .find(|name| name != "Sid" && !taken.contains(name))
            .unwrap_or_else(|| format!("{letters}Sid"));
        taken.insert(name.clone());
        names.insert(letters, name);
    }
    names
}

/// Returns the words that all names end with: `CredentialSid` for `ApnCredentialSid` and
/// `FcmCredentialSid`.
fn common_ending(names: &[String]) -> Option<String> {
    use heck::ToSnakeCase;
    let mut names = names.iter().map(|name| {
        let snake = name.to_snake_case();
        let words: Vec<String> = snake.rsplit('_').map(str::to_owned).collect();
        words
    });
    let first = names.next()?;
    let common = names.fold(first.len(), |common, words| {
        first.iter().take(common).zip(&words).take_while(|(a, b)| a == b).count()
    });
    let words: Vec<&str> = first[..common].iter().rev().map(String::as_str).collect();
    let name = pascal(&words.join(" "));
    name.ends_with("Sid").then_some(name)
}

fn most_frequent(names: &[String]) -> Option<String> {
    let mut counts: BTreeMap<&String, usize> = BTreeMap::new();
    for name in names.iter().filter(|name| name.ends_with("Sid")) {
        *counts.entry(name).or_default() += 1;
    }
    let most = *counts.values().max()?;
    counts.into_iter().find(|(_, count)| *count == most).map(|(name, _)| name.clone())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::run;
    use crate::passes::base::testing::document;

    fn sid(letters: &str) -> Value {
        json!({ "type": "string", "minLength": 34, "maxLength": 34, "nullable": true,
            "pattern": format!("^{letters}[0-9a-fA-F]{{32}}$") })
    }

    fn names(components: Value, parameters: Value) -> Vec<(String, String)> {
        let mut document = document(components, parameters, json!({}));
        run(&mut document).unwrap();
        document
            .components()
            .filter_map(|(name, schema)| {
                Some((schema.get("x-sid")?.as_str()?.to_owned(), name.to_owned()))
            })
            .collect()
    }

    #[test]
    fn a_sid_is_named_for_its_resource() {
        let components = json!({
            "Factor": { "properties": { "sid": sid("YF"), "account_sid": sid("AC") } },
            "NewFactor": { "properties": { "sid": sid("YF") } },
        });
        assert_eq!(
            names(components, json!([])),
            [("AC".into(), "AccountSid".into()), ("YF".into(), "FactorSid".into())]
        );
    }

    #[test]
    fn a_sid_without_a_resource_is_named_for_its_fields() {
        let components = json!({ "Service": { "properties": {
            "sid": sid("VA"), "ApnCredentialSid": sid("CR"), "FcmCredentialSid": sid("CR"),
            "MessagingServiceSid": sid("MG"), "MsgServiceSid": sid("MG"),
        } } });
        let parameters = json!([
            { "name": "MessagingServiceSid", "in": "query", "schema": sid("MG") },
        ]);
        assert_eq!(
            names(components, parameters),
            [
                ("CR".into(), "CredentialSid".into()),
                ("MG".into(), "MessagingServiceSid".into()),
                ("VA".into(), "ServiceSid".into())
            ]
        );
    }

    #[test]
    fn every_use_refers_to_the_type() {
        let parameters =
            json!([{ "name": "VerifyServiceSid", "in": "query", "schema": sid("VA") }]);
        let components = json!({ "Thing": { "properties": { "service_sid": sid("VA") } } });
        let mut document = document(components, parameters, json!({}));
        run(&mut document).unwrap();
        let target = json!("#/components/schemas/ServiceSid");
        let get = &document.json()["paths"]["/v2/Things"]["get"];
        assert_eq!(get["parameters"][0]["schema"]["allOf"][0]["$ref"], target);
        let field = &document.component("Thing").unwrap()["properties"]["service_sid"];
        assert_eq!(field["allOf"][0]["$ref"], target);
        assert_eq!(field["nullable"], true);
    }

    #[test]
    fn other_patterns_are_left_alone() {
        let components = json!({ "Thing": { "properties": {
            "code": { "type": "string", "pattern": "^[0-9]{4,10}$" }
        } } });
        assert!(names(components, json!([])).is_empty());
    }
}
