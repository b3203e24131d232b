//! Runs a fact against an emulator of its own.

use std::collections::HashMap;

use chrono::DateTime;
use reqwest::Client;
use reqwest::header::HeaderMap;
use serde_json::Value;
use twilio_verify_emulator::{Emulator, ManualClock, Template, TemplateSid};

use crate::device::Device;
use crate::http::http;
use crate::script::{Action, Expected, Fact, Step, words};

const SERVICE: &str = "VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

/// An emulator, and the values of variables.
struct Run {
    emulator: Emulator,
    http: Client,
    variables: HashMap<String, String>,
    device: Device,
}

pub(crate) async fn run(fact: &Fact) -> Result<(), String> {
    let now = DateTime::from_timestamp(1_111_111_109, 0).unwrap();
    let greeting = Template::new(TemplateSid::from_u128(0xa1), "Greeting")
        .translation("en", "{{code}} at {{place}}")
        .unapproved_translation("de", "{{code}} in {{place}}");
    let written = Template::new(TemplateSid::from_u128(0xa2), "Written")
        .channels(["sms"])
        .translation("en", "{{code}}");
    let mut builder = Emulator::builder()
        .clock(ManualClock::at(now))
        .code("482913")
        .template(greeting)
        .template(written)
        .service(SERVICE.parse().unwrap(), "Shop");
    for variant in &fact.variants {
        builder = builder.variant(variant.parse().unwrap());
    }
    let device = Device::new();
    let service = format!("/v2/Services/{SERVICE}");
    let variables = [
        ("to", "+573003003030"),
        ("service", &service),
        ("entity", &format!("{service}/Entities/customer-4f1d27a0")),
        ("key", &device.public_key),
        ("another-key", &Device::new().public_key),
        ("secret", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"),
        ("greeting", "HJ000000000000000000000000000000a1"),
        ("written", "HJ000000000000000000000000000000a2"),
    ];
    let variables =
        variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let emulator = builder.start().await.unwrap();
    let mut run = Run { emulator, http: http(), variables, device };
    for step in &fact.steps {
        for number in 1..=step.times {
            run.variables.insert("n".into(), format!("{number:03}"));
            let done = run.step(step).await;
            done.map_err(|fault| format!("line {}, request {number}: {fault}", step.line))?;
        }
    }
    Ok(())
}

impl Run {
    async fn step(&mut self, step: &Step) -> Result<(), String> {
        let (method, credentials, rest) = match &step.action {
            Action::Sign { variable, claims } => {
                let claims = serde_json::from_str(&self.filled(claims));
                let token = self.device.sign(&claims.map_err(|error| error.to_string())?);
                self.variables.insert(variable.clone(), token);
                return Ok(());
            }
            Action::Request { method, credentials, rest } => (method, credentials, rest),
        };
        let rest = self.filled(rest);
        let (path, parameters) = rest.split_once(' ').unwrap_or((&rest, ""));
        let base = if path.starts_with('/') { self.emulator.url() } else { "" };
        let request = self.http.request(method.parse().unwrap(), format!("{base}{path}"));
        let credentials = credentials.as_ref().map(|credentials| self.filled(credentials));
        let (user, password) = match &credentials {
            Some(credentials) => credentials.split_once(':').unwrap(),
            None => (self.emulator.account_sid(), self.emulator.auth_token()),
        };
        let request = request.basic_auth(user, Some(password));
        let request = if parameters.starts_with('{') {
            request.header("content-type", "application/json").body(parameters.to_owned())
        } else if parameters.is_empty() {
            request
        } else {
            let mut form = url::form_urlencoded::Serializer::new(String::new());
            for word in words(parameters) {
                let (name, value) = word.split_once('=').ok_or(format!("{word}: no value"))?;
                form.append_pair(name, value);
            }
            let media_type = "application/x-www-form-urlencoded";
            request.header("content-type", media_type).body(form.finish())
        };
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.unwrap();
        let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
        self.compare(&step.expected, status, &headers, &body)
    }

    fn compare(
        &mut self,
        expected: &Expected,
        status: u16,
        headers: &HeaderMap,
        body: &Value,
    ) -> Result<(), String> {
        let code = body["code"].as_u64();
        if (status, code.filter(|_| status >= 400)) != (expected.status, expected.code) {
            return Err(format!(
                "expected {} {:?}, got {status} {body}",
                expected.status, expected.code
            ));
        }
        for word in words(&self.filled(&expected.fields)) {
            let found = |name: &str| match name.strip_prefix("header:") {
                Some(name) => headers.get(name).map(|value| value.to_str().unwrap().into()),
                None => field(body, name).cloned(),
            };
            if let Some(name) = word.strip_suffix('!') {
                if found(name).is_some() {
                    return Err(format!("{name} is in {body}"));
                }
            } else if let Some((name, variable)) = word.split_once("->") {
                let value = found(name).ok_or(format!("no {name} in {body}"))?;
                self.variables.insert(variable.to_owned(), text(&value));
            } else {
                let (name, expected) = word.split_once('=').ok_or(format!("{word}: no value"))?;
                let value = found(name).ok_or(format!("no {name} in {body}"))?;
                let is_right = match expected {
                    "*" => !value.is_null(),
                    expected => text(&value) == expected,
                };
                if !is_right {
                    return Err(format!("{name}: expected {expected}, got {value}"));
                }
            }
        }
        Ok(())
    }

    /// A text with the values of variables in place of `{name}`.
    fn filled(&self, text: &str) -> String {
        let variables = self.variables.iter();
        variables.fold(text.to_owned(), |text, (name, value)| {
            text.replace(&format!("{{{name}}}"), value)
        })
    }
}

/// A field by its path, such as `send_code_attempts.0.time`; the body itself is `body`.
fn field<'a>(body: &'a Value, path: &str) -> Option<&'a Value> {
    if path == "body" {
        return Some(body);
    }
    path.split('.').try_fold(body, |value, name| match name.parse::<usize>() {
        Ok(index) => value.get(index),
        Err(_) => value.get(name),
    })
}

/// A value as the facts write it: a string without quotes, with `\\n` for a line break; anything else as JSON.
fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), |text| text.replace('\n', "\\n"))
}
