//! An HTTP request as an operation describes it.

use std::fmt;

use bytes::Bytes;
use http::{HeaderMap, Method};
use url::Url;

/// An HTTP request as an operation describes it, without credentials.
#[derive(Clone)]
pub struct HttpRequest {
    /// The method.
    pub method: Method,
    /// The URL on the document's server. A [`Sender`](crate::Sender) that sends
    /// to another server replaces scheme, host and port.
    pub url: Url,
    /// The headers.
    pub headers: HeaderMap,
    /// The body; empty for a request without one.
    pub body: Bytes,
}

impl fmt::Debug for HttpRequest {
    /// Shows only the method: everything else can hold personal data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpRequest").field("method", &self.method).finish_non_exhaustive()
    }
}
