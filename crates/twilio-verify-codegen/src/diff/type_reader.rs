//! Reads schemas and named types from the two forms of a document, which are walked in parallel.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::{Map, Value};

use super::api::{Field, Inner, Kind, Schema, Type};
use super::keywords::{Keywords, documentation, is_true, keywords, only_reference, resolve};
use super::severity::Direction;
use crate::document::document::Document;
use crate::document::json::text;
use crate::document::mark;
use crate::document::schema::{redacted, reference, target};

/// The types that were found so far.
pub(super) struct Types<'a> {
    pub(super) wire: &'a Document,
    pub(super) lowered: &'a Document,
    pub(super) found: BTreeMap<String, Type>,
    walked: BTreeSet<(String, Option<Direction>)>,
    /// The keywords of components.
    keywords: BTreeMap<String, Arc<Keywords>>,
    /// The components that are being walked, where no named type stops the walk.
    within: Vec<String>,
    /// The components that were already walked within something that Rust users don't see; `None`
    /// elsewhere. Each is walked once there.
    unseen: Option<BTreeSet<String>>,
}

impl<'a> Types<'a> {
    pub(super) fn new(wire: &'a Document, lowered: &'a Document) -> Self {
        Self {
            wire,
            lowered,
            found: BTreeMap::new(),
            walked: BTreeSet::new(),
            keywords: BTreeMap::new(),
            within: Vec::new(),
            unseen: None,
        }
    }

    /// Reads a schema, and all types that it leads to. Rust users don't see a schema without a
    /// lowered form.
    pub(super) fn schema(
        &mut self,
        lowered: Option<&Value>,
        wire: &Value,
        direction: Option<Direction>,
    ) -> Schema {
        let resolved = resolve(self.wire, wire);
        let mut schema = Schema {
            rust: lowered.map(|lowered| self.label(lowered)),
            named: None,
            keywords: self.keywords(wire, &resolved),
            docs: documentation(wire),
            inner: Inner::default(),
        };
        let document = self.lowered;
        let component = lowered.and_then(target);
        let component = component.and_then(|name| Some((name, document.component(name)?)));
        let Some((name, component)) = component else {
            schema.inner = self.inner(lowered, wire, &resolved, direction);
            return schema;
        };
        if let Some(item) = component.get(mark::PAGE_ITEM).and_then(Value::as_str) {
            schema.inner = self.page(component, item, &resolved, direction);
            return schema;
        }
        let name = redacted(component).unwrap_or(name);
        match document.component(name) {
            Some(component) if !self.is_leaf(component) => {
                schema.named = Some(name.to_owned());
                if target(wire).is_none() && component.get(mark::SID).is_none() {
                    // The documentation here is that of the type.
                    schema.docs.clear();
                }
                self.walk(name, component, wire, direction);
            }
            _ => schema.inner = self.inner(None, wire, &resolved, direction),
        }
        schema
    }

    fn keywords(&mut self, wire: &Value, resolved: &Value) -> Arc<Keywords> {
        let Some(name) = only_reference(wire) else {
            return Arc::new(keywords(resolved));
        };
        if let Some(known) = self.keywords.get(name) {
            return known.clone();
        }
        let new = Arc::new(keywords(resolved));
        self.keywords.insert(name.to_owned(), new.clone());
        new
    }

    /// Reads the types that no operation leads to.
    pub(super) fn unused(&mut self) {
        let document = self.lowered;
        for (name, component) in document.components() {
            if self.is_leaf(component)
                || component.get(mark::PAGE_ITEM).is_some()
                || component.get(mark::QUERY).is_some()
            {
                continue;
            }
            let wire = match self.wire.component(text(component, mark::WIRE_NAME)) {
                Some(wire) => wire.clone(),
                None => component.clone(),
            };
            // No operation declares the body of errors.
            let received = is_true(component, mark::RECEIVED);
            let direction = received.then_some(Direction::Response);
            if !self.found.contains_key(name) {
                self.walk(name, component, &wire, direction);
            }
        }
    }

    fn walk(&mut self, name: &str, component: &Value, wire: &Value, direction: Option<Direction>) {
        if !self.walked.insert((name.to_owned(), direction)) {
            return;
        }
        let resolved = resolve(self.wire, wire);
        let inner = self.inner(Some(component), wire, &resolved, direction);
        let found = self.found.entry(name.to_owned()).or_insert_with(|| Type {
            kind: kind(component),
            wire_name: text(component, mark::WIRE_NAME).to_owned(),
            rust_type: text(component, mark::RUST_TYPE).to_owned(),
            directions: BTreeSet::new(),
            keywords: keywords(&resolved),
            docs: documentation(&resolved),
            inner,
            extra: component.get("additionalProperties").is_some_and(Value::is_object),
        });
        found.directions.extend(direction);
    }

