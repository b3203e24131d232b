//! Requests to an emulator. Every response is checked against the API document.

use std::collections::HashMap;
use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use jsonschema::Validator;
use reqwest::{Client, Method, header::HeaderMap};
use serde_json::{Map, Value, json};
use twilio_verify_codegen::{Document, Unmatched, overlay};
use twilio_verify_emulator::{Clock, Emulator, EmulatorBuilder, ManualClock};

use crate::http::http;
use crate::support::now;

/// An emulator with a manual clock, and a client that checks its responses.
pub(crate) struct Api {
    pub(crate) emulator: Emulator,
    pub(crate) clock: ManualClock,
    http: Client,
}

/// A response that matches the document.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    /// Null without a body.
    pub(crate) body: Value,
}

impl Api {
    pub(crate) async fn start() -> Self {
        Self::with(|builder| builder).await
    }

    /// Starts an emulator with settings.
    pub(crate) async fn with(set: impl FnOnce(EmulatorBuilder) -> EmulatorBuilder) -> Self {
        let clock = ManualClock::at(now());
        let builder = set(Emulator::builder().clock(clock.clone()));
        Self { emulator: builder.start().await.unwrap(), clock, http: http() }
    }

    pub(crate) fn clock_date(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// The time of the clock, in seconds since 1970.
    pub(crate) fn clock_seconds(&self) -> i64 {
        self.clock.now().timestamp()
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.send(Method::GET, path, None).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Reply {
        self.send(Method::DELETE, path, None).await
    }

    /// POSTs a form.
    pub(crate) async fn post(&self, path: &str, form: &[(&str, &str)]) -> Reply {
        let mut body = url::form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(form);
        let body = ("application/x-www-form-urlencoded", body.finish());
        self.send(Method::POST, path, Some(body)).await
    }

    pub(crate) async fn post_json(&self, path: &str, body: &Value) -> Reply {
        let body = ("application/json", body.to_string());
        self.send(Method::POST, path, Some(body)).await
    }

    /// Creates a service with default settings; returns its path.
    pub(crate) async fn service(&self, form: &[(&str, &str)]) -> String {
        let mut form = form.to_vec();
        form.push(("FriendlyName", "Shop"));
        let service = self.post("/v2/Services", &form).await.created();
        format!("/v2/Services/{}", service["sid"].as_str().unwrap())
    }

    async fn send(&self, method: Method, path: &str, body: Option<(&str, String)>) -> Reply {
        let base = self.emulator.url();
        let path = path.strip_prefix(base).unwrap_or(path);
        let mut request = self
            .http
            .request(method.clone(), format!("{base}{path}"))
            .basic_auth(self.emulator.account_sid(), Some(self.emulator.auth_token()));
        if let Some((media_type, body)) = body {
            request = request.header("content-type", media_type).body(body);
        }
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = response.bytes().await.unwrap();
        let body = match bytes.is_empty() {
            true => Value::Null,
            false => serde_json::from_slice(&bytes).unwrap(),
        };
        check(&method, path, status, &body);
        Reply { status, headers, body }
    }
}

impl Reply {
    pub(crate) fn ok(self) -> Value {
        assert_eq!(self.status, 200, "{:?}", self.body);
        self.body
    }

    pub(crate) fn created(self) -> Value {
        assert_eq!(self.status, 201, "{:?}", self.body);
        self.body
    }

    pub(crate) fn deleted(self) {
        assert_eq!((self.status, self.body), (204, Value::Null));
    }

    /// Its message, if it is this error.
    #[track_caller]
    pub(crate) fn error(self, status: u16, code: u32) -> String {
        assert_eq!((self.status, &self.body["code"]), (status, &json!(code)), "{:?}", self.body);
        self.body["message"].as_str().unwrap().to_owned()
    }
}

/// An operation of the document: its path, split at the slashes, and a schema for each status.
struct Operation {
    method: String,
    path: Vec<String>,
    answers: HashMap<u16, Option<Validator>>,
}

/// What Twilio's pages say otherwise: the templates are for `voice`.
const CORRECTIONS: &str = r#"{
    "overlay": "1.0.0",
    "info": { "title": "Corrections", "version": "1.0.0" },
    "actions": [{
        "target": "$.components.schemas['verify.v2.verification_template'].properties['channels'].items",
        "description": "The page on templates.",
        "update": { "enum": ["voice"] }
    }]
}"#;

static OPERATIONS: LazyLock<Vec<Operation>> = LazyLock::new(|| {
    let mut document = Document::parse(include_str!("../../../../openapi/verify_v2.json")).unwrap();
    let added = include_str!("../../../../openapi/overlay.json");
    overlay::apply(&mut document, added, Unmatched::Error).unwrap();
    overlay::apply(&mut document, CORRECTIONS, Unmatched::Error).unwrap();
    let mut components = Map::new();
    for (name, component) in document.components() {
        components.insert(name.into(), strict(component, false));
    }
    let read = |(_, path, method, operation): (_, &str, &str, &Value)| Operation {
        method: method.to_uppercase(),
        path: path.split('/').map(str::to_owned).collect(),
        answers: operation["responses"]
            .as_object()
            .unwrap()
            .iter()
            .filter_map(|(status, answer)| {
                let content =
                    answer["content"].as_object().and_then(|content| content.values().next());
                let schema = content.map(|content| {
                    let mut schema = strict(&content["schema"], true);
                    // The response is a resource: all its fields are there, possibly null.
                    if let Some(name) =
                        content["schema"]["$ref"].as_str().and_then(|name| name.rsplit('/').next())
                    {
                        schema = strict(document.component(name).unwrap(), true);
                    }
                    schema["components"] = json!({ "schemas": components });
                    jsonschema::validator_for(&schema).unwrap()
                });
                Some((status.parse().ok()?, schema))
            })
            .collect(),
    };
    document.operations().into_iter().map(read).collect()
});

/// A schema of OpenAPI 3.0 as a JSON schema that allows only declared fields and, if `complete`, requires all of them.
fn strict(schema: &Value, complete: bool) -> Value {
    let Value::Object(schema) = schema else {
        return schema.clone();
    };
    let mut result = Map::new();
    for (keyword, value) in schema {
        let value = match (keyword.as_str(), value) {
            ("properties", Value::Object(properties)) => {
                let names: Vec<_> = properties.keys().cloned().collect();
                if complete {
                    result.insert("required".into(), names.into());
                }
                if !schema.contains_key("additionalProperties") {
                    result.insert("additionalProperties".into(), false.into());
                }
                properties
                    .iter()
                    .map(|(name, value)| (name.clone(), strict(value, false)))
                    .collect()
            }
            ("items" | "additionalProperties", value) => strict(value, false),
            ("allOf", Value::Array(schemas)) => {
                schemas.iter().map(|value| strict(value, false)).collect()
            }
            ("format" | "required", _) => continue,
            (_, value) => value.clone(),
        };
        result.insert(keyword.clone(), value);
    }
    if schema.get("nullable") == Some(&true.into()) {
        return json!({ "anyOf": [{ "type": "null" }, result] });
    }
    result.into()
}

/// Fails unless a response matches the document. Errors have Twilio's classic body.
fn check(method: &Method, path: &str, status: u16, body: &Value) {
    if status >= 400 {
        let code = &body["code"];
        let expected = json!({
            "code": code.as_u64().unwrap(),
            "message": body["message"].as_str().unwrap(),
            "more_info": format!("https://www.twilio.com/docs/errors/{code}"),
            "status": status,
        });
        assert_eq!(*body, expected);
        return;
    }
    let path: Vec<_> = path.split('?').next().unwrap().split('/').collect();
    let matches = |operation: &&Operation| {
        let parts = operation.path.iter().zip(&path);
        operation.method == method.as_str()
            && operation.path.len() == path.len()
            && parts.into_iter().all(|(own, part)| own.starts_with('{') || own == part)
    };
    let found = OPERATIONS.iter().filter(matches);
    let operation = found
        .min_by_key(|operation| operation.path.iter().filter(|part| part.starts_with('{')).count());
    let operation = operation.unwrap_or_else(|| panic!("{method} {path:?} is not in the document"));
    match operation.answers.get(&status) {
        None => panic!("{method} {path:?}: the document declares no {status}"),
        Some(None) => assert_eq!(*body, Value::Null),
        Some(Some(schema)) => {
            let faults: Vec<_> = schema
                .iter_errors(body)
                .map(|fault| format!("{}: {fault}", fault.instance_path()))
                .collect();
            assert_eq!(faults, [] as [String; 0], "{method} {path:?}");
        }
    }
}
