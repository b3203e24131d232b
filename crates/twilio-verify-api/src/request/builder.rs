//! Builds an HTTP request, with the methods that the generated code calls.

use std::sync::OnceLock;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName, HeaderValue};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde::Serialize;
use serde_html_form::ser::Serializer;
use url::Url;

use crate::operation::Operation;
use crate::request::error::RequestError;
use crate::request::http_request::HttpRequest;

/// Builds the HTTP request of an operation.
pub(crate) struct RequestBuilder {
    operation: &'static Operation,
    url: Result<Url, url::ParseError>,
    headers: HeaderMap,
    body: Result<Bytes, RequestError>,
}

#[allow(dead_code, reason = "generated code calls what its document needs")]
impl RequestBuilder {
    pub(crate) fn new(operation: &'static Operation, path: String) -> Self {
        let mut url = server(operation.server);
        if let Ok(url) = &mut url {
            url.set_path(&path);
        }
        Self { operation, url, headers: HeaderMap::new(), body: Ok(Bytes::new()) }
    }

    /// Adds a query. A list repeats its key.
    pub(crate) fn query<T: Serialize>(mut self, query: &T) -> Result<Self, RequestError> {
        // Written into the URL itself, because a query that is set as text would be encoded again.
        if let Ok(url) = &mut self.url {
            query.serialize(Serializer::new(&mut url.query_pairs_mut()))?;
            if url.query() == Some("") {
                url.set_query(None);
            }
        }
        Ok(self)
    }

    pub(crate) fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    pub(crate) fn headers(mut self, headers: HeaderMap) -> Self {
        self.headers.extend(headers);
        self
    }

    /// Sets the body to a form. A list repeats its key.
    pub(crate) fn form_urlencoded<T: Serialize>(self, form: &T) -> Result<Self, RequestError> {
        let text = serde_html_form::to_string(form)?;
        Ok(self.typed("application/x-www-form-urlencoded", Ok(text.into())))
    }

    /// Sets the body to JSON.
    pub(crate) fn json<T: Serialize>(self, value: &T) -> Self {
        let text = serde_json::to_vec(value);
        self.typed("application/json", text.map(Bytes::from).map_err(Into::into))
    }

    /// Sets the body to bytes.
    pub(crate) fn body(mut self, bytes: impl Into<Bytes>) -> Self {
        self.body = Ok(bytes.into());
        self
    }

    fn typed(mut self, media_type: &'static str, body: Result<Bytes, RequestError>) -> Self {
        self.headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
        self.body = body;
        self
    }

    pub(crate) fn build(self) -> Result<HttpRequest, RequestError> {
        let method = self.operation.method.clone();
        Ok(HttpRequest { method, url: self.url?, headers: self.headers, body: self.body? })
    }
}

/// Parses the URL of a server, and caches it: most documents have one server.
fn server(server: &'static str) -> Result<Url, url::ParseError> {
    static KNOWN: OnceLock<(&str, Url)> = OnceLock::new();
    if let Some((_, url)) = KNOWN.get().filter(|(known, _)| *known == server) {
        return Ok(url.clone());
    }
    let url = Url::parse(server)?;
    let _ = KNOWN.set((server, url.clone()));
    Ok(url)
}

/// The characters to encode in a path, besides control and non-ASCII characters: those that would
/// end the segment or that a URL can't hold.
const SEGMENT: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'/')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// Encodes a value as a segment of a path.
pub(crate) fn encode_path(value: &str) -> std::borrow::Cow<'_, str> {
    utf8_percent_encode(value, SEGMENT).into()
}
