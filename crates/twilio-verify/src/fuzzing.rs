//! The private functions that the fuzz targets call. They are compiled only for these and for this
//! crate's own tests.

use std::time::{Duration, SystemTime};

use http::HeaderMap;
use serde::de::DeserializeOwned;
use twilio_verify_api::ReadError;
use url::Url;

use crate::error::Error;
use crate::http::{response, retry_after};
use crate::transport::shared;

/// Returns the error of a response with an error status.
pub fn refused(headers: &HeaderMap, status: u16, body: &[u8]) -> Error {
    response::refused(headers, status, body)
}

/// Returns the error of a body that can't be read as a `T`.
pub fn unreadable<T: DeserializeOwned>(body: &[u8]) -> Error {
    response::unreadable(ReadError::of::<T>(body))
}

/// Returns the URL of a page, for a client with that base URL.
///
/// # Errors
///
/// Returns an error if the client rejects the URL.
pub fn page_url(base: &Url, url: &str) -> Result<Url, Error> {
    shared::page_url(base, url)
}

/// Returns how long a response asks to wait.
pub fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    retry_after::retry_after(headers, now)
}
