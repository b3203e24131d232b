//! Replaces a schema that is composed of others by one schema.
//!
//! `allOf` is merged. `anyOf` and `oneOf` become what all alternatives have in common: a text, a
//! number, a boolean, or any JSON; Rust has no type for a set of alternatives that may grow. `not`
//! is removed, because a type can't express it.

use std::collections::{BTreeMap, HashSet};

use serde_json::{Map, Value, json};

use crate::document::document::Document;
use crate::document::error::{Error, Pointer};
use crate::document::json::text;
use crate::document::mark;
use crate::document::schema::{children_mut, reference, reference_to, target};

/// The maximum number of components that are merged one into another.
const DEEPEST: usize = 50;

pub(crate) fn run(document: &mut Document) -> Result<(), Error> {
    let mut compose = Compose {
        components: document.components_mut().clone(),
        done: BTreeMap::new(),
        within: Vec::new(),
    };
    for name in compose.components.keys().cloned().collect::<Vec<_>>() {
        let composed = compose.component(&place(&name), &name)?;
        document.components_mut().insert(name, composed);
    }
    document.parts_mut(|pointer, _, schema| compose.schema(pointer, schema))
}

fn place(component: &str) -> Pointer {
    let schemas = Pointer::root().child("components").child("schemas");
    schemas.child(component)
}

struct Compose {
    components: Map<String, Value>,
    done: BTreeMap<String, Value>,
    /// The components that are being composed.
    within: Vec<String>,
}

impl Compose {
    /// Returns a component after its parts are merged.
    fn component(&mut self, user: &Pointer, name: &str) -> Result<Value, Error> {
        if let Some(done) = self.done.get(name) {
            return Ok(done.clone());
        }
        if self.within.iter().any(|other| other == name) {
            let reason = format!("{name} is composed of itself; take it out of its own allOf");
            return Err(Error::document(user, reason));
        }
        if self.within.len() > DEEPEST {
            let reason = format!("allOf leads through more than {DEEPEST} components");
            return Err(Error::document(user, reason));
        }
        let mut schema = self.components.get(name).cloned().unwrap_or_default();
        self.within.push(name.to_owned());
        self.schema(&place(name), &mut schema)?;
        self.within.pop();
        self.done.insert(name.to_owned(), schema.clone());
        Ok(schema)
    }

    fn schema(&mut self, pointer: &Pointer, schema: &mut Value) -> Result<(), Error> {
        children_mut(pointer, schema, &mut |pointer, child| self.schema(pointer, child))?;
        let Some(keywords) = schema.as_object_mut() else {
            return Ok(());
        };
        keywords.remove("not");
        if let Some(reference) = keywords.get("$ref").cloned()
            && keywords.len() > 1
        {
            keywords.remove("$ref");
            keywords.insert("allOf".to_owned(), json!([{ "$ref": reference }]));
        }
        for key in ["anyOf", "oneOf"] {
            if let Some(Value::Array(alternatives)) = keywords.remove(key) {
                self.alternatives(&pointer.child(key), keywords, alternatives)?;
            }
        }
        if let Some(Value::Array(parts)) = keywords.remove("allOf") {
            self.all(&pointer.child("allOf"), keywords, parts)?;
        }
        Ok(())
    }

    /// Merges the parts of `allOf` into the schema that they are in.
    fn all(
        &mut self,
        pointer: &Pointer,
        schema: &mut Map<String, Value>,
        parts: Vec<Value>,
    ) -> Result<(), Error> {
        let mut own = std::mem::take(schema);
        let structural = parts.iter().filter(|part| is_structural(part)).count();
        let is_typed_alone = own.keys().all(|key| key == "type" || is_annotation(key));
        if structural == 1
            && is_typed_alone
            && let Some(name) = parts.iter().find_map(target)
        {
            own.remove("type");
            for part in parts.iter().filter_map(Value::as_object) {
                for (key, value) in part.iter().filter(|(key, _)| is_annotation(key)) {
                    own.entry(key.clone()).or_insert_with(|| value.clone());
                }
            }
            let reference = reference_to(name);
            if own.is_empty() {
                schema.extend(reference.as_object().cloned().unwrap_or_default());
            } else {
                own.insert("allOf".to_owned(), json!([reference]));
                *schema = own;
            }
            return Ok(());
        }
        for (index, mut part) in parts.into_iter().enumerate() {
            let pointer = pointer.child(index.to_string());
            if let Some(name) = target(&part).map(str::to_owned) {
                let mut resolved = self.component(&pointer, &name)?;
                // A component can be another name for a further one.
                while let Some(name) = target(&resolved).map(str::to_owned) {
                    resolved = self.component(&pointer, &name)?;
                }
                if let Some(resolved) = resolved.as_object_mut() {
                    resolved.remove("title");
                    resolved.remove(mark::RUST_NAME);
                }
                part = resolved;
            }
            if let Some(part) = part.as_object() {
                merge(&pointer, schema, part)?;
            }
        }
        // The schema's own annotations take precedence over those of its parts.
        for key in own.keys().filter(|key| is_annotation(key)) {
            schema.remove(key);
        }
        merge(pointer, schema, &own)
    }

