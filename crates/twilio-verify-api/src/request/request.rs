//! A request that is built and not sent yet.

use std::fmt;

use http::header::LOCATION;
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;

use crate::operation::Operation;
use crate::request::http_request::HttpRequest;
use crate::response::read::{self, ReadError, Received};
use crate::values::location::Location;

/// A request that is built and not sent yet. Its response is a `T`.
///
/// It holds no credentials: a [`Sender`](crate::Sender) adds them.
pub struct Request<T> {
    /// The operation that the request belongs to.
    pub operation: &'static Operation,
    /// Method, URL, headers and body.
    pub http: HttpRequest,
    /// Reads the body of a successful response, or the header `Location` of a redirect:
    /// [`read_response`](Self::read_response) passes the right one.
    pub read: fn(&[u8]) -> Result<T, ReadError>,
    /// Returns the paths of the fields that could not be understood, for a log.
    pub unread: fn(&T) -> Vec<String>,
}

impl<T> fmt::Debug for Request<T> {
    /// Shows neither the URL nor the body: they hold personal data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("operation", &self.operation.operation_id)
            .finish_non_exhaustive()
    }
}

impl<T> Request<T> {
    /// Reads a response whose status is one of the operation's [`success`](Operation::success): its
    /// body, or the header `Location` of a redirect (3xx).
    ///
    /// # Errors
    ///
    /// Returns an error if the body can't be read as a `T`, or if a redirect has no valid
    /// `Location`.
    pub fn read_response(
        &self,
        status: StatusCode,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<T, ReadError> {
        (self.read)(read_from(status, headers, body))
    }
}

/// Returns the part of a response that a [`Request`] is read from: the header `Location` of a
/// redirect (3xx), otherwise the body.
pub fn read_from<'a>(status: StatusCode, headers: &'a HeaderMap, body: &'a [u8]) -> &'a [u8] {
    match status.is_redirection() {
        true => headers.get(LOCATION).map_or(&[], |value| value.as_bytes()),
        false => body,
    }
}

impl<T: Received> Request<T> {
    /// Creates a request whose response is a resource, or a page of a list.
    pub fn json(operation: &'static Operation, http: HttpRequest) -> Self {
        let unread = |response: &T| {
            let mut paths = Vec::new();
            response.unread(&mut paths);
            paths
        };
        Self { operation, http, read: read::body, unread }
    }
}

impl<T: DeserializeOwned> Request<T> {
    /// Creates a request whose response is JSON of any kind.
    pub fn value(operation: &'static Operation, http: HttpRequest) -> Self {
        let read = |body: &[u8]| serde_json::from_slice(body).map_err(|_| ReadError::of::<T>(body));
        Self { operation, http, read, unread: |_| Vec::new() }
    }
}

impl Request<()> {
    /// Creates a request whose response has a body that is ignored, or no body.
    pub fn empty(operation: &'static Operation, http: HttpRequest) -> Self {
        Self { operation, http, read: |_| Ok(()), unread: |()| Vec::new() }
    }
}

impl Request<Vec<u8>> {
    /// Creates a request whose response has any media type.
    pub fn bytes(operation: &'static Operation, http: HttpRequest) -> Self {
        Self { operation, http, read: |body| Ok(body.to_vec()), unread: |_| Vec::new() }
    }
}

impl Request<Location> {
    /// Creates a request whose response is a redirect, which the sender does not follow.
    pub fn redirect(operation: &'static Operation, http: HttpRequest) -> Self {
        Self { operation, http, read: Location::read, unread: |_| Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use http::{HeaderMap, HeaderValue, Method, StatusCode};

    use super::Request;
    use crate::operation::Operation;
    use crate::request::http_request::HttpRequest;
    use crate::values::location::Location;

    static OPERATION: Operation = Operation {
        operation_id: "FetchExport",
        method: Method::GET,
        server: "https://example.com",
        path: "/v1/Export",
        success: &[307..=307],
    };

    fn http() -> HttpRequest {
        HttpRequest {
            method: Method::GET,
            url: "https://example.com/v1/Export".parse().unwrap(),
            headers: HeaderMap::new(),
            body: Bytes::new(),
        }
    }

    #[test]
    fn a_redirect_is_read_from_its_location() {
        let request = Request::redirect(&OPERATION, http());
        let read = |headers: &HeaderMap| {
            request.read_response(StatusCode::TEMPORARY_REDIRECT, headers, b"{\"redirect_to\":1}")
        };
        let mut headers = HeaderMap::new();
        let missing = read(&headers).expect_err("no location").to_string();
        assert!(missing.contains("`Location`"), "{missing}");
        let url = "https://files.example.com/day?signature=5cr3t";
        headers.insert("location", HeaderValue::from_static(url));
        let location = read(&headers).unwrap();
        assert_eq!(location.as_str(), url);
        assert!(!format!("{location:?}").contains("5cr3t"), "a signed URL is a secret");

        headers.insert("location", HeaderValue::from_bytes(b"/5cr3t\xff").unwrap());
        let invalid = read(&headers).expect_err("not UTF-8").to_string();
        assert!(!invalid.contains("5cr3t"), "{invalid}");
    }

    #[test]
    fn any_other_response_is_read_from_its_body() {
        let request = Request::<u8>::value(&OPERATION, http());
        assert_eq!(request.read_response(StatusCode::OK, &HeaderMap::new(), b"5").unwrap(), 5);
        let text: Location = serde_json::from_str("\"/there\"").unwrap();
        assert_eq!(text.as_str(), "/there");
    }
}
