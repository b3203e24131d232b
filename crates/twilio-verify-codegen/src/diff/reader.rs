//! Reads operations from the two forms of a document.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::api::{Api, Body, Field, Operation, Schema};
use super::keywords::{
    Keywords, bare, documentation, follow, is_documentation, is_true, resolve, show,
};
use super::severity::Direction;
use super::type_reader::Types;
use crate::document::document::Document;
use crate::document::error::Error;
use crate::document::json::text;
use crate::document::mark;
use crate::document::schema::target;
use crate::document::warning::Warning;
use crate::lower::{Input, Lowered, lower};

impl Api {
    /// Reads a document: overlays and lowers it.
    ///
    /// # Errors
    ///
    /// The same as [`surface`](crate::surface()).
    pub fn read(input: &Input<'_>) -> Result<Self, Error> {
        let Lowered { published, document, warnings } = lower(input)?;
        Ok(both(&published, &document, warnings))
    }
}

/// Reads a document, in the forms before and after lowering.
fn both(wire: &Document, lowered: &Document, warnings: Vec<Warning>) -> Api {
    let info = &wire.json()["info"];
    let mut docs = info.as_object().cloned().unwrap_or_default();
    docs.retain(|key, _| key != "title" && key != "version");
    let mut types = Types::new(wire, lowered);
    let mut operations = Vec::new();
    for (_, path, method, operation) in lowered.operations() {
        let item = &wire.json()["paths"][path];
        let reader = Reader { root: wire.json(), item, wire: &item[method], lowered: operation };
        operations.push(reader.read(path, method, &mut types));
    }
    types.unused();
    Api {
        title: text(info, "title").to_owned(),
        version: text(info, "version").to_owned(),
        docs,
        operations,
        types: types.found,
        warnings,
    }
}

/// An operation, in both forms.
struct Reader<'a> {
    root: &'a Value,
    item: &'a Value,
    wire: &'a Value,
    lowered: &'a Value,
}

/// The keywords of an operation that are read by name; all others are unknown rules.
const KNOWN: [&str; 6] =
    ["operationId", "parameters", "requestBody", "responses", "security", "servers"];