    /// Replaces alternatives by what they have in common.
    fn alternatives(
        &mut self,
        pointer: &Pointer,
        schema: &mut Map<String, Value>,
        mut alternatives: Vec<Value>,
    ) -> Result<(), Error> {
        if alternatives.len() == 1 {
            if let Some(Value::Array(parts)) = schema.get_mut("allOf").filter(|all| all.is_array())
            {
                parts.append(&mut alternatives);
            } else {
                schema.insert("allOf".to_owned(), alternatives.into());
            }
            return Ok(());
        }
        // Alternatives that only say which fields are required add no fields.
        let only_requires = |schema: &Value| {
            schema.as_object().is_some_and(|schema| {
                schema.keys().all(|key| key == "required" || is_annotation(key))
            })
        };
        if schema.contains_key("properties") && alternatives.iter().all(only_requires) {
            return Ok(());
        }
        let mut resolved = Vec::new();
        for (index, alternative) in alternatives.into_iter().enumerate() {
            let mut alternative = alternative;
            let mut followed = 0;
            while let Some(name) = target(&alternative) {
                followed += 1;
                if followed > DEEPEST {
                    let pointer = pointer.child(index.to_string());
                    return Err(Error::document(&pointer, "the reference leads to itself"));
                }
                // Only its type matters here, so it need not be composed.
                alternative = self.components.get(name).cloned().unwrap_or_default();
            }
            resolved.push(alternative);
        }
        let kinds = |of: &[&str]| {
            let mut kinds = resolved.iter().map(|schema| text(schema, "type"));
            kinds.all(|kind| of.contains(&kind))
        };
        schema.retain(|key, _| is_annotation(key));
        let kind = ["string", "integer", "boolean"]
            .into_iter()
            .find(|kind| kinds(&[kind]))
            .or_else(|| kinds(&["integer", "number"]).then_some("number"));
        let Some(kind) = kind else {
            return Ok(());
        };
        schema.insert("type".to_owned(), kind.into());
        let enums: Option<Vec<&Vec<Value>>> =
            resolved.iter().map(|schema| schema.get("enum").and_then(Value::as_array)).collect();
        if let Some(enums) = enums {
            let values: Vec<Value> = enums.into_iter().flatten().cloned().collect();
            schema.insert("enum".to_owned(), values.into());
        }
        Ok(())
    }
}

/// Whether a keyword describes a schema without defining its values.
fn is_annotation(key: &str) -> bool {
    key.starts_with("x-")
        || [
            "default",
            "deprecated",
            "description",
            "example",
            "examples",
            "externalDocs",
            "nullable",
            "readOnly",
            "title",
            "writeOnly",
            "xml",
        ]
        .contains(&key)
}

fn is_structural(schema: &Value) -> bool {
    let keywords = schema.as_object();
    keywords.is_some_and(|keywords| keywords.keys().any(|key| !is_annotation(key)))
}

/// Merges a schema into another. A value of the result is valid for both, except that enums are
/// united.
fn merge(
    pointer: &Pointer,
    into: &mut Map<String, Value>,
    from: &Map<String, Value>,
) -> Result<(), Error> {
    for (key, value) in from {
        let Some(known) = into.get_mut(key) else {
            into.insert(key.clone(), value.clone());
            continue;
        };
        match (key.as_str(), known, value) {
            (_, known, value) if known == value => {}
            ("properties", Value::Object(known), Value::Object(more)) => {
                for (name, schema) in more {
                    property(&pointer.child("properties").child(name), known, name, schema)?;
                }
            }
            ("required" | "enum", Value::Array(known), Value::Array(more)) => {
                // Enums stay open, so an additional value does no harm.
                let all: HashSet<&Value> = known.iter().collect();
                let new = more.iter().filter(|value| !all.contains(value));
                let new: Vec<Value> = new.cloned().collect();
                known.extend(new);
            }
            ("type", Value::String(known), Value::String(kind)) => {
                let pair = [known.as_str(), kind.as_str()];
                if pair != ["integer", "number"] && pair != ["number", "integer"] {
                    let reason = format!(
                        "allOf asks for a value that is {known} and {kind} at once; remove one by an overlay"
                    );
                    return Err(Error::document(pointer, reason));
                }
                "integer".clone_into(known);
            }
            ("nullable", known, value) => *known = (*known == true && *value == true).into(),
            _ => {}
        }
    }
    Ok(())
}

