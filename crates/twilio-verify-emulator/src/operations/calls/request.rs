//! Requests that have passed every check of the document.

use std::fmt::Display;
use std::str::FromStr;

use chrono::{DateTime, SubsecRound, Utc};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::app::shared::Shared;
use crate::contract::error::ApiError;
use crate::contract::operation::Operation;

/// A request for an operation, with its parameters.
pub(crate) struct CheckedRequest<'a> {
    pub(crate) app: &'a Shared,
    pub(crate) operation: &'a Operation,
    /// When the request was received.
    pub(crate) now: DateTime<Utc>,
    /// The base of URLs in the response.
    pub(crate) base: &'a str,
    /// The path, percent-encoded as received.
    pub(crate) requested: &'a str,
    pub(crate) path: Map<String, Value>,
    /// The parameters of the query and of the body, by their names in the document: strings, numbers, booleans, lists
    /// and objects as JSON, dates in ISO 8601.
    pub(crate) parameters: Map<String, Value>,
}

impl CheckedRequest<'_> {
    /// Reads the parameters as a struct. A value that the document allows and the struct does not is an invalid
    /// parameter.
    pub(crate) fn read<T: DeserializeOwned>(&self) -> Result<T, ApiError> {
        let value = Value::Object(self.parameters.clone());
        serde_path_to_error::deserialize(value)
            .map_err(|error| ApiError::invalid_parameter(&error.path().to_string()))
    }

    /// Reads one parameter from its text.
    pub(crate) fn parameter<T: FromStr>(&self, name: &str) -> Result<Option<T>, ApiError> {
        match self.parameters.get(name) {
            None => Ok(None),
            Some(value) => parameter_text(value)
                .parse()
                .map(Some)
                .map_err(|_| ApiError::invalid_parameter(name)),
        }
    }

    /// Returns the parameters of the query as texts, in the document's order.
    pub(crate) fn query(&self) -> impl Iterator<Item = (&str, String)> {
        let names = self.operation.query_names();
        names.filter_map(|name| Some((name, parameter_text(self.parameters.get(name)?))))
    }

    /// Returns a parameter of the path as text.
    pub(crate) fn segment(&self, name: &str) -> &str {
        self.path.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// Reads a parameter of the path. A malformed one identifies no resource.
    pub(crate) fn key<T: FromStr>(&self, name: &str) -> Result<T, ApiError> {
        self.segment(name).parse().map_err(|_| self.not_found())
    }

    /// Returns the error for a missing resource at this path.
    pub(crate) fn not_found(&self) -> ApiError {
        ApiError::not_found(self.requested)
    }

    /// Returns when the request was received, in whole seconds as in resources.
    pub(crate) fn date(&self) -> DateTime<Utc> {
        self.now.trunc_subsecs(0)
    }

    pub(crate) fn account_sid(&self) -> &str {
        &self.app.settings.account_sid
    }

    /// Returns the absolute URL of a path.
    pub(crate) fn url(&self, path: impl Display) -> String {
        format!("{}{path}", self.base)
    }

    /// Returns the absolute URL of the request itself, without its query.
    pub(crate) fn own_url(&self) -> String {
        self.url(self.requested)
    }
}

/// Formats a value as in a query.
fn parameter_text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
