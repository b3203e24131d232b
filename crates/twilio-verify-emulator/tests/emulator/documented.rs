//! Requests to `/_emulator/`. Every response is checked against `openapi.json`.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use jsonschema::Validator;
use reqwest::{Client, Method};
use serde_json::{Value, json};
use twilio_verify_emulator::Emulator;

use crate::http::http;

/// The control of an emulator, by its document.
pub(crate) struct Control<'a> {
    emulator: &'a Emulator,
    http: Client,
    pub(crate) document: Value,
    /// The `operationId` of each operation that has succeeded.
    pub(crate) seen: Mutex<BTreeSet<String>>,
}

impl<'a> Control<'a> {
    pub(crate) async fn of(emulator: &'a Emulator) -> Self {
        let http = http();
        let url = format!("{}/_emulator/openapi.json", emulator.url());
        let document = http.get(url).send().await.unwrap().json().await.unwrap();
        Self { emulator, http, document, seen: Mutex::default() }
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        self.send(Method::GET, path, None, 200).await
    }

    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
        status: u16,
    ) -> Value {
        let url = format!("{}/_emulator/{path}", self.emulator.url());
        let mut request = self.http.request(method.clone(), url);
        if let Some(body) = body {
            request = request.json(body);
        }
        let response = request.send().await.unwrap();
        let given = response.status().as_u16();
        let media_type = response.headers().get("content-type").cloned();
        let text = match path {
            // It never ends.
            "changes" => String::new(),
            _ => response.text().await.unwrap(),
        };
        assert_eq!(given, status, "{method} {path}: {text}");
        let operation = self.operation(&method, path);
        let declared = operation["responses"].get(given.to_string());
        let error = &self.document["components"]["responses"]["Error"];
        let declared = declared.unwrap_or_else(|| {
            assert!(given >= 400, "{method} {path}: undeclared status {given}");
            error
        });
        if given < 400 {
            let id = operation["operationId"].as_str().unwrap().to_owned();
            self.seen.lock().unwrap_or_else(PoisonError::into_inner).insert(id);
        }
        let Some(content) = declared.get("content") else {
            assert_eq!(text, "", "{method} {path}");
            return Value::Null;
        };
        let media_type = media_type.unwrap().to_str().unwrap().to_owned();
        let media_type = media_type.split(';').next().unwrap();
        let schema =
            &content.get(media_type).unwrap_or_else(|| panic!("{path}: {media_type}"))["schema"];
        if media_type != "application/json" {
            return text.into();
        }
        let value: Value = serde_json::from_str(&text).unwrap();
        let errors: Vec<_> = self
            .validator(schema)
            .iter_errors(&value)
            .map(|error| format!("{} at {}", error, error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{method} {path}: {errors:#?}\n{value:#}");
        value
    }

    fn validator(&self, schema: &Value) -> Validator {
        let schema = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "allOf": [schema],
            "components": self.document["components"],
        });
        jsonschema::validator_for(&schema).unwrap()
    }

    /// The declaration of a request. A path without parameters comes first.
    fn operation(&self, method: &Method, path: &str) -> &Value {
        let path = path.split('?').next().unwrap();
        let path: Vec<&str> = path.split('/').collect();
        let matches = |template: &str| {
            let template: Vec<&str> =
                template.strip_prefix("/_emulator/").unwrap().split('/').collect();
            template.len() == path.len()
                && template
                    .iter()
                    .zip(&path)
                    .all(|(own, given)| own.starts_with('{') || own == given)
        };
        let paths = self.document["paths"].as_object().unwrap();
        let mut paths: Vec<_> = paths.iter().filter(|(template, _)| matches(template)).collect();
        paths.sort_by_key(|(template, _)| template.matches('{').count());
        let (_, operations) = paths.first().unwrap_or_else(|| panic!("undocumented: {path:?}"));
        &operations[method.as_str().to_lowercase()]
    }

    /// The operations that no request has shown to work.
    pub(crate) fn unseen(&self) -> Vec<String> {
        let paths = self.document["paths"].as_object().unwrap().values();
        let operations = paths.flat_map(|operations| operations.as_object().unwrap().values());
        let ids = operations.map(|operation| operation["operationId"].as_str().unwrap().to_owned());
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        ids.filter(|id| !seen.contains(id)).collect()
    }
}