/// Merges a property, which both schemas may have.
fn property(
    pointer: &Pointer,
    properties: &mut Map<String, Value>,
    name: &str,
    schema: &Value,
) -> Result<(), Error> {
    match properties.get_mut(name) {
        Some(known) if is_structural(known) => {
            if reference(known).is_some() || target(known).is_some() || !is_structural(schema) {
                return Ok(());
            }
            match (known.as_object_mut(), schema.as_object()) {
                (Some(known), Some(schema)) if !schema.contains_key("$ref") => {
                    if schema.contains_key("allOf") {
                        return Ok(());
                    }
                    merge(pointer, known, schema)
                }
                _ => Ok(()),
            }
        }
        _ => {
            properties.insert(name.to_owned(), schema.clone());
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::run;
    use crate::document::error::Error;
    use crate::passes::base::testing::{RESPONSE, document};

    fn lowered(components: Value, schema: Value) -> Result<Value, Error> {
        let mut document = document(components, json!([]), schema);
        run(&mut document)?;
        Ok(document.json().pointer(RESPONSE).unwrap().clone())
    }

    fn to(name: &str) -> Value {
        json!({ "$ref": format!("#/components/schemas/{name}") })
    }

    #[test]
    fn all_of_several_is_one_object() {
        let components = json!({
            "base": { "type": "object", "title": "Base", "required": ["sid"], "properties": {
                "sid": { "type": "string" }, "kind": {} } },
            "middle": { "allOf": [to("base"), { "properties": { "b": { "type": "integer" } } }] },
        });
        let schema = json!({ "description": "Both", "allOf": [to("middle"), {
            "type": "object", "required": ["c"],
            "properties": { "c": { "type": "boolean" }, "kind": { "type": "string" } } }] });
        assert_eq!(
            lowered(components, schema).unwrap(),
            json!({ "description": "Both", "type": "object", "required": ["sid", "c"],
                "properties": {
                    "sid": { "type": "string" }, "kind": { "type": "string" },
                    "b": { "type": "integer" }, "c": { "type": "boolean" } } })
        );
    }

    #[test]
    fn all_of_one_reference_stays_one() {
        let components = json!({ "thing": { "type": "object", "properties": {} } });
        let schema = json!({ "allOf": [to("thing"), { "description": "x" }], "nullable": true });
        assert_eq!(
            lowered(components.clone(), schema).unwrap(),
            json!({ "allOf": [to("thing")], "description": "x", "nullable": true })
        );
        let beside = json!({ "$ref": "#/components/schemas/thing", "nullable": true });
        assert_eq!(
            lowered(components, beside).unwrap(),
            json!({ "allOf": [to("thing")], "nullable": true })
        );
    }

    #[test]
    fn parts_that_contradict_each_other_are_refused() {
        let schema = json!({ "allOf": [
            { "properties": { "a": { "type": "string" } } },
            { "properties": { "a": { "type": "object" } } },
        ] });
        let error = lowered(json!({}), schema).expect_err("refused");
        let place = format!("{RESPONSE}/allOf/1/properties/a");
        assert_eq!(error.pointer().as_str(), place);
        assert!(error.reason().contains("string and object"), "{error}");
    }

    #[test]
    fn what_is_composed_of_itself_is_refused() {
        let components = json!({
            "a": { "allOf": [to("b"), { "properties": { "x": {} } }] },
            "b": { "allOf": [to("a"), { "properties": { "y": {} } }] },
        });
        let error = lowered(components, json!({})).expect_err("refused");
        assert_eq!(error.pointer().as_str(), "/components/schemas/b/allOf/0");
    }

    #[test]
    fn alternatives_are_what_they_have_in_common() {
        let texts = json!({ "type": "string", "enum": ["a"] });
        for (alternatives, expected) in [
            (json!([texts, { "type": "string" }]), json!({ "type": "string" })),
            (
                json!([texts, { "type": "string", "enum": ["b"] }]),
                json!({ "type": "string", "enum": ["a", "b"] }),
            ),
            (json!([{ "type": "integer" }, { "type": "number" }]), json!({ "type": "number" })),
            (json!([{ "type": "integer" }, { "type": "string" }]), json!({})),
            (json!([to("thing"), { "type": "object" }]), json!({})),
            (json!([to("thing")]), to("thing")),
        ] {
            let components = json!({ "thing": { "type": "object", "properties": { "a": {} } } });
            for key in ["anyOf", "oneOf"] {
                let schema = json!({ key: alternatives });
                assert_eq!(lowered(components.clone(), schema).unwrap(), expected);
            }
        }
    }

    #[test]
    fn alternatives_that_only_require_leave_the_object() {
        let object = json!({ "type": "object", "properties": { "a": {}, "b": {} } });
        let mut schema = object.clone();
        schema["oneOf"] = json!([{ "required": ["a"] }, { "required": ["b"] }]);
        schema["not"] = json!({ "required": ["a", "b"] });
        assert_eq!(lowered(json!({}), schema).unwrap(), object);
    }
}
