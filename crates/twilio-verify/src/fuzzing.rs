//! What this crate's fuzz targets reach of its private parts. No part of the
//! public API, and free to change.

use std::time::{Duration, SystemTime};

use http::HeaderMap;
use serde::de::DeserializeOwned;
use url::Url;

use crate::error::Error;
use crate::http::{response, retry_after};
use crate::transport::shared;

/// The error of an answer that is one.
pub fn refused(headers: &HeaderMap, status: u16, body: &[u8]) -> Error {
    response::refused(headers, status, body)
}

/// The error of a body that can't be read as the type.
pub fn unreadable<T: DeserializeOwned>(body: &[u8]) -> Error {
    response::unreadable::<T>(body)
}

/// The URL of a page, as a client of that base URL follows it.
///
/// # Errors
///
/// When the client doesn't follow it.
pub fn page_url(base: &Url, url: &str) -> Result<Url, Error> {
    shared::page_url(base, url)
}

/// The wait that the headers of an answer ask for.
pub fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    retry_after::retry_after(headers, now)
}
