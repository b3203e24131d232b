//! Turns inline enums and objects into components, so that they have a name.

use serde_json::{Map, Value};

use crate::document::document::Document;
use crate::document::error::{Error, Pointer};
use crate::document::json::text;
use crate::document::mark;
use crate::document::names::{Taken, is_snake, pascal};
use crate::document::schema::{children_mut, refer, reference};
use crate::passes::names::rust_names;
use crate::passes::schemas::kinds;

pub(crate) fn run(document: &mut Document) -> Result<(), Error> {
    let mut found = Found {
        before: document.clone(),
        taken: document.components().map(|(name, _)| name).collect(),
        components: Map::new(),
    };
    let place = Pointer::root().child("components").child("schemas");
    for (name, schema) in document.components_mut() {
        found.within(&place.child(name), name, schema)?;
    }
    document.parts_mut(|pointer, part, schema| found.at(pointer, &part.name(), schema))?;
    let components = document.components_mut();
    for (name, schema) in found.components {
        let place = place.child(&name);
        rust_names::insert(components, &name, schema, &place)?;
    }
    Ok(())
}

struct Found {
    /// The document before the pass, with the original place of each schema.
    before: Document,
    taken: Taken,
    components: Map<String, Value>,
}

impl Found {
    /// Names the schemas within a schema.
    fn within(&mut self, pointer: &Pointer, name: &str, schema: &mut Value) -> Result<(), Error> {
        children_mut(pointer, schema, &mut |pointer, child| {
            let tokens: Vec<String> = pointer.tokens().collect();
            let name = match tokens.as_slice() {
                [.., parent, property] if parent == "properties" => {
                    pascal(&format!("{name} {property}"))
                }
                [.., last] if last == "items" => format!("{name}Item"),
                [.., last] if last == "additionalProperties" => format!("{name}Value"),
                _ => name.to_owned(),
            };
            self.at(pointer, &name, child)
        })
    }

    /// Names a schema, if it needs a name, and the schemas within it.
    fn at(&mut self, pointer: &Pointer, name: &str, schema: &mut Value) -> Result<(), Error> {
        if reference(schema).is_some() {
            return Ok(());
        }
        self.within(pointer, name, schema)?;
        if !kinds::is_enum(schema) && !kinds::has_fields(schema) {
            return Ok(());
        }
        // The overlay may have been written for a reference where this document has an inline type:
        // a name in snake_case belongs to the field.
        let given = text(schema, mark::RUST_NAME);
        let (given, field) = match is_snake(given) {
            true => ("", Some(Value::from(given))),
            false => (given, schema.get(mark::FIELD).cloned()),
        };
        let name = match given {
            "" if rust_names::is_reserved(name) => self.taken.numbered(name),
            "" => self.taken.free(name),
            given if pascal(given) == given && !rust_names::is_reserved(given) => {
                self.taken.insert(given);
                given.to_owned()
            }
            given => {
                let reason = format!("{given:?} can't be the name of a Rust type");
                return Err(Error::document(&pointer.child(mark::RUST_NAME), reason));
            }
        };
        let mut component = schema.clone();
        if let Some(component) = component.as_object_mut() {
            component.remove("nullable");
            component.remove("default");
            component.insert(mark::RUST_NAME.to_owned(), name.clone().into());
            let origin = self.before.origin(pointer);
            component.insert(mark::ORIGIN.to_owned(), origin.as_str().into());
        }
        if let Some(schema) = schema.as_object_mut() {
            // The name now belongs to the component.
            schema.remove(mark::RUST_NAME);
        }
        refer(schema, &name);
        if let Some(field) = field {
            if reference(schema).is_some() {
                *schema = serde_json::json!({ "allOf": [schema] });
            }
            schema[mark::RUST_NAME] = field;
        }
        rust_names::insert(&mut self.components, &name, component, pointer)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::run;
    use crate::passes::base::testing::{RESPONSE, document};

    #[test]
    fn deep_inline_objects_and_enums_get_names() {
        let response = json!({ "type": "object", "title": "MakeThingResponse", "properties": {
            "config": { "type": "object", "properties": {
                "level": { "type": "string", "enum": ["low"], "nullable": true }
            } }
        } });
        let mut document = document(json!({}), json!([]), response);
        run(&mut document).unwrap();
        let names: Vec<_> = document.components().map(|(name, _)| name).collect();
        assert_eq!(
            names,
            ["MakeThingResponse", "MakeThingResponseConfig", "MakeThingResponseConfigLevel"]
        );
        let config = document.component("MakeThingResponseConfig").unwrap();
        assert_eq!(config["properties"]["level"]["nullable"], true);
        assert_eq!(
            document.json().pointer(RESPONSE).unwrap()["$ref"],
            "#/components/schemas/MakeThingResponse"
        );
    }

    #[test]
    fn an_enum_of_a_parameter_is_named_for_both() {
        let parameter = json!([{ "name": "Order", "in": "query",
            "schema": { "type": "string", "enum": ["asc", "desc"] } }]);
        let mut document = document(json!({}), parameter, json!({}));
        run(&mut document).unwrap();
        assert!(document.component("ListThingOrder").is_some());
    }

    #[test]
    fn a_taken_name_gets_a_number() {
        let response = json!({ "type": "object", "title": "Thing", "properties": {} });
        let mut document = document(json!({ "Thing": { "type": "string" } }), json!([]), response);
        run(&mut document).unwrap();
        assert!(document.component("Thing2").is_some());
    }
}
