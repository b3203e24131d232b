//! Query parameters and bodies that several requests to `/_emulator/` share.

use axum::extract::rejection::{JsonRejection, QueryRejection};

use crate::contract::error::ApiError;

/// The maximum and the default number of items in a list.
pub(crate) const MOST: usize = 1000;
pub(crate) const DEFAULT_LIMIT: usize = 100;

/// Returns the requested number of items.
pub(crate) fn limit(given: Option<usize>, default: usize) -> Result<usize, ApiError> {
    match given.unwrap_or(default) {
        limit @ 1..=MOST => Ok(limit),
        _ => Err(ApiError::control("limit: expected a whole number from 1 to 1000")),
    }
}

/// Parses a query parameter. An empty one counts as absent.
pub(crate) fn parsed<T: std::str::FromStr>(
    name: &str,
    text: Option<&str>,
    expected: &str,
) -> Result<Option<T>, ApiError> {
    let text = text.filter(|text| !text.is_empty());
    let value = text.map(str::parse).transpose();
    value.map_err(|_| ApiError::control(format!("{name}: expected {expected}")))
}

/// Reports a query with an unknown name or an invalid value. The message does not repeat the query.
pub(crate) fn invalid_query(expected: &'static str) -> impl Fn(QueryRejection) -> ApiError {
    move |_| ApiError::control(format!("invalid query: expected {expected}"))
}

/// Reports a body that is not the expected JSON. The message does not repeat the body.
pub(crate) fn invalid_body(expected: &'static str) -> impl Fn(JsonRejection) -> ApiError {
    move |_| ApiError::control(format!("expected {expected}"))
}
