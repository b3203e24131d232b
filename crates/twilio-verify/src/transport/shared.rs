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
use super::retry::{Retry, RetryPolicy};
use crate::credentials::source::Source;
use crate::error::{Error, ErrorKind};

/// The settings of a client, checked.
pub(crate) struct Settings {
    pub(crate) http: reqwest::Client,
    pub(crate) base_url: Url,
    pub(crate) credentials: Source,
    pub(crate) user_agent: HeaderValue,
    pub(crate) attempt_timeout: Duration,
    pub(crate) timeout: Duration,
    pub(crate) max_response_size: usize,
    pub(crate) retry: RetryPolicy,
    pub(crate) limiters: HashMap<&'static str, Limiter>,
}

/// What all clones of a client share.
#[derive(Clone)]
pub(crate) struct Shared {
    pub(super) http: reqwest::Client,
    pub(super) base_url: Url,
    requests: twilio_verify_api::Client,
    pub(super) credentials: Source,
    pub(super) user_agent: HeaderValue,
    pub(super) attempt_timeout: Duration,
    pub(super) timeout: Duration,
    pub(super) max_response_size: usize,
    pub(super) retry: Arc<Retry>,
    pub(super) limiters: Arc<HashMap<&'static str, Limiter>>,
}

impl Shared {
    pub(crate) fn new(settings: Settings) -> Result<Self, Error> {
        let Settings {
            http,
            base_url,
            credentials,
            user_agent,
            attempt_timeout,
            timeout,
            max_response_size,
            retry,
            limiters,
        } = settings;
        credentials.check()?;
        Ok(Self {
            requests: twilio_verify_api::Client::new(http.clone(), base_url.clone()),
            http,
            base_url,
            credentials,
            user_agent,
            attempt_timeout,
            timeout,
            max_response_size,
            retry: Arc::new(Retry::new(retry)),
            limiters: Arc::new(limiters),
        })
    }

    pub(crate) fn base_url(&self) -> &Url {
        &self.base_url
    }

    /// The same, but for a time-out or a policy of its own.
    pub(crate) fn with(
        &self,
        timeout: Option<Duration>,
        attempt_timeout: Option<Duration>,
        retry: Option<RetryPolicy>,
    ) -> Self {
        let mut shared = self.clone();
        shared.timeout = timeout.unwrap_or(shared.timeout);
        shared.attempt_timeout = attempt_timeout.unwrap_or(shared.attempt_timeout);
        if let Some(policy) = retry {
            shared.retry = Arc::new(Retry::new(policy));
        }
        shared
    }

    pub(crate) fn credentials(&self) -> &Source {
        &self.credentials
    }

    /// Makes requests, to be sent by [`send`](Self::send).
    pub(crate) fn requests(&self) -> &twilio_verify_api::Client {
        &self.requests
    }

    /// The request of a page by its URL, which must be on the client's own
    /// origin. `operation` gave the first page.
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

/// The URL of a page, which must be on the client's own origin.
pub(crate) fn page_url(base: &Url, url: &str) -> Result<Url, Error> {
    let url = base.join(url).map_err(|error| {
        Error::new(ErrorKind::Unreadable, "the next page's URL is none").with_source(error)
    })?;
    if url.origin() != base.origin() {
        let reason = "the next page is on another host than the client's base URL; the \
                      credentials are not sent there";
        return Err(Error::new(ErrorKind::Unreadable, reason));
    }
    Ok(url)
}