impl Reader<'_> {
    fn read(&self, path: &str, method: &str, types: &mut Types<'_>) -> Operation {
        let mut operation = Operation {
            id: text(self.lowered, "operationId").to_owned(),
            rust_name: match text(self.lowered, mark::RUST_NAME) {
                "" => text(self.lowered, "operationId").to_owned(),
                name => name.to_owned(),
            },
            method: method.to_uppercase(),
            path: path.to_owned(),
            docs: self.documentation(),
            order: Vec::new(),
            servers: self.servers(),
            security: self.security(),
            parameters: Default::default(),
            body: self.body(types),
            answer: None,
            successes: BTreeSet::new(),
            errors: BTreeSet::new(),
            headers: Default::default(),
            rules: rules(self.wire, &KNOWN),
        };
        self.parameters(&mut operation, types);
        self.responses(&mut operation, types);
        operation
    }

    /// Follows the reference of a request body or a response.
    fn follow<'a>(&'a self, json: &'a Value) -> &'a Value {
        follow(self.root, json)
    }

    fn documentation(&self) -> Map<String, Value> {
        let mut docs = documentation(self.wire);
        docs.insert("path".to_owned(), documentation(self.item).into());
        let body = self.wire.get("requestBody").map(|body| self.follow(body));
        let content = body.and_then(|body| body.get("content")?.as_object());
        for (media, content) in content.into_iter().flatten() {
            docs.insert(media.clone(), documentation(content).into());
        }
        docs
    }

    /// Returns the values of the operation, or else of the path, or else of the document.
    fn nearest(&self, key: &str) -> impl Iterator<Item = &Value> {
        let places = [self.wire, self.item, self.root];
        let nearest = places.into_iter().find_map(|place| place.get(key));
        nearest.and_then(Value::as_array).into_iter().flatten()
    }

    fn servers(&self) -> BTreeSet<String> {
        let servers = self.nearest("servers");
        servers.map(|server| text(server, "url").to_owned()).collect()
    }

    /// Returns the ways to authenticate, each with the definitions of its schemes.
    fn security(&self) -> BTreeSet<String> {
        let schemes = self.root.pointer("/components/securitySchemes");
        let way = |way: &Value| {
            let names = way.as_object().into_iter().flatten();
            let parts = names.map(|(name, scopes)| {
                let scheme = schemes.and_then(|schemes| schemes.get(name));
                let scheme = scheme.map(bare).unwrap_or_default();
                let words = scheme.as_object().into_iter().flatten();
                let words: Vec<_> = words.map(|(_, word)| show(word)).collect();
                let scopes = match scopes.as_array() {
                    Some(scopes) if !scopes.is_empty() => {
                        format!(" {}", Value::from(scopes.clone()))
                    }
                    _ => String::new(),
                };
                format!("{name} ({}){scopes}", words.join(" "))
            });
            match parts.collect::<Vec<_>>().join(" and ") {
                none if none.is_empty() => "none".to_owned(),
                parts => parts,
            }
        };
        self.nearest("security").map(way).collect()
    }

    fn parameters(&self, operation: &mut Operation, types: &mut Types<'_>) {
        let all = |holder: &Value| {
            let all = holder.get("parameters").and_then(Value::as_array);
            all.cloned().unwrap_or_default()
        };
        let mut wire = all(self.wire);
        wire.extend(all(self.item));
        let wire: Vec<&Value> = wire.iter().map(|wire| self.follow(wire)).collect();
        let (mut known, mut places) = (BTreeMap::new(), BTreeMap::new());
        for (place, wire) in wire.iter().copied().enumerate() {
            known.entry((text(wire, "in"), text(wire, "name"))).or_insert(wire);
            places.entry(text(wire, "name")).or_insert(place);
        }
        let mut lowered = all(self.lowered);
        lowered.extend(self.query(types));
        for lowered in lowered {
            let key = (text(&lowered, "in").to_owned(), text(&lowered, "name").to_owned());
            let wire = known.get(&(&*key.0, &*key.1)).copied().unwrap_or(&lowered);
            let none = Value::Null;
            let mut schema = types.schema(
                Some(lowered.get("schema").unwrap_or(&none)),
                wire.get("schema").unwrap_or(&none),
                Some(Direction::Request),
            );
            schema.docs.append(&mut documentation(wire));
            Arc::make_mut(&mut schema.keywords)
                .append(&mut rules(wire, &["in", "name", "required", "schema"]));
            let field = Field {
                required: is_true(wire, "required"),
                optional: false,
                rust_name: key.1.clone(),
                schema,
            };
            operation.order.push(key.1.clone());
            operation.parameters.insert(key, field);
        }
        // Lowering sorts the query parameters, so the original order is restored.
        operation.order.sort_by_key(|name| places.get(&**name).copied());
    }

    /// Returns the query parameters, which lowering turns into one object.
    fn query(&self, types: &Types<'_>) -> Vec<Value> {
        let query = self.lowered.get(mark::QUERY).and_then(target);
        let query = query.and_then(|name| types.lowered.component(name));
        let properties = query.and_then(|query| query.get("properties")?.as_object());
        let properties = properties.into_iter().flatten();
        properties
            .map(|(name, schema)| json!({ "in": "query", "name": name, "schema": schema }))
            .collect()
    }

    fn body(&self, types: &mut Types<'_>) -> Option<Body> {
        let body = self.follow(self.wire.get("requestBody")?);
        let (media, lowered) = content(self.lowered.get("requestBody")?)?;
        let wire = content_of(body, media)?;
        let schema = types.schema(Some(lowered), wire, Some(Direction::Request));
        let fields = resolve(types.wire, wire);
        let fields = fields.get("required").and_then(Value::as_array);
        Some(Body {
            media: media.to_owned(),
            field: Field {
                required: is_true(body, "required") || fields.is_some_and(|all| !all.is_empty()),
                optional: false,
                rust_name: String::new(),
                schema,
            },
        })
    }

    fn responses(&self, operation: &mut Operation, types: &mut Types<'_>) {
        let responses = self.wire.get("responses").and_then(Value::as_object);
        for (status, wire) in responses.into_iter().flatten() {
            let wire = self.follow(wire);
            let lowered = self.lowered["responses"].get(status);
            let lowered = lowered.filter(|_| !status.starts_with(['4', '5']));
            let known = if let Some(lowered) = lowered {
                operation.successes.insert(status.clone());
                if self.lowered.get(mark::REDIRECT).is_some() {
                    let rust = Some("redirect".to_owned());
                    operation.answer = Some(Schema { rust, ..Schema::default() });
                } else if let Some((media, lowered)) = content(lowered) {
                    let wire = content_of(wire, media).unwrap_or(lowered);
                    let answer = types.schema(Some(lowered), wire, Some(Direction::Response));
                    operation.answer.get_or_insert(answer);
                }
                &["content"][..]
            } else {
                operation.errors.insert(status.clone());
                &[]
            };
            let mut docs = documentation(wire);
            docs.extend(self.headers(operation, status, wire, types));
            operation.docs.insert(status.clone(), docs.into());
            for (key, value) in rules(wire, known) {
                if key != "headers" {
                    operation.rules.insert(format!("{status} {key}"), value);
                }
            }
        }
    }

    /// Reads the headers of a response. Returns those that only browsers read.
    fn headers(
        &self,
        operation: &mut Operation,
        status: &str,
        response: &Value,
        types: &mut Types<'_>,
    ) -> Map<String, Value> {
        let all = response.get("headers").and_then(Value::as_object);
        let (browsers, other): (Vec<_>, Vec<_>) =
            all.into_iter().flatten().partition(|(name, _)| is_for_browsers(name));
        for (name, header) in other {
            let header = self.follow(header);
            let direction = Some(Direction::Response);
            let schema = header.get("schema").unwrap_or(&Value::Null);
            let mut schema = types.schema(None, schema, direction);
            schema.docs.append(&mut documentation(header));
            Arc::make_mut(&mut schema.keywords).append(&mut rules(header, &["required", "schema"]));
            let field = Field {
                required: is_true(header, "required"),
                optional: false,
                rust_name: name.clone(),
                schema,
            };
            operation.headers.insert((status.to_owned(), name.to_ascii_lowercase()), field);
        }
        browsers.into_iter().map(|(name, header)| (name.clone(), header.clone())).collect()
    }
}

/// Whether a response header only tells browsers what pages may do.
fn is_for_browsers(header: &str) -> bool {
    header.to_ascii_lowercase().starts_with("access-control-")
}

/// Returns the media type and the schema of a lowered body, if it has a schema.
fn content(body: &Value) -> Option<(&str, &Value)> {
    let mut content = body.get("content")?.as_object()?.iter();
    let (media, content) = content.next()?;
    Some((media, content.get("schema")?))
}

/// Returns the schema of that media type, or else of the first one.
fn content_of<'a>(body: &'a Value, media: &str) -> Option<&'a Value> {
    let content = body.get("content")?.as_object()?;
    let content = content.get(media).or_else(|| content.values().next())?;
    content.get("schema")
}

fn rules(json: &Value, known: &[&str]) -> Keywords {
    let object = json.as_object().into_iter().flatten();
    object
        .filter(|(key, value)| {
            !known.contains(&key.as_str()) && !is_documentation(key) && **value != false
        })
        .map(|(key, value)| (key.clone(), bare(value)))
        .collect()
}
