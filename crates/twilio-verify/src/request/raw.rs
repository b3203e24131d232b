//! Raw requests: for paths that this crate has no method for.

use std::fmt::{self, Display};
use std::future::IntoFuture;

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Method};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use twilio_verify_api::{HttpRequest, OPERATIONS, Operation, ReadError, RequestFuture};
use url::form_urlencoded::Serializer;

use crate::client::client::Client;
use crate::error::Error;
use crate::http::response::{Response, unreadable};
use crate::transport::target::Target;

impl Client {
    /// Builds a request to any path of the API: for operations and parameters that this crate
    /// doesn't know yet.
    ///
    /// The request is sent like any other: with the client's credentials, timeouts and
    /// [`RetryPolicy`](crate::RetryPolicy). If its method and path are those of a known operation,
    /// it counts towards that operation's [`RequestLimit`](crate::RequestLimit).
    ///
    /// The path is appended to the client's [base URL](Self::base_url). It begins with `/`, and has
    /// no empty segments, no `.` or `..`, and no query. It is sent unchanged: percent-encode
    /// characters that a segment can't hold, such as a space.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let emulator = twilio_verify_emulator::Emulator::start().await?;
    /// # let client = twilio_verify::Client::builder()
    /// #     .credentials(emulator.credentials())
    /// #     .base_url(emulator.url())
    /// #     .build()?;
    /// use serde_json::Value;
    /// use twilio_verify::Method;
    ///
    /// let service: Value = client
    ///     .request(Method::POST, "/v2/Services")
    ///     .form("FriendlyName", "orders")
    ///     .form("CodeLength", 8)
    ///     .send()
    ///     .await?;
    /// assert_eq!(service["code_length"], 8);
    ///
    /// #[derive(serde::Deserialize)]
    /// struct Summary {
    ///     total_attempts: u64,
    /// }
    /// let summary: Summary = client
    ///     .request(Method::GET, "/v2/Attempts/Summary")
    ///     .query("Country", "CO")
    ///     .send()
    ///     .await?;
    /// assert_eq!(summary.total_attempts, 0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn request(&self, method: Method, path: impl Into<String>) -> RawRequest {
        RawRequest {
            client: self.clone(),
            method,
            path: path.into(),
            query: String::new(),
            form: String::new(),
            json: None,
        }
    }
}

/// A request to any path of the API. Returned by [`Client::request`].
#[derive(Clone)]
#[must_use = "nothing is sent until it is awaited"]
pub struct RawRequest {
    client: Client,
    method: Method,
    path: String,
    query: String,
    form: String,
    json: Option<Result<Vec<u8>, NotJson>>,
}

/// The error of a value that can't be written as JSON.
#[derive(Clone)]
struct NotJson;

impl RawRequest {
    /// Adds a parameter to the query. A name that is added twice is sent twice.
    pub fn query(mut self, name: &str, value: impl Display) -> Self {
        append(&mut self.query, name, value);
        self
    }

    /// Adds a field to the body, which is then a form. A name that is added twice is sent twice, as
    /// in a list.
    pub fn form(mut self, name: &str, value: impl Display) -> Self {
        append(&mut self.form, name, value);
        self
    }

    /// Sets the body, as JSON.
    pub fn json(mut self, body: &(impl Serialize + ?Sized)) -> Self {
        self.json = Some(serde_json::to_vec(body).map_err(|_| NotJson));
        self
    }

    /// Sends the request, and reads the body of the response as JSON. An empty body is read like
    /// `null`.
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`InvalidRequest`](crate::ErrorKind::InvalidRequest), before
    /// anything is sent, if the path (`path`) or the body (`body`) is invalid, or of kind
    /// [`Unreadable`](crate::ErrorKind::Unreadable) if the body of the response can't be read as a
    /// `T`. See [`ErrorKind`](crate::ErrorKind) for the others.
    pub async fn send<T: DeserializeOwned>(self) -> Result<T, Error> {
        self.send_as(|response| response.json()).await
    }

    /// Sends the request, and returns the response as it was received.
    ///
    /// # Errors
    ///
    /// The same as [`send`](Self::send), but the body isn't parsed. A status other than 2xx is an
    /// error.
    pub async fn send_raw(self) -> Result<RawResponse, Error> {
        self.send_as(Ok).await
    }

    async fn send_as<T>(self, read: fn(RawResponse) -> Result<T, Error>) -> Result<T, Error> {
        let shared = self.client.shared.clone();
        let target = Target::Raw(known(&self.method, &self.path));
        let read = |response| read(RawResponse(response));
        shared.call(target, self.build()?, read).await
    }

    /// Builds the request that the transport sends.
    fn build(self) -> Result<HttpRequest, Error> {
        check_path(&self.path)?;
        let mut url = self.client.shared.base_url.clone();
        url.set_path(&self.path);
        if !self.query.is_empty() {
            url.set_query(Some(&self.query));
        }
        let invalid = |reason| Error::invalid("body", reason);
        let body = match (self.json, self.form) {
            (None, form) if form.is_empty() => None,
            (None, form) => Some(("application/x-www-form-urlencoded", form.into_bytes())),
            (Some(_), form) if !form.is_empty() => {
                return Err(invalid("it is both a form and JSON; use `form` or `json`"));
            }
            (Some(Ok(json)), _) => Some(("application/json", json)),
            (Some(Err(NotJson)), _) => return Err(invalid("it can't be written as JSON")),
        };
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        let mut bytes = Bytes::new();
        if let Some((kind, body)) = body {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
            bytes = body.into();
        }
        Ok(HttpRequest { method: self.method, url, headers, body: bytes })
    }
}

