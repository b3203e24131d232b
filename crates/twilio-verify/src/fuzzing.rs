//! The private functions that the fuzz targets call. Compiled for them and for this crate's own
//! tests only.

use std::time::{Duration, SystemTime};

use http::HeaderMap;
use serde::de::DeserializeOwned;
use twilio_verify_api::ReadError;
use url::Url;

use crate::error::Error;
use crate::http::{response, retry_after};
use crate::transport::shared;

/// The error of a response with an error status.
pub fn refused(headers: &HeaderMap, status: u16, body: &[u8]) -> Error {
    response::refused(headers, status, body)
}

/// The error of a body that can't be read as a `T`.
pub fn unreadable<T: DeserializeOwned>(body: &[u8]) -> Error {
    response::unreadable(ReadError::of::<T>(body))
}

/// The URL of a page, for a client with that base URL.
///
/// # Errors
///
/// If the client rejects it.
pub fn page_url(base: &Url, url: &str) -> Result<Url, Error> {
    shared::page_url(base, url)
}

/// How long a response asks to wait.
pub fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    retry_after::retry_after(headers, now)
}
