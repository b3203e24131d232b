//! The response of an operation.

use std::time::Duration;

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;

use crate::contract::error::ApiError;

/// A successful response.
pub(crate) struct ApiResponse {
    status: StatusCode,
    /// The body, as JSON.
    body: Option<Vec<u8>>,
    /// How long the response is delayed.
    pub(crate) delay: Duration,
}

impl ApiResponse {
    /// Creates a response with status 200.
    pub(crate) fn ok(body: &impl Serialize) -> Result<Self, ApiError> {
        Self::new(StatusCode::OK, body)
    }

    /// Creates a response with status 201.
    pub(crate) fn created(body: &impl Serialize) -> Result<Self, ApiError> {
        Self::new(StatusCode::CREATED, body)
    }

    /// Creates a response with status 204: the resource is deleted.
    pub(crate) fn deleted() -> Self {
        Self { status: StatusCode::NO_CONTENT, body: None, delay: Duration::ZERO }
    }

    /// Returns the same response, sent after a delay.
    pub(crate) fn after(self, delay: Duration) -> Self {
        Self { delay, ..self }
    }

    fn new(status: StatusCode, body: &impl Serialize) -> Result<Self, ApiError> {
        let body = serde_json::to_vec(body).map_err(|_| ApiError::internal())?;
        Ok(Self { status, body: Some(body), delay: Duration::ZERO })
    }
}

impl IntoResponse for ApiResponse {
    fn into_response(self) -> Response {
        match self.body {
            None => self.status.into_response(),
            Some(body) => {
                let json = HeaderValue::from_static("application/json");
                (self.status, [(header::CONTENT_TYPE, json)], body).into_response()
            }
        }
    }
}
