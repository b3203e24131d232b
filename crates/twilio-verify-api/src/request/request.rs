//! A request that is built and not sent yet.

use std::fmt;

use serde::de::DeserializeOwned;

use crate::operation::Operation;
use crate::request::http_request::HttpRequest;
use crate::response::read::{self, ReadError, Received};

/// A request that is built and not sent yet. Its response is a `T`.
///
/// It holds no credentials: a [`Sender`](crate::Sender) adds them.
pub struct Request<T> {
    /// The operation that the request belongs to.
    pub operation: &'static Operation,
    /// Method, URL, headers and body.
    pub http: HttpRequest,
    /// Reads the body of a successful response.
    pub read: fn(&[u8]) -> Result<T, ReadError>,
    /// The paths of the fields that could not be understood, for a log.
    pub unread: fn(&T) -> Vec<String>,
}

impl<T> fmt::Debug for Request<T> {
    /// Shows neither the URL nor the body: they hold personal data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("operation", &self.operation.operation_id)
            .finish_non_exhaustive()
    }
}

impl<T: Received> Request<T> {
    /// A request whose response is a resource, or a page of a list.
    pub fn json(operation: &'static Operation, http: HttpRequest) -> Self {
        let unread = |response: &T| {
            let mut paths = Vec::new();
            response.unread(&mut paths);
            paths
        };
        Self { operation, http, read: read::body, unread }
    }
}

impl<T: DeserializeOwned> Request<T> {
    /// A request whose response is JSON of any kind.
    pub fn value(operation: &'static Operation, http: HttpRequest) -> Self {
        let read = |body: &[u8]| serde_json::from_slice(body).map_err(|_| ReadError::of::<T>(body));
        Self { operation, http, read, unread: |_| Vec::new() }
    }
}

impl Request<()> {
    /// A request whose response has no body that matters.
    pub fn empty(operation: &'static Operation, http: HttpRequest) -> Self {
        Self { operation, http, read: |_| Ok(()), unread: |()| Vec::new() }
    }
}

impl Request<Vec<u8>> {
    /// A request whose response is of any media type.
    pub fn bytes(operation: &'static Operation, http: HttpRequest) -> Self {
        Self { operation, http, read: |body| Ok(body.to_vec()), unread: |_| Vec::new() }
    }
}
