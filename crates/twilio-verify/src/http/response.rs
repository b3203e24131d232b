//! Responses: errors, and bodies that can't be read.

use std::time::SystemTime;

use http::{HeaderMap, StatusCode};
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::error::Category;
use twilio_verify_api::types::ApiError;

use super::field_path;
use super::retry_after::retry_after;
use crate::codes;
use crate::error::{Error, ErrorKind};

/// A response whose body was read.
#[derive(Clone)]
pub(crate) struct Response {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

/// The error of a response with an error status, whatever its body is.
pub(crate) fn refused(headers: &HeaderMap, status: u16, body: &[u8]) -> Error {
    let parsed: Option<ApiError> =
        is_object(body).then(|| serde_json::from_slice(body).ok()).flatten();
    let parsed = parsed.unwrap_or_default();
    let meaning = parsed.code.and_then(codes::meaning);
    let reason = meaning.unwrap_or(match status {
        300..=399 => "a redirect, which is not followed",
        401 => "the credentials were rejected",
        403 => "not allowed",
        404 => "not found",
        429 => "too many requests",
        500..=599 => "the server failed",
        _ => "the request was rejected",
    });
    Error::new(ErrorKind::Refused, reason).with(|details| {
        details.code = parsed.code;
        details.server_message = parsed.message.or(parsed.detail);
        details.retry_after = retry_after(headers, SystemTime::now());
    })
}

/// Whether a body starts as a JSON object, as all of Twilio's are. Without this check a struct
/// could be read from an array.
pub(crate) fn is_object(body: &[u8]) -> bool {
    body.trim_ascii_start().first() == Some(&b'{')
}

/// The error of a body that is not an object.
pub(crate) fn not_an_object(body: &[u8]) -> Error {
    let reason = match serde_json::from_slice::<IgnoredAny>(body) {
        Ok(_) => "it is JSON, but not an object",
        Err(_) => "it is not JSON",
    };
    Error::new(ErrorKind::Unreadable, reason)
}

/// The error of a body that can't be read as a `T`. Names the field.
pub(crate) fn unreadable<T: DeserializeOwned>(body: &[u8]) -> Error {
    let reader = &mut serde_json::Deserializer::from_slice(body);
    let Err(error) = serde_path_to_error::deserialize::<_, T>(reader) else {
        return Error::new(ErrorKind::Unreadable, "it has trailing characters");
    };
    let path = field_path::shown::<T>(error.path(), body);
    let error = error.into_inner();
    if error.classify() == Category::Data {
        // Without the source: its text repeats what was received.
        let place = if path.is_empty() { "the body" } else { &path };
        let reason = format!("{place}: {}", expectation(&error));
        return Error::new(ErrorKind::Unreadable, reason);
    }
    let reason = match body {
        [] => "it is empty".to_owned(),
        _ => format!("it is not JSON: {error}"),
    };
    Error::new(ErrorKind::Unreadable, reason).with_source(error)
}

/// What was expected, without what was received. A message of a type's own may hold that, and is
/// left out.
fn expectation(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rsplit_once(", expected ") {
        Some((_, expected)) => format!("expected {expected}"),
        None if text.starts_with("missing field") || text.starts_with("duplicate field") => text,
        None => format!("invalid value at line {} column {}", error.line(), error.column()),
    }
}
