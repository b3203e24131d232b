//! Inlines each component that needs no type of its own: a string, a number, a list, a map, or
//! another name for a component.
//!
//! The generator would make a type of each, which can't be read leniently.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::document::document::Document;
use crate::document::error::{Error, Pointer};
use crate::document::mark;
use crate::document::schema::{reference, references, walk};
use crate::passes::schemas::kinds;

/// The maximum length of a chain of aliases.
const DEEPEST: usize = 50;

pub(crate) fn run(document: &mut Document) -> Result<(), Error> {
    let aliases: Map<String, Value> = document
        .components()
        .filter(|(_, schema)| {
            let is_own = kinds::has_fields(schema)
                || kinds::is_enum(schema)
                || schema.get(mark::RUST_TYPE).is_some();
            !is_own
        })
        .map(|(name, schema)| (name.to_owned(), schema.clone()))
        .collect();
    let place = Pointer::root().child("components").child("schemas");
    let mut expanded = Map::new();
    for name in aliases.keys() {
        let mut within = vec![name.clone()];
        let mut schema = aliases[name].clone();
        if let Some(schema) = schema.as_object_mut() {
            // The title would only repeat the component's name.
            schema.remove("title");
        }
        expand(&place.child(name), &mut schema, &aliases, &mut within)?;
        expanded.insert(name.clone(), schema);
    }
    document.components_mut().retain(|name, _| !aliases.contains_key(name));
    document.schemas_mut(|pointer, schema| {
        if let Some(alias) = reference(schema).and_then(|name| expanded.get(name)) {
            *schema = alias.clone();
        }
        unwrap(pointer, schema)
    })
}

/// Replaces an `allOf` of one alias by the alias, with the other keywords beside the `allOf`.
fn unwrap(pointer: &Pointer, schema: &mut Value) -> Result<(), Error> {
    if let Some(Value::Array(parts)) = schema.get_mut("allOf")
        && let [only] = parts.as_mut_slice()
        && reference(only).is_none()
    {
        let mut new = only.take();
        if let (Some(new), Some(old)) = (new.as_object_mut(), schema.as_object()) {
            let own = old.iter().filter(|(key, _)| *key != "allOf");
            new.extend(own.map(|(key, value)| (key.clone(), value.clone())));
        }
        *schema = new;
    }
    if depth(schema) > DEEPEST {
        let reason = format!("lists and maps are nested more than {DEEPEST} deep");
        return Err(Error::document(pointer, reason));
    }
    Ok(())
}

/// Resolves the aliases within an alias. An alias that holds itself is an error.
fn expand(
    pointer: &Pointer,
    schema: &mut Value,
    aliases: &Map<String, Value>,
    within: &mut Vec<String>,
) -> Result<(), Error> {
    walk(pointer, schema, &mut |place, schema| {
        let Some(name) = reference(schema).map(str::to_owned) else {
            return unwrap(place, schema);
        };
        let Some(alias) = aliases.get(&name) else {
            return Ok(());
        };
        if within.contains(&name) || within.len() > DEEPEST {
            let reason = format!(
                "{name} is made of itself, without an object between that could end it; \
                 change it by an overlay"
            );
            return Err(Error::document(pointer, reason));
        }
        *schema = alias.clone();
        if let Some(schema) = schema.as_object_mut() {
            schema.remove("title");
        }
        within.push(name);
        expand(pointer, schema, aliases, within)?;
        within.pop();
        Ok(())
    })
}

fn depth(schema: &Value) -> usize {
    let mut deepest = 0;
    let mut here = Some(schema);
    while let Some(schema) = here {
        deepest += 1;
        here = schema.get("items").or_else(|| schema.get("additionalProperties"));
    }
    deepest
}

/// Returns the components that can hold themselves.
pub(crate) fn recursive(document: &Document) -> BTreeSet<String> {
    let components = document.components().map(|(name, schema)| {
        let mut names = Vec::new();
        references(schema, &mut names);
        (name, names)
    });
    let held: BTreeMap<&str, Vec<String>> = components.collect();
    let mut search = Search { held: &held, found: BTreeMap::new(), open: Vec::new() };
    let mut recursive = BTreeSet::new();
    for name in held.keys() {
        search.from(name, &mut recursive);
    }
    recursive
}

/// Finds the cycles of components with Tarjan's algorithm.
struct Search<'a> {
    held: &'a BTreeMap<&'a str, Vec<String>>,
    /// The position of each component in the order of visits; `usize::MAX` once its cycle is known.
    found: BTreeMap<&'a str, usize>,
    /// The visited components whose cycle is not known yet.
    open: Vec<&'a str>,
}

