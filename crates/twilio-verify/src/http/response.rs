//! What a response says: an error, or a body that can't be read.

use std::time::SystemTime;

use http::HeaderMap;
use serde::de::DeserializeOwned;
use serde_json::error::Category;
use serde_path_to_error::Segment;
use twilio_verify_api::types::ApiError;

use super::retry_after::retry_after;
use crate::codes;
use crate::error::{Error, ErrorKind};

/// An answer that is an error, in any of the shapes that there are.
pub(crate) fn refused(headers: &HeaderMap, status: u16, body: &[u8]) -> Error {
    let parsed: Option<ApiError> = is_object(body)
        .then(|| serde_json::from_slice(body).ok())
        .flatten();
    let parsed = parsed.unwrap_or_default();
    let reason = match parsed.code.and_then(codes::meaning) {
        Some(meaning) => meaning,
        None => match status {
            300..=399 => "a redirect, which is not followed",
            401 => "the credentials are not accepted",
            403 => "not allowed",
            404 => "there is no such resource",
            429 => "too many requests",
            500..=599 => "the server failed",
            _ => "refused",
        },
    };
    Error::new(ErrorKind::Refused, reason)
        .with_code(parsed.code, parsed.message.or(parsed.detail))
        .with_retry_after(retry_after(headers, SystemTime::now()))
}

/// Whether a body can be what all of Twilio's are. An array must not pass: a
/// struct can be read from one.
pub(crate) fn is_object(body: &[u8]) -> bool {
    body.trim_ascii_start().first() == Some(&b'{')
}

pub(crate) fn not_an_object(body: &[u8]) -> &'static str {
    match serde_json::from_slice::<serde::de::IgnoredAny>(body) {
        Ok(_) => "it is JSON, but not an object",
        Err(_) => "it is not JSON",
    }
}

/// An answer that is not what the document says: names the field.
pub(crate) fn unreadable<T: DeserializeOwned>(body: &[u8]) -> Error {
    let reader = &mut serde_json::Deserializer::from_slice(body);
    match serde_path_to_error::deserialize::<_, T>(reader) {
        Ok(_) => Error::new(ErrorKind::Unreadable, "there is more after its end"),
        Err(error) => {
            let path = known_path(error.path());
            let error = error.into_inner();
            let reason = match error.classify() {
                // The text of such an error repeats what was received.
                Category::Data => {
                    let reason = expectation(&error);
                    let place = if path.is_empty() { "the whole" } else { &path };
                    return Error::new(ErrorKind::Unreadable, format!("{place}: {reason}"));
                }
                _ if body.is_empty() => "it is empty".to_owned(),
                _ => format!("it is not JSON: {error}"),
            };
            Error::new(ErrorKind::Unreadable, reason).with_source(error)
        }
    }
}

/// The path of a field. The names within a map are what was received, and may
/// be private: what doesn't look like a field's name is left out.
fn known_path(path: &serde_path_to_error::Path) -> String {
    let mut text = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => text.push_str(&format!("[{index}]")),
            Segment::Map { key } => {
                let name = key
                    .bytes()
                    .all(|c| c.is_ascii_lowercase() || c == b'_' || c == b'2');
                let dot = if text.is_empty() { "" } else { "." };
                text.push_str(dot);
                text.push_str(if name { key } else { "…" });
            }
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    text
}

/// What was expected in place of what was received, without the latter.
fn expectation(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let repeats = [
        "invalid type: ",
        "invalid value: ",
        "invalid length ",
        "unknown ",
    ];
    if !repeats.iter().any(|start| text.starts_with(start)) {
        return text;
    }
    match text.rsplit_once(", expected ") {
        Some((_, expected)) => format!("expected {expected}"),
        None => format!(
            "another value at line {} column {}",
            error.line(),
            error.column()
        ),
    }
}

pub(crate) fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}