    /// Reads the contents of a schema, except those of named types.
    fn inner(
        &mut self,
        lowered: Option<&Value>,
        wire: &Value,
        resolved: &Value,
        direction: Option<Direction>,
    ) -> Inner {
        let names = stands_for(wire);
        let is_first = lowered.is_none() && self.unseen.is_none();
        if lowered.is_none() {
            let unseen = self.unseen.get_or_insert_default();
            let again = |name| self.within.contains(name) || unseen.contains(name);
            if names.iter().any(again) {
                self.unseen = self.unseen.take().filter(|_| !is_first);
                return Inner::default();
            }
            unseen.extend(names.iter().cloned());
        }
        let depth = self.within.len();
        self.within.extend(names);
        let mut inner = Inner::default();
        let properties = |schema: &Value| {
            let properties = schema.get("properties").and_then(Value::as_object);
            properties.cloned().unwrap_or_default()
        };
        let all = match lowered {
            // Properties that a pass added exist only in the lowered form.
            Some(lowered) => merge(properties(resolved), properties(lowered)),
            None => properties(resolved),
        };
        let received = lowered.is_some_and(|lowered| is_true(lowered, mark::RECEIVED));
        let required = resolved.get("required").and_then(Value::as_array);
        let required: BTreeSet<&str> =
            required.into_iter().flatten().filter_map(Value::as_str).collect();
        for (property, wire) in &all {
            let typed = lowered.and_then(|lowered| lowered.get("properties")?.get(property));
            let required = required.contains(&**property);
            let field = Field {
                required,
                optional: match typed {
                    Some(typed) if received => typed.get("default").is_none(),
                    Some(typed) => required && is_true(typed, "nullable"),
                    None => false,
                },
                rust_name: match text(typed.unwrap_or(&Value::Null), mark::RUST_NAME) {
                    "" => property.clone(),
                    name => name.to_owned(),
                },
                schema: self.schema(typed, wire, direction),
            };
            inner.fields.insert(property.clone(), field);
        }
        for (key, label) in [("items", "[]"), ("additionalProperties", "{}")] {
            if let Some(wire) = resolved.get(key).filter(|part| says_something(part)) {
                let typed = lowered.and_then(|lowered| lowered.get(key));
                let schema = self.schema(typed, wire, direction);
                inner.parts.insert(label.to_owned(), schema);
            }
        }
        for key in ["anyOf", "oneOf"] {
            let parts = resolved.get(key).and_then(Value::as_array);
            for (index, wire) in parts.into_iter().flatten().enumerate() {
                let typed = lowered.and_then(|lowered| lowered.get(key)?.get(index));
                let schema = self.schema(typed, wire, direction);
                inner.parts.insert(format!("({key} {index})"), schema);
            }
        }
        self.within.truncate(depth);
        if is_first {
            self.unseen = None;
        }
        inner
    }

    /// Reads a page: its items are a type, and the rest is only seen on the wire.
    fn page(
        &mut self,
        page: &Value,
        item: &str,
        resolved: &Value,
        direction: Option<Direction>,
    ) -> Inner {
        let key = text(page, mark::PAGE_KEY);
        let mut rest = resolved.clone();
        let items = rest
            .pointer_mut("/properties")
            .and_then(|properties| properties.get_mut(key)?.get_mut("items"))
            .map(Value::take);
        if let (Some(items), Some(component)) = (items, self.lowered.component(item)) {
            self.walk(item, component, &items, direction);
        }
        self.inner(None, &rest, &rest, direction)
    }

    /// Whether a component exists only to be replaced by a hand-written type.
    fn is_leaf(&self, component: &Value) -> bool {
        let has = |key| component.get(key).is_some();
        has(mark::RUST_TYPE)
            && !has(mark::OPEN_ENUM)
            && !has(mark::SID)
            && self.wire.component(text(component, mark::WIRE_NAME)).is_none()
    }

    /// Returns the name of the type for Rust users, like the surface, but with the size of numbers.
    fn label(&self, lowered: &Value) -> String {
        if let Some(name) = target(lowered) {
            let Some(component) = self.lowered.component(name) else {
                return name.to_owned();
            };
            let item = text(component, mark::PAGE_ITEM);
            return match (item, text(component, mark::LABEL)) {
                ("", "") => name.to_owned(),
                ("", label) => label.to_owned(),
                (item, _) => format!("page of {item}"),
            };
        }
        let within = |key: &str| match lowered.get(key) {
            Some(inner) if says_something(inner) => format!(" of {}", self.label(inner)),
            _ => String::new(),
        };
        match (text(lowered, "type"), text(lowered, "format")) {
            ("array", _) => format!("list{}", within("items")),
            ("object", _) => format!("map{}", within("additionalProperties")),
            ("", _) => "any".to_owned(),
            // These are one type in Rust.
            (kind @ "integer", "int64") | (kind @ "number", "double") | (kind, "") => {
                kind.to_owned()
            }
            (kind, format) => format!("{kind} ({format})"),
        }
    }
}

/// Whether a schema has any keywords.
fn says_something(schema: &Value) -> bool {
    schema.as_object().is_some_and(|schema| !schema.is_empty())
}

/// Returns the components that a schema refers to, or is composed of.
fn stands_for(schema: &Value) -> Vec<String> {
    let parts = schema.get("allOf").and_then(Value::as_array);
    let parts = parts.into_iter().flatten().chain([schema]);
    let names = parts.filter_map(reference);
    names.map(str::to_owned).collect()
}

fn merge(mut map: Map<String, Value>, more: Map<String, Value>) -> Map<String, Value> {
    for (key, value) in more {
        map.entry(key).or_insert(value);
    }
    map
}

fn kind(component: &Value) -> Kind {
    if let Some(letters) = component.get(mark::SID).and_then(Value::as_str) {
        return Kind::Sid(letters.to_owned());
    }
    let variants = component.get(mark::OPEN_ENUM).and_then(Value::as_array);
    if let Some(variants) = variants {
        let pair = |pair: &Value| {
            Some((pair.get(0)?.as_str()?.to_owned(), pair.get(1)?.as_str()?.to_owned()))
        };
        return Kind::Enum(variants.iter().filter_map(pair).collect());
    }
    Kind::Plain(match text(component, "type") {
        "object" | "" => "struct",
        "array" => "list",
        "string" => "text",
        _ => "number",
    })
}
