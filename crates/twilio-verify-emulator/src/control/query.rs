//! Values that several requests to `/_emulator/` have.

use axum::extract::rejection::{JsonRejection, QueryRejection};

use crate::contract::error::ApiError;

/// How many items a list has at most, and by default.
pub(crate) const MOST: usize = 1000;
pub(crate) const DEFAULT_LIMIT: usize = 100;

/// The number of items that a request asks for.
pub(crate) fn limit(given: Option<usize>, default: usize) -> Result<usize, ApiError> {
    match given.unwrap_or(default) {
        limit @ 1..=MOST => Ok(limit),
        _ => Err(ApiError::control("limit: expected a whole number from 1 to 1000")),
    }
}

/// A value that a query gives as text, or nothing if that is empty.
pub(crate) fn parsed<T: std::str::FromStr>(
    name: &str,
    text: Option<&str>,
    expected: &str,
) -> Result<Option<T>, ApiError> {
    let text = text.filter(|text| !text.is_empty());
    let value = text.map(str::parse).transpose();
    value.map_err(|_| ApiError::control(format!("{name}: expected {expected}")))
}

/// A query with an unknown name or an invalid value, of which nothing is repeated.
pub(crate) fn invalid_query(expected: &'static str) -> impl Fn(QueryRejection) -> ApiError {
    move |_| ApiError::control(format!("invalid query: expected {expected}"))
}

/// A body that is not the JSON that is expected, of which nothing is repeated.
pub(crate) fn invalid_body(expected: &'static str) -> impl Fn(JsonRejection) -> ApiError {
    move |_| ApiError::control(format!("expected {expected}"))
}
