//! What the clones of a client share.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::HeaderValue;
use http::header::ACCEPT;
use serde::de::DeserializeOwned;
use twilio_verify_api::{Operation, Request};
use url::Url;

use super::request_limit::Limiter;
use super::retry::Retry;
use crate::credentials::source::Source;
use crate::error::{Error, ErrorKind};

/// What the clones of a client share: settings, connections, limits.
#[derive(Clone)]
pub(crate) struct Shared {
    pub(crate) http: reqwest::Client,
    pub(crate) base_url: Url,
    pub(crate) credentials: Source,
    pub(crate) user_agent: HeaderValue,
    pub(crate) attempt_timeout: Duration,
    pub(crate) timeout: Duration,
    pub(crate) max_response_size: usize,
    pub(crate) retry: Arc<Retry>,
    pub(crate) limiters: Arc<HashMap<&'static str, Limiter>>,
}

impl Shared {
    /// The request of a page by its URL. `operation` is that of the first page.
    pub(crate) fn page<T: DeserializeOwned>(
        &self,
        operation: &'static Operation,
        url: &str,
    ) -> Result<Request<T>, Error> {
        let url = page_url(&self.base_url, url)?;
        let path = url.path().strip_prefix(self.base_path()).unwrap_or("/");
        let target = match url.query() {
            Some(query) => format!("{path}?{query}"),
            None => path.to_owned(),
        };
        let request = http::Request::builder()
            .method(&operation.method)
            .uri(target)
            .header(ACCEPT, HeaderValue::from_static("application/json"))
            .body(Bytes::new());
        let request = request.map_err(|error| {
            let reason = "the next page's URL is invalid";
            Error::new(ErrorKind::Unreadable, reason).with_source(error)
        })?;
        Ok(Request::json(operation, request))
    }

    /// The path of the base URL, without a slash at its end.
    fn base_path(&self) -> &str {
        self.base_url.path().trim_end_matches('/')
    }

    /// The request to the base URL, as the HTTP client sends it.
    pub(super) fn absolute(&self, request: http::Request<Bytes>) -> reqwest::Request {
        let (parts, body) = request.into_parts();
        let mut url = self.base_url.clone();
        match self.base_path() {
            "" => url.set_path(parts.uri.path()),
            base => url.set_path(&format!("{base}{}", parts.uri.path())),
        }
        url.set_query(parts.uri.query());
        let mut request = reqwest::Request::new(parts.method, url);
        *request.headers_mut() = parts.headers;
        if !body.is_empty() {
            *request.body_mut() = Some(body.into());
        }
        request
    }
}

/// The URL of a page, which must be of the same origin as the base URL.
pub(crate) fn page_url(base: &Url, url: &str) -> Result<Url, Error> {
    let url = base.join(url).map_err(|error| {
        let reason = "the next page's URL is invalid";
        Error::new(ErrorKind::Unreadable, reason).with_source(error)
    })?;
    if url.origin() != base.origin() {
        let reason = "the next page's URL has another origin than the client's base URL; the \
                      credentials are not sent there";
        return Err(Error::new(ErrorKind::Unreadable, reason));
    }
    Ok(url)
}
