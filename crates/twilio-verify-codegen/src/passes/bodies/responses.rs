//! Allows a response to leave out any field, or to set it to null.
//!
//! Fields that Twilio calls required or not nullable are sometimes missing, and a strict client
//! would lose the whole response.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::document::document::{Document, Role};
use crate::document::error::Error;
use crate::document::mark;
use crate::document::schema::references;

pub(crate) fn run(document: &mut Document) -> Result<(), Error> {
    let mut names = Vec::new();
    document.parts_mut(|_, part, schema| {
        if part.role == Role::Response {
            references(schema, &mut names);
        }
        Ok(())
    })?;
    let mut received = BTreeSet::new();
    while let Some(name) = names.pop() {
        if let Some(schema) = document.component(&name)
            && received.insert(name.clone())
        {
            references(schema, &mut names);
            names.extend(schema.get(mark::PAGE_ITEM).and_then(Value::as_str).map(str::to_owned));
        }
    }
    for name in received {
        let Some(schema) = document.components_mut().get_mut(&name).and_then(Value::as_object_mut)
        else {
            continue;
        };
        schema.insert(mark::RECEIVED.to_owned(), true.into());
        schema.remove("required");
        let properties = schema.get_mut("properties").and_then(Value::as_object_mut);
        for (_, property) in properties.into_iter().flatten() {
            if let Some(property) = property.as_object_mut() {
                property.remove("nullable");
                // A missing count is zero. Other defaults are what the server assumes, not what a
                // response without the field means.
                let is_count = property.get("type").is_some_and(|kind| kind == "integer");
                let default = property.get("default");
                if default.is_some_and(|default| *default != 0 || !is_count) {
                    property.remove("default");
                }
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::run;
    use crate::passes::base::testing::document;

    #[test]
    fn what_is_received_requires_nothing() {
        let thing = json!({ "type": "object", "required": ["a"], "properties": {
            "a": { "type": "string", "default": "x" },
            "count": { "type": "integer", "default": 0, "nullable": true },
        } });
        let components = json!({ "Outer": { "properties": {
            "inner": { "$ref": "#/components/schemas/Thing" }
        } }, "Thing": thing, "Sent": thing });
        let response = json!({ "$ref": "#/components/schemas/Outer" });
        let mut document = document(components, json!([]), response);
        run(&mut document).unwrap();
        let lowered = document.component("Thing").unwrap();
        assert!(lowered.get("required").is_none());
        assert_eq!(lowered["properties"]["a"], json!({ "type": "string" }));
        assert_eq!(lowered["properties"]["count"], json!({ "type": "integer", "default": 0 }));
        assert_eq!(lowered["x-received"], true);
        assert_eq!(*document.component("Sent").unwrap(), thing);
    }
}
