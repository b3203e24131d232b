//! Makes enums keep unknown values.
//!
//! Twilio adds values without notice. A client that rejects one would lose the whole page that it
//! is on.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::document::document::Document;
use crate::document::error::{Error, Pointer};
use crate::document::json::text;
use crate::document::mark;
use crate::document::names::{Taken, pascal};

/// The variant that keeps an unknown value. No value of the document may have this name.
const UNKNOWN: &str = "Unknown";

pub(crate) fn run(document: &mut Document) -> Result<(), Error> {
    let place = Pointer::root().child("components").child("schemas");
    for (name, schema) in document.components_mut() {
        if text(schema, "type") != "string" {
            continue;
        }
        let Some(values) = schema.get("enum").and_then(Value::as_array) else {
            continue;
        };
        let pointer = place.child(name).child("enum");
        let mut taken: Taken = [UNKNOWN].into_iter().collect();
        let mut seen = BTreeSet::new();
        let mut variants = Vec::new();
        for (index, value) in values.iter().enumerate() {
            let Some(value) = value.as_str() else {
                // A nullable enum may list `null` among its values.
                if value.is_null() {
                    continue;
                }
                let reason = format!(
                    "{value} is not a string, but the enum's type is; write it as a string, or correct the type"
                );
                return Err(Error::document(&pointer.child(index.to_string()), reason));
            };
            if !seen.insert(value) {
                continue;
            }
            let variant = taken.free(&variant(value));
            variants.push(json!([variant, value]));
        }
        schema[mark::OPEN_ENUM] = variants.into();
        schema[mark::RUST_TYPE] = format!("crate::types::{name}").into();
        schema[mark::LABEL] = name.clone().into();
    }
    Ok(())
}

/// Returns the name of a value's variant.
fn variant(value: &str) -> String {
    match value {
        "" => "Empty".to_owned(),
        value if value.chars().any(char::is_alphanumeric) => match pascal(value).as_str() {
            // `Self` is the only keyword that is otherwise valid as a type's name.
            "Self" => "Self_".to_owned(),
            name => name.to_owned(),
        },
        value => value.chars().map(|c| format!("U{:04X}", u32::from(c))).collect(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::run;
    use crate::passes::base::testing::document;

    #[test]
    fn odd_values_get_variants_of_their_own() {
        let values = ["sms", "in-progress", "in_progress", "", "+1", "self", "unknown", "*", "2fa"];
        let components = json!({ "Odd": { "type": "string", "enum": values } });
        let mut document = document(components, json!([]), json!({}));
        run(&mut document).unwrap();
        assert_eq!(
            document.component("Odd").unwrap()["x-open-enum"],
            json!([
                ["Sms", "sms"],
                ["InProgress", "in-progress"],
                ["InProgress2", "in_progress"],
                ["Empty", ""],
                ["Plus1", "+1"],
                ["Self_", "self"],
                ["Unknown2", "unknown"],
                ["U002A", "*"],
                ["X2fa", "2fa"],
            ])
        );
    }

    #[test]
    fn a_value_that_is_no_text_is_refused() {
        let components = json!({ "Odd": { "type": "string", "enum": ["a", 1] } });
        let mut document = document(components, json!([]), json!({}));
        let error = run(&mut document).expect_err("refused");
        assert_eq!(error.pointer().as_str(), "/components/schemas/Odd/enum/1");
    }
}
