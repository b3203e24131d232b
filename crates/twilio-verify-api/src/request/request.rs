//! A request that is built and not sent yet.

use std::fmt;

use serde::de::DeserializeOwned;

use crate::operation::Operation;
use crate::request::http_request::HttpRequest;

/// A request that is built and not sent yet. Its response is a `T`.
///
/// It holds no credentials: a [`Sender`](crate::Sender) adds them.
pub struct Request<T> {
    /// The operation that the request belongs to.
    pub operation: &'static Operation,
    /// Method, URL, headers and body.
    pub http: HttpRequest,
    /// Reads the body of a successful response.
    pub read: fn(&[u8]) -> serde_json::Result<T>,
}

impl<T> fmt::Debug for Request<T> {
    /// Shows neither the URL nor the body: they hold personal data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("operation", &self.operation.operation_id)
            .finish_non_exhaustive()
    }
}

impl<T: DeserializeOwned> Request<T> {
    /// A request whose response is JSON.
    pub fn json(operation: &'static Operation, http: HttpRequest) -> Self {
        Self { operation, http, read: |body| serde_json::from_slice(body) }
    }
}

impl Request<()> {
    /// A request whose response has no body that matters.
    pub fn empty(operation: &'static Operation, http: HttpRequest) -> Self {
        Self { operation, http, read: |_| Ok(()) }
    }
}

impl Request<Vec<u8>> {
    /// A request whose response is of any media type.
    pub fn bytes(operation: &'static Operation, http: HttpRequest) -> Self {
        Self { operation, http, read: |body| Ok(body.to_vec()) }
    }
}
