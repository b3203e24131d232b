//! Extracts the operations from the document, for the build script and for tests
//! of other documents.

use std::collections::BTreeSet;

use serde_json::{Map, Value};
use twilio_verify_codegen::Document;

use super::names;
use super::operation::{Kind, Operation, Parameter, Place, Response, Schema, Shown};

/// The parameters that page a list; `--limit` and `--page-size` set them.
const PAGING: [&str; 3] = ["Page", "PageSize", "PageToken"];

/// The flags of this program that parameters can't use.
const RESERVED: [&str; 19] = [
    "base-url",
    "bom",
    "color",
    "config-file",
    "edge",
    "emulator",
    "help",
    "limit",
    "local",
    "no-limit",
    "output",
    "page-size",
    "profile",
    "properties",
    "raw",
    "region",
    "timeout",
    "verbose",
    "yes",
];

/// The depth to which fields are followed. No resource is that deep, but a
/// schema may contain itself.
const DEPTH: usize = 8;

/// Returns all operations of a document to which its overlay was applied.
pub(crate) fn operations(document: &Document) -> Vec<Operation> {
    let mut taken = BTreeSet::new();
    document
        .operations()
        .into_iter()
        .map(|(_, path, method, operation)| {
            let item = &document.json()["paths"][path];
            let id = text(operation, "operationId");
            let mut words = names::resource(path);
            words.push(names::verb(id, method, path).to_owned());
            if !taken.insert(words.clone()) {
                // If another operation has the same words, this one is named by its id.
                words.pop();
                words.push(names::kebab(id));
                taken.insert(words.clone());
            }
            Operation {
                id: id.to_owned(),
                method: method.to_uppercase(),
                path: path.to_owned(),
                words,
                about: described(operation, &["summary", "description"]),
                resource: described(item, &["description", "summary"]),
                parameters: parameters(document, path, item, operation),
                response: response(document, item, operation),
            }
        })
        .collect()
}

/// Returns the parameters and the fields of the body, each with a unique flag.
fn parameters(document: &Document, path: &str, item: &Value, operation: &Value) -> Vec<Parameter> {
    let mut parameters = Vec::new();
    let own = operation["parameters"].as_array();
    let shared = item["parameters"].as_array();
    for parameter in own.into_iter().chain(shared).flatten() {
        let parameter = resolve(document, parameter);
        let name = text(&parameter, "name");
        let place = match text(&parameter, "in") {
            "path" => Place::Path,
            "query" if !PAGING.contains(&name) => Place::Query,
            // The client itself sets headers and cookies.
            _ => continue,
        };
        let required = place == Place::Path || parameter["required"] == true;
        let schema = resolve(document, &parameter["schema"]);
        let mut parsed = field(document, name, place, required, &schema);
        if let Some(description) = parameter["description"].as_str() {
            parsed.description = description.to_owned();
        }
        parsed.secret |= is_secret(&parameter);
        if !parameters.iter().any(|known: &Parameter| known.place == place && known.name == name) {
            parameters.push(parsed);
        }
    }
    let body = resolve(document, &operation["requestBody"]);
    if let Some((media_type, content)) =
        body["content"].as_object().and_then(|all| all.iter().next())
    {
        let place = match media_type.ends_with("json") {
            true => Place::Json,
            false => Place::Form,
        };
        let schema = resolve(document, &content["schema"]);
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            let required = list(&schema["required"]).any(|required| required == name);
            let property = resolve(document, property);
            parameters.push(field(document, name, place, required, &property));
        }
    }
    let position = |parameter: &Parameter| match parameter.place {
        Place::Path => path.find(&format!("{{{}}}", parameter.name)),
        _ => None,
    };
    // Sort by the order of the path, required ones before others.
    parameters.sort_by_key(|parameter| (parameter.place, position(parameter), !parameter.required));
    let mut taken: BTreeSet<String> = RESERVED.map(ToOwned::to_owned).into();
    for parameter in &mut parameters {
        while !taken.insert(parameter.flag.clone()) {
            parameter.flag = format!("field-{}", parameter.flag);
        }
    }
    for parameter in &mut parameters {
        let dashed = parameter.flag.replace('.', "-");
        parameter.dashed = taken.insert(dashed.clone()).then_some(dashed);
    }
    parameters
}

fn field(
    document: &Document,
    name: &str,
    place: Place,
    required: bool,
    schema: &Value,
) -> Parameter {
    Parameter {
        name: name.to_owned(),
        flag: names::kebab(name),
        dashed: None,
        value_name: names::last_word(name),
        place,
        required,
        description: described(schema, &["description", "title"]),
        secret: is_secret(schema),
        schema: self::schema(document, schema),
    }
}

fn schema(document: &Document, schema: &Value) -> Schema {
    let size = |name: &str| schema[name].as_u64().and_then(|n| usize::try_from(n).ok());
    let number = |name: &str| schema[name].as_i64();
    let kind = kind(document, schema);
    let is_list = matches!(kind, Kind::List(_));
    Schema {
        known: list(&schema["enum"]).map(ToOwned::to_owned).collect(),
        pattern: schema["pattern"].as_str().map(ToOwned::to_owned),
        minimum: number("minimum"),
        maximum: number("maximum"),
        shortest: size(if is_list { "minItems" } else { "minLength" }),
        longest: size(if is_list { "maxItems" } else { "maxLength" }),
        kind,
    }
}

