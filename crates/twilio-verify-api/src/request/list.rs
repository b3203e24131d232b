//! Requests for lists.

use crate::operation::Operation;
use crate::request::error::RequestError;
use crate::request::request::Request;
use crate::response::page::Page;
use crate::values::redacted::Redacted;

/// A list to read: where it begins, and its maximum number of items.
#[derive(Debug)]
pub struct List<T> {
    /// The operation that lists.
    pub operation: &'static Operation,
    /// Where the list begins.
    pub start: ListStart<T>,
    /// The maximum number of items in all; `None` for all of them.
    pub limit: Option<usize>,
}

/// Where a list begins.
#[derive(Debug)]
pub enum ListStart<T> {
    /// With the page that this request fetches.
    Request(Result<Box<Request<Page<T>>>, RequestError>),
    /// With the page at this URL, as an earlier response named it.
    Url(Redacted<String>),
}
