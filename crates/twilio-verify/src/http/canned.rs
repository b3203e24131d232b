//! Canned responses: what a client in a test receives in place of a server's, and a record of its
//! requests.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http::{HeaderMap, HeaderName, HeaderValue, Method};
use serde_json::Value;
use url::Url;
use url::form_urlencoded::parse;

use crate::error::{Error, ErrorKind};

/// Responses for the clients of a test, which send nothing, and the requests that these made.
///
/// Clones share both. Responses are used in the order in which they were added. A request that
/// finds no response left fails with an error of kind [`Config`](ErrorKind::Config) and field
/// `canned`.
///
/// See the guide on [testing](crate::guide::testing).
#[derive(Clone, Default)]
pub struct Canned(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    replies: VecDeque<Reply>,
    requests: Vec<RecordedRequest>,
}

/// A canned response.
#[derive(Clone)]
pub struct Reply {
    /// The status; `None` if there is no response.
    status: Option<u16>,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Reply {
    /// Creates a response with that status, from 100 to 599, and a JSON body.
    ///
    /// ```
    /// use twilio_verify::testing::Reply;
    ///
    /// let found = Reply::json(200, r#"{"status": "approved"}"#);
    /// let refused = Reply::json(429, r#"{"code": 20429}"#).header("Retry-After", "1");
    /// ```
    pub fn json(status: u16, body: impl Into<Vec<u8>>) -> Self {
        let mut headers = HeaderMap::new();
        let json = HeaderValue::from_static("application/json");
        headers.insert(http::header::CONTENT_TYPE, json);
        Self { status: Some(status), headers, body: body.into() }
    }

    /// Creates an error response of Twilio's, with that status and code.
    pub fn error(status: u16, code: i64) -> Self {
        let body = serde_json::json!({ "code": code, "message": "canned", "status": status });
        Self::json(status, body.to_string())
    }

    /// Creates a lost response: the connection is lost after the request was sent.
    pub fn lost() -> Self {
        Self { status: None, headers: HeaderMap::new(), body: Vec::new() }
    }

    /// Adds a header. A header that HTTP does not allow is left out.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), value.parse()) {
            self.headers.append(name, value);
        }
        self
    }

    /// Converts it into the response that the HTTP client would return.
    fn into_response(self) -> Result<reqwest::Response, Error> {
        let Some(status) = self.status else {
            let reason = "the connection was lost before there was a response";
            return Err(Error::new(ErrorKind::NoAnswer, reason));
        };
        let mut response = http::Response::builder().status(status);
        if let Some(headers) = response.headers_mut() {
            *headers = self.headers;
        }
        let response = response.body(self.body).map_err(|error| {
            Error::config("canned", "the status of a response is not 100 to 599").with_source(error)
        })?;
        Ok(response.into())
    }
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reply").field("status", &self.status).finish_non_exhaustive()
    }
}

impl Canned {
    /// Creates a set without responses.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a response with that status and a JSON body.
    #[must_use]
    pub fn json(self, status: u16, body: impl Into<Vec<u8>>) -> Self {
        self.reply(Reply::json(status, body))
    }

    /// Adds a response.
    #[must_use]
    pub fn reply(self, reply: Reply) -> Self {
        self.push(reply);
        self
    }

    /// Adds a response while clients are in use.
    pub fn push(&self, reply: Reply) {
        self.state().replies.push_back(reply);
    }

    /// Returns the requests so far, in the order in which they were made. A request that is sent
    /// again is recorded again; one that is rejected before anything is sent is not recorded.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.state().requests.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Records a request, and responds to it.
    pub(crate) fn respond(
        &self,
        operation: &'static str,
        request: &reqwest::Request,
    ) -> Result<reqwest::Response, Error> {
        let mut state = self.state();
        state.requests.push(RecordedRequest::new(operation, request));
        let reply = state.replies.pop_front().ok_or_else(|| {
            let reason =
                format!("no response is left for {operation}; add one with `Canned::json`");
            Error::config("canned", reason)
        })?;
        drop(state);
        reply.into_response()
    }
}

impl fmt::Debug for Canned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.state();
        f.debug_struct("Canned")
            .field("replies", &state.replies)
            .field("requests", &state.requests)
            .finish()
    }
}

/// A request that a client made.
///
/// `Debug` shows only its operation, because everything else may be private.
#[derive(Clone)]
pub struct RecordedRequest {
    operation: &'static str,
    method: Method,
    url: Url,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl RecordedRequest {
    fn new(operation: &'static str, request: &reqwest::Request) -> Self {
        let mut headers = request.headers().clone();
        headers.remove(http::header::AUTHORIZATION);
        let body = request.body().and_then(reqwest::Body::as_bytes).unwrap_or_default();
        Self {
            operation,
            method: request.method().clone(),
            url: request.url().clone(),
            headers,
            body: body.to_vec(),
        }
    }

    /// Returns the `operationId` of the operation, such as `CreateVerification`, or `raw` for a raw
    /// request to another path.
    pub fn operation(&self) -> &'static str {
        self.operation
    }

    /// Returns the method.
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// Returns the path, percent-encoded.
    pub fn path(&self) -> &str {
        self.url.path()
    }

    /// Returns the first value of a query parameter.
    pub fn query(&self, name: &str) -> Option<String> {
        first(self.url.query().unwrap_or_default().as_bytes(), name)
    }

    /// Returns the first value of a field of the body, if the body is a form.
    pub fn form(&self, name: &str) -> Option<String> {
        first(&self.body, name)
    }

    /// Returns the body as JSON, if it is JSON.
    pub fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }

    /// Returns a header, if it is text. `Authorization` is not recorded.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Returns the body.
    pub fn body(&self) -> &[u8] {
        &self.body
    }
}

/// Returns the first value with that name.
fn first(encoded: &[u8], name: &str) -> Option<String> {
    parse(encoded).find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
}

impl fmt::Debug for RecordedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecordedRequest")
            .field("operation", &self.operation)
            .finish_non_exhaustive()
    }
}
