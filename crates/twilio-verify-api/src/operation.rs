//! The static description of operations.

use std::ops::RangeInclusive;

/// An operation of the document. The generated code has a constant for each.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Operation {
    /// Its `operationId` in the document.
    pub operation_id: &'static str,
    /// Its HTTP method.
    pub method: http::Method,
    /// Scheme and host of its server in the document; `https://localhost` if the document names no
    /// server.
    pub server: &'static str,
    /// Its path, with `{Name}` in place of each path parameter.
    pub path: &'static str,
    /// The statuses of successful responses: 2xx, or 3xx of an operation that redirects.
    pub success: &'static [RangeInclusive<u16>],
}
