//! What the clones of a client share.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

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
    pub(crate) requests: twilio_verify_api::Client,
    pub(crate) credentials: Source,
    pub(crate) user_agent: HeaderValue,
    pub(crate) attempt_timeout: Duration,
    pub(crate) timeout: Duration,
    pub(crate) max_response_size: usize,
    pub(crate) retry: Arc<Retry>,
    pub(crate) limiters: Arc<HashMap<&'static str, Limiter>>,
}

impl Shared {
    /// The request of a page by its URL. `operation` is that of the first
    /// page.
    pub(crate) fn page<T: DeserializeOwned>(
        &self,
        operation: &'static Operation,
        url: &str,
    ) -> Result<Request<T>, Error> {
        let url = page_url(&self.base_url, url)?;
        let mut request = reqwest::Request::new(operation.method.clone(), url);
        let json = HeaderValue::from_static("application/json");
        request.headers_mut().insert(ACCEPT, json);
        Ok(Request::json(operation, request))
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