/// Sends the request, and reads the body of the response as JSON of any kind, as
/// [`send`](RawRequest::send) does.
impl IntoFuture for RawRequest {
    type Output = Result<Value, Error>;
    type IntoFuture = RequestFuture<Value, Error>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

impl fmt::Debug for RawRequest {
    /// Leaves out the path, query and body, which may hold private data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawRequest").field("method", &self.method).finish_non_exhaustive()
    }
}

/// The response to a [`RawRequest`].
///
/// `Debug` shows neither headers nor body.
#[derive(Clone)]
pub struct RawResponse(Response);

impl RawResponse {
    /// Returns the HTTP status, 200 to 299.
    pub fn status(&self) -> u16 {
        self.0.status.as_u16()
    }

    /// Returns the headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.0.headers
    }

    /// Returns the body.
    pub fn body(&self) -> &[u8] {
        &self.0.body
    }

    /// Returns the body, without a copy.
    pub fn into_body(self) -> Vec<u8> {
        self.0.body
    }

    /// Reads the body as JSON. An empty body is read like `null`.
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`Unreadable`](crate::ErrorKind::Unreadable) that names the field
    /// that can't be read.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Error> {
        let body = match &*self.0.body {
            [] => b"null",
            body => body,
        };
        serde_json::from_slice(body).map_err(|_| {
            let error = unreadable(ReadError::of::<T>(body));
            error.with(|details| details.status = Some(self.status()))
        })
    }
}

impl fmt::Debug for RawResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawResponse").field("status", &self.status()).finish_non_exhaustive()
    }
}

fn append(encoded: &mut String, name: &str, value: impl Display) {
    let mut pairs = Serializer::new(std::mem::take(encoded));
    *encoded = pairs.append_pair(name, &value.to_string()).finish();
}

/// Rejects a path that could name another resource than it seems to, or that would be changed when
/// it is sent.
fn check_path(path: &str) -> Result<(), Error> {
    let fault = match path.strip_prefix('/') {
        None => "it does not begin with `/`",
        Some(path) if path.contains(['?', '#']) => {
            "it holds `?` or `#`; use `query` for parameters, and %3F or %23 within a segment"
        }
        Some(path) if !path.split('/').all(is_encoded) => {
            "a segment holds a character that must be percent-encoded, such as %20 for a space"
        }
        Some(path) if path.split('/').any(is_dots) => "a segment is empty, `.` or `..`",
        Some(_) => return Ok(()),
    };
    let reason = format!("{fault}; expected an absolute path, such as /v2/Services");
    Err(Error::invalid("path", reason))
}

/// Whether a segment is empty, `.` or `..`, in any encoding.
fn is_dots(segment: &str) -> bool {
    let decoded = segment.replace("%2e", ".").replace("%2E", ".");
    matches!(&*decoded, "" | "." | "..")
}

/// Whether a segment has only characters that RFC 3986 allows.
fn is_encoded(segment: &str) -> bool {
    let allowed = |c: u8| c.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@".contains(&c);
    let is_escape = |part: &str| {
        let digits = part.as_bytes().get(..2);
        digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    };
    let parts = segment.split('%');
    parts.clone().all(|part| part.bytes().all(allowed)) && parts.skip(1).all(is_escape)
}

/// Returns the operation that the method and path belong to: of those that match, the one with the
/// fewest parameters.
fn known(method: &Method, path: &str) -> Option<&'static Operation> {
    let matches = |template: &str| {
        let mut segments = template.split('/').zip(path.split('/'));
        template.split('/').count() == path.split('/').count()
            && segments.all(|(known, segment)| known.starts_with('{') || known == segment)
    };
    let known = OPERATIONS.iter().copied();
    known
        .filter(|known| known.method == *method && matches(known.path))
        .min_by_key(|known| known.path.matches('{').count())
}