fn kind(document: &Document, schema: &Value) -> Kind {
    match (text(schema, "type"), text(schema, "format")) {
        ("integer", _) => Kind::Integer,
        ("number", _) => Kind::Number,
        ("boolean", _) => Kind::Boolean,
        ("string", "date-time" | "date-time-rfc-2822") => Kind::Instant,
        ("string", "iso-country-code") => Kind::Country,
        ("string", _) => Kind::Text,
        ("array", _) => {
            let items = resolve(document, &schema["items"]);
            Kind::List(Box::new(self::schema(document, &items)))
        }
        _ if schema["enum"].is_array() => Kind::Text,
        _ => Kind::Json,
    }
}

/// Returns the content of the first successful response with a body.
fn response(document: &Document, item: &Value, operation: &Value) -> Option<Response> {
    let responses = operation["responses"].as_object()?;
    let schema = responses.iter().filter(|(status, _)| status.starts_with('2')).find_map(
        |(_, response)| {
            let response = resolve(document, response);
            let content = response["content"].as_object()?;
            let (_, content) = content.iter().find(|(media, _)| media.ends_with("json"))?;
            Some(resolve(document, &content["schema"]))
        },
    )?;
    let listed = listed(document, &schema);
    let (list, schema) = match listed {
        Some((name, items)) => (Some(name), items),
        None => (None, schema),
    };
    let (mut fields, mut maps) = (Vec::new(), Vec::new());
    follow(document, &schema, "", DEPTH, &mut |path, schema| {
        if matches!(kind(document, schema), Kind::Json) {
            maps.push(path.to_owned());
        }
        fields.push(path.to_owned());
    });
    Some(Response { list, fields, maps, columns: columns(document, item, &schema) })
}

/// Returns the name of the list that a response holds beside the page's `meta`,
/// and the schema of its items.
fn listed(document: &Document, schema: &Value) -> Option<(String, Value)> {
    let properties = schema["properties"].as_object()?;
    properties.get("meta")?;
    properties.iter().find_map(|(name, property)| {
        let property = resolve(document, property);
        let is_list = text(&property, "type") == "array";
        is_list.then(|| (name.clone(), resolve(document, &property["items"])))
    })
}

/// Returns the fields of a table: those that the document names for it, lists
/// and maps, or all fields if it doesn't name any. The SID is last.
fn columns(document: &Document, item: &Value, schema: &Value) -> Vec<Shown> {
    let named: Vec<&str> = list(&item["x-twilio"]["defaultOutputProperties"]).collect();
    let mut shown: Vec<Shown> = Vec::new();
    let properties = schema["properties"].as_object();
    for (name, property) in properties.into_iter().flatten() {
        let property = resolve(document, property);
        let is_map =
            property["additionalProperties"].is_object() && property["properties"].is_null();
        let holds_several = text(&property, "type") == "array" || is_map && name != "links";
        if named.is_empty() || named.contains(&name.as_str()) || holds_several {
            shown.push(Shown { field: name.clone(), kind: kind(document, &property) });
        }
    }
    let position = |shown: &Shown| named.iter().position(|name| *name == shown.field);
    shown.sort_by_key(|shown| {
        let position = position(shown).unwrap_or(named.len());
        (shown.field == "sid", position)
    });
    shown
}

/// Visits all fields of a schema, with the path and the schema of each.
fn follow(
    document: &Document,
    schema: &Value,
    path: &str,
    depth: usize,
    visit: &mut dyn FnMut(&str, &Value),
) {
    match schema["properties"].as_object() {
        Some(properties) if depth > 0 && !properties.is_empty() => {
            for (name, property) in properties {
                let path = match path {
                    "" => name.clone(),
                    _ => format!("{path}.{name}"),
                };
                follow(document, &resolve(document, property), &path, depth - 1, visit);
            }
        }
        _ => visit(path, schema),
    }
}

/// Returns the target of a reference, with the keywords beside it. A composition
/// of one schema is replaced by that schema.
fn resolve(document: &Document, value: &Value) -> Value {
    fn within(document: &Document, value: &Value, depth: usize) -> Value {
        let Some(depth) = depth.checked_sub(1) else {
            return Value::Null;
        };
        let target = value["$ref"]
            .as_str()
            .and_then(|target| document.json().pointer(target.strip_prefix('#')?))
            .or_else(|| match value["allOf"].as_array()?.as_slice() {
                [only] => Some(only),
                _ => None,
            });
        let Some(target) = target else {
            return value.clone();
        };
        let mut resolved = within(document, target, depth);
        if let (Some(resolved), Some(beside)) = (resolved.as_object_mut(), value.as_object()) {
            let beside: Map<String, Value> = beside
                .iter()
                .filter(|(key, _)| !["$ref", "allOf"].contains(&key.as_str()))
                .map(|(key, value)| (key.clone(), value.clone()))
                .collect();
            resolved.extend(beside);
        }
        resolved
    }
    within(document, value, DEPTH)
}

/// Whether Twilio marks a value as sensitive.
fn is_secret(schema: &Value) -> bool {
    schema.pointer("/x-twilio/pii/handling").and_then(Value::as_str) == Some("sensitive")
}

/// Returns the first of these texts that is not empty.
fn described(value: &Value, keys: &[&str]) -> String {
    let mut texts = keys.iter().map(|key| text(value, key));
    texts.find(|text| !text.is_empty()).unwrap_or_default().trim().to_owned()
}

fn list(value: &Value) -> impl Iterator<Item = &str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str)
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}