/// A component on the current path of the search.
struct Step<'a> {
    name: &'a str,
    /// The position of the earliest component that it is known to lead to.
    first: usize,
    /// The components that it holds and that were not visited yet.
    rest: std::slice::Iter<'a, String>,
}

impl<'a> Search<'a> {
    fn from(&mut self, start: &'a str, recursive: &mut BTreeSet<String>) {
        let mut way: Vec<Step<'a>> = Vec::from_iter(self.enter(start));
        while let Some(step) = way.last_mut() {
            if let Some(next) = step.rest.next() {
                if next == step.name {
                    recursive.insert(next.clone());
                }
                match self.found.get(&**next) {
                    Some(&usize::MAX) => {}
                    Some(&index) => step.first = step.first.min(index),
                    None => way.extend(self.enter(next)),
                }
                continue;
            }
            let (name, first) = (step.name, step.first);
            way.pop();
            if let Some(step) = way.last_mut() {
                step.first = step.first.min(first);
            }
            if self.found.get(name) == Some(&first) {
                let place = self.open.iter().rposition(|open| *open == name);
                let circle = self.open.split_off(place.unwrap_or(self.open.len()));
                for name in &circle {
                    self.found.insert(name, usize::MAX);
                }
                if circle.len() > 1 {
                    recursive.extend(circle.into_iter().map(str::to_owned));
                }
            }
        }
    }

    /// Visits a component. Returns `None` if it was visited before, or does not exist.
    fn enter(&mut self, name: &str) -> Option<Step<'a>> {
        let (&name, held) = self.held.get_key_value(name)?;
        if self.found.contains_key(name) {
            return None;
        }
        let index = self.found.len();
        self.found.insert(name, index);
        self.open.push(name);
        Some(Step { name, first: index, rest: held.iter() })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{recursive, run};
    use crate::document::schema::target;
    use crate::passes::base::testing::{RESPONSE, document};

    fn to(name: &str) -> Value {
        json!({ "$ref": format!("#/components/schemas/{name}") })
    }

    #[test]
    fn what_can_hold_itself_is_found_through_any_others() {
        let holds = |names: &[&str]| {
            let properties = names.iter().map(|name| ((*name).to_owned(), to(name)));
            json!({ "type": "object", "properties": Value::Object(properties.collect()) })
        };
        let components = json!({
            // A cycle with a branch, and ways into and out of it.
            "a": holds(&["b", "out"]), "b": holds(&["c", "d"]), "c": holds(&["a"]),
            "d": holds(&["c", "out"]), "into": holds(&["a", "out"]),
            "out": holds(&["end", "gone"]), "end": holds(&[]),
            "own": holds(&["own", "end"]),
            // Two cycles with one component in common.
            "x": holds(&["y", "z"]), "y": holds(&["x"]), "z": holds(&["x", "end"]),
        });
        let document = document(components, json!([]), json!({}));
        let found: Vec<String> = recursive(&document).into_iter().collect();
        assert_eq!(found, ["a", "b", "c", "d", "own", "x", "y", "z"]);
    }

    #[test]
    fn aliases_stand_where_they_are_used() {
        let components = json!({
            "number": { "type": "string", "description": "A number", "title": "Number" },
            "numbers": { "type": "array", "items": to("number") },
            "other": to("thing"),
            "thing": { "type": "object", "properties": { "numbers": to("numbers") } },
        });
        let schema = json!({ "allOf": [to("other")], "nullable": true });
        let mut document = document(components, json!([]), schema);
        run(&mut document).unwrap();
        let names: Vec<_> = document.components().map(|(name, _)| name).collect();
        assert_eq!(names, ["thing"]);
        assert_eq!(
            document.component("thing").unwrap()["properties"]["numbers"],
            json!({ "type": "array", "items": { "type": "string", "description": "A number" } })
        );
        let response = document.json().pointer(RESPONSE).unwrap();
        assert_eq!(response["nullable"], true);
        assert!(target(response) == Some("thing"));
    }

    #[test]
    fn an_alias_of_itself_is_refused() {
        for components in [
            json!({ "a": to("a") }),
            json!({ "a": to("b"), "b": to("a") }),
            json!({ "a": { "type": "array", "items": to("a") } }),
            json!({ "a": { "type": "object", "additionalProperties": to("a") } }),
        ] {
            let mut document = document(components, json!([]), json!({}));
            let error = run(&mut document).expect_err("refused");
            assert_eq!(error.pointer().as_str(), "/components/schemas/a");
        }
    }
}
