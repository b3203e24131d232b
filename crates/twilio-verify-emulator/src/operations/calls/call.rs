//! A request that has passed every check of the document, and what it is answered with.

use std::str::FromStr;
use std::time::Duration;

use axum::response::{IntoResponse, Response};
use chrono::{DateTime, SubsecRound, Utc};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::app::shared::Shared;
use crate::contract::error::ApiError;
use crate::state::account::State;
use crate::values::sid::{AccessTokenSid, ServiceSid};

/// What serves an operation.
pub(crate) type Handler = fn(&mut Call<'_>) -> Result<Answer, ApiError>;

/// A call of an operation: the state it works on, and its parameters, checked.
pub(crate) struct Call<'a> {
    pub(crate) app: &'a Shared,
    pub(crate) state: &'a mut State,
    /// When the request came.
    pub(crate) now: DateTime<Utc>,
    pub(crate) requested: &'a str,
    /// What let the request in, in place of the account's credentials.
    pub(crate) access_token: Option<AccessTokenSid>,
    pub(crate) path: Map<String, Value>,
    pub(crate) parameters: Map<String, Value>,
}

impl Call<'_> {
    /// The parameters of the query and of the body, by their names in the document: texts, numbers, booleans,
    /// lists and objects as JSON, dates in ISO 8601.
    pub(crate) fn parameters(&self) -> &Map<String, Value> {
        &self.parameters
    }

    /// The parameters as a struct. What the document lets pass and the struct does not is an invalid parameter.
    pub(crate) fn read<T: DeserializeOwned>(&self) -> Result<T, ApiError> {
        let value = Value::Object(self.parameters.clone());
        serde_path_to_error::deserialize(value)
            .map_err(|error| ApiError::invalid_parameter(&error.path().to_string()))
    }

    /// A parameter of the path, as text.
    pub(crate) fn segment(&self, name: &str) -> &str {
        self.path
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    /// A parameter of the path; what cannot be read names no resource.
    pub(crate) fn key<T: FromStr>(&self, name: &str) -> Result<T, ApiError> {
        self.segment(name).parse().map_err(|_| self.not_found())
    }

    /// The service of the path, which must exist.
    pub(crate) fn service(&self) -> Result<ServiceSid, ApiError> {
        let name = if self.path.contains_key("ServiceSid") {
            "ServiceSid"
        } else {
            "Sid"
        };
        let sid = self.key(name)?;
        match self.state.services.get(&sid) {
            Some(_) => Ok(sid),
            None => Err(self.not_found()),
        }
    }

    /// There is nothing at this path.
    pub(crate) fn not_found(&self) -> ApiError {
        ApiError::not_found(self.requested)
    }

    /// When the request came, as resources bear it: in whole seconds.
    pub(crate) fn date(&self) -> DateTime<Utc> {
        self.now.trunc_subsecs(0)
    }

    pub(crate) fn account_sid(&self) -> &str {
        &self.app.settings.account_sid
    }

    /// The absolute URL of a path.
    pub(crate) fn url(&self, path: impl std::fmt::Display) -> String {
        format!("{}{path}", self.app.url)
    }

    /// The absolute URL of the call itself, without its query.
    pub(crate) fn own_url(&self) -> String {
        self.url(self.requested)
    }
}

/// What a request is answered with.
pub(crate) struct Answer {
    status: StatusCode,
    /// JSON.
    body: Option<Vec<u8>>,
    /// How long the client is to wait for it.
    pub(crate) delay: Duration,
}

impl Answer {
    pub(crate) fn ok(body: &impl Serialize) -> Result<Self, ApiError> {
        Self::new(StatusCode::OK, body)
    }

    pub(crate) fn created(body: &impl Serialize) -> Result<Self, ApiError> {
        Self::new(StatusCode::CREATED, body)
    }

    /// What was asked for is deleted.
    pub(crate) fn deleted() -> Self {
        Self {
            status: StatusCode::NO_CONTENT,
            body: None,
            delay: Duration::ZERO,
        }
    }

    pub(crate) fn after(self, delay: Duration) -> Self {
        Self { delay, ..self }
    }

    fn new(status: StatusCode, body: &impl Serialize) -> Result<Self, ApiError> {
        let body = serde_json::to_vec(body).map_err(|_| ApiError::internal())?;
        Ok(Self {
            status,
            body: Some(body),
            delay: Duration::ZERO,
        })
    }
}

impl IntoResponse for Answer {
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
