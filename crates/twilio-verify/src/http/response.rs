//! Responses: errors, and bodies that can't be read.

use std::time::SystemTime;

use http::{HeaderMap, StatusCode};
use twilio_verify_api::types::ApiError;
use twilio_verify_api::{ReadError, read_leniently};

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

/// Returns the error of a response with an error status, whatever its body is.
pub(crate) fn refused(headers: &HeaderMap, status: u16, body: &[u8]) -> Error {
    // Fields are read one by one, so that a malformed text doesn't cost the code.
    let parsed: ApiError = read_leniently(body).unwrap_or_default();
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

/// Returns the error of a body that can't be read.
pub(crate) fn unreadable(error: ReadError) -> Error {
    Error::new(ErrorKind::Unreadable, error.to_string()).with_source(error)
}
