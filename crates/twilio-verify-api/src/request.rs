//! Requests, as the generated code makes them.

use std::error::Error;
use std::fmt;

use serde::de::DeserializeOwned;

use crate::Operation;

/// A request that is made, and not yet sent. Its answer is a `T`.
pub struct Request<T> {
    /// The operation that it is of.
    pub operation: &'static Operation,
    /// What is to be sent, but for credentials.
    pub http: reqwest::Request,
    /// Reads the body of an answer that is no error.
    pub read: fn(&[u8]) -> serde_json::Result<T>,
}

impl<T> fmt::Debug for Request<T> {
    /// Without the URL and the body: they hold what is asked for.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("operation", &self.operation.operation_id)
            .finish_non_exhaustive()
    }
}

impl<T: DeserializeOwned> Request<T> {
    /// A request that is answered with JSON.
    pub fn json(operation: &'static Operation, http: reqwest::Request) -> Self {
        Self {
            operation,
            http,
            read: |body| serde_json::from_slice(body),
        }
    }
}

impl Request<()> {
    /// A request whose answer says nothing but that all went well.
    pub fn empty(operation: &'static Operation, http: reqwest::Request) -> Self {
        Self {
            operation,
            http,
            read: |_| Ok(()),
        }
    }
}

impl Request<Vec<u8>> {
    /// A request that is answered with whatever it may be.
    pub fn bytes(operation: &'static Operation, http: reqwest::Request) -> Self {
        Self {
            operation,
            http,
            read: |body| Ok(body.to_vec()),
        }
    }
}

/// Why a request can't be made of the values that it was to be made of: one of
/// them can't be written in a header, or in a body of that type.
#[derive(Debug)]
pub struct RequestError(Box<dyn Error + Send + Sync>);

impl fmt::Display for RequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the request can't be built")
    }
}

impl Error for RequestError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.0)
    }
}

impl From<reqwest::Error> for RequestError {
    /// The URL holds what was asked for, phone numbers included.
    fn from(error: reqwest::Error) -> Self {
        Self(error.without_url().into())
    }
}

impl From<http::header::InvalidHeaderValue> for RequestError {
    fn from(error: http::header::InvalidHeaderValue) -> Self {
        Self(error.into())
    }
}

impl From<serde_html_form::ser::Error> for RequestError {
    fn from(error: serde_html_form::ser::Error) -> Self {
        Self(error.into())
    }
}
