//! Hides credentials and secrets in the log of requests. Codes are shown, as the outbox shows them anyway.

use http::{HeaderMap, header};
use secrecy::ExposeSecret;
use serde_json::{Map, Value, json};
use url::form_urlencoded;

use crate::app::log::RecordedBody;
use crate::app::shared::Shared;

const HIDDEN: &str = "[hidden]";

/// Parameters and fields that hold secrets, in lower case and without `_`: the last part of a dotted name.
const FIELDS: [&str; 13] = [
    "authpayload",
    "authtoken",
    "binding",
    "clientsecret",
    "notificationtoken",
    "password",
    "privatekey",
    "refreshtoken",
    "accesstoken",
    "secret",
    "snaclienttoken",
    "token",
    "uri",
];

/// Parts of the names of headers that hold secrets.
const HEADERS: [&str; 6] = ["authorization", "cookie", "token", "secret", "api-key", "password"];

/// Hides the secrets of an emulator.
pub(crate) struct Hidden<'a> {
    secrets: Vec<&'a str>,
}

impl<'a> Hidden<'a> {
    pub(crate) fn of(app: &'a Shared) -> Self {
        let settings = &app.settings;
        let others = settings.credentials.iter().map(|credential| credential.secret());
        let secrets = std::iter::once(settings.auth_token.expose_secret()).chain(others);
        Self { secrets: secrets.filter(|secret| !secret.is_empty()).collect() }
    }

    /// Replaces the secrets of the account in a text.
    pub(crate) fn text(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for secret in &self.secrets {
            if text.contains(secret) {
                text = text.replace(secret, HIDDEN);
            }
        }
        text
    }

    /// Shows headers as pairs, in their order, without secrets.
    pub(crate) fn headers(&self, headers: &HeaderMap) -> Value {
        let pairs = headers.iter().map(|(name, value)| {
            let text = String::from_utf8_lossy(value.as_bytes());
            let is_secret = HEADERS.iter().any(|part| name.as_str().contains(part));
            let shown = match text.split_once(' ') {
                _ if !is_secret => self.text(&text),
                // The scheme distinguishes Basic from Bearer.
                Some((scheme, _)) if *name == header::AUTHORIZATION && is_word(scheme) => {
                    format!("{scheme} {HIDDEN}")
                }
                _ => HIDDEN.to_owned(),
            };
            json!({ "name": name.as_str(), "value": shown })
        });
        pairs.collect()
    }

    /// Shows a body: its length, and its text if it is kept.
    pub(crate) fn body(&self, body: &RecordedBody, headers: &HeaderMap) -> Value {
        let media_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let text = body.is_kept().then(|| self.body_text(&body.bytes));
        json!({ "media_type": media_type, "length": body.length, "text": text })
    }

    fn body_text(&self, bytes: &[u8]) -> String {
        let text = String::from_utf8_lossy(bytes);
        if let Ok(mut value) = serde_json::from_str::<Value>(&text) {
            hide_fields(&mut value);
            return self.text(&value.to_string());
        }
        let pairs = form_urlencoded::parse(bytes);
        if text.contains('=') && pairs.clone().any(|(name, _)| is_secret(&name)) {
            let mut form = form_urlencoded::Serializer::new(String::new());
            for (name, value) in pairs {
                form.append_pair(&name, if is_secret(&name) { HIDDEN } else { &value });
            }
            return self.text(&form.finish());
        }
        self.text(&text)
    }
}

fn is_word(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphabetic())
}

fn is_secret(name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or(name).replace('_', "").to_ascii_lowercase();
    FIELDS.contains(&last.as_str())
}

fn hide_fields(value: &mut Value) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(hide_fields),
        Value::Object(fields) => hide_in(fields),
        _ => {}
    }
}

fn hide_in(fields: &mut Map<String, Value>) {
    for (name, value) in fields {
        match value {
            Value::Null => {}
            value if is_secret(name) => *value = HIDDEN.into(),
            value => hide_fields(value),
        }
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    const SECRET: &str = "4f1d27a0secret";

    fn hidden() -> Hidden<'static> {
        Hidden { secrets: vec![SECRET] }
    }

    #[test]
    fn no_secret_is_left_in_a_body() {
        for body in [
            r#"{"binding":{"secret":"4f1d","uri":"otpauth://x"},"sid":"YF1"}"#.to_owned(),
            r#"{"list":[{"Token":"4f1d"}],"sid":"YF1"}"#.to_owned(),
            "sid=YF1&AuthPayload=4f1d".to_owned(),
            "sid=YF1&Config.NotificationToken=4f1d".to_owned(),
            format!("sid=YF1&other={SECRET}"),
            format!("sid YF1 {SECRET}"),
        ] {
            let text = hidden().body_text(body.as_bytes());
            assert!(!text.contains("4f1d") && !text.contains("otpauth"), "{text}");
            assert!(text.contains("YF1") && text.contains("hidden"), "{text}");
        }
        let form = "To=%2B573003003030&Channel=sms";
        assert_eq!(hidden().body_text(form.as_bytes()), form);
        assert_eq!(hidden().body_text(b"\xff"), "\u{fffd}");
    }

    #[test]
    fn no_secret_is_left_in_a_header() {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("authorization", "Basic QUM6MTEx"),
            ("proxy-authorization", "Basic QUM6MTEx"),
            ("cookie", "a=QUM6MTEx"),
            ("x-api-key", "QUM6MTEx"),
            ("user-agent", "curl/8"),
        ] {
            headers.insert(name, HeaderValue::from_static(value));
        }
        let shown = hidden().headers(&headers).to_string();
        assert!(!shown.contains("QUM6MTEx"), "{shown}");
        assert!(shown.contains("Basic [hidden]") && shown.contains("curl/8"), "{shown}");
    }
}
