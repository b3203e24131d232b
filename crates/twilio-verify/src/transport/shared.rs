//! What the clones of a client share.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::HeaderValue;
use http::header::ACCEPT;
use serde::de::DeserializeOwned;
use twilio_verify_api::{HttpRequest, Operation, Request};
use url::{Host, Url};

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
        let mut url = page_url(&self.base_url, url)?;
        let path = url.path().strip_prefix(self.base_path()).unwrap_or("/").to_owned();
        url.set_path(&path);
        let headers = [(ACCEPT, HeaderValue::from_static("application/json"))];
        let request = HttpRequest {
            method: operation.method.clone(),
            url,
            headers: headers.into_iter().collect(),
            body: Bytes::new(),
        };
        Ok(Request::json(operation, request))
    }

    /// The path of the base URL, without a slash at its end.
    fn base_path(&self) -> &str {
        self.base_url.path().trim_end_matches('/')
    }

    /// The request to the base URL, as the HTTP client sends it.
    pub(super) fn absolute(&self, request: HttpRequest) -> Result<reqwest::Request, Error> {
        let HttpRequest { method, mut url, headers, body } = request;
        self.move_to_base(&mut url).map_err(|()| {
            let reason = "a request's URL can't be moved to it";
            Error::config("base_url", reason)
        })?;
        let mut request = reqwest::Request::new(method, url);
        *request.headers_mut() = headers;
        if !body.is_empty() {
            *request.body_mut() = Some(body.into());
        }
        Ok(request)
    }

    /// Puts path and query of a URL behind the base URL.
    fn move_to_base(&self, url: &mut Url) -> Result<(), ()> {
        let base = &self.base_url;
        url.set_scheme(base.scheme())?;
        match base.host() {
            Some(Host::Ipv4(address)) => url.set_ip_host(address.into())?,
            Some(Host::Ipv6(address)) => url.set_ip_host(address.into())?,
            Some(Host::Domain(name)) if url.host_str() == Some(name) => {}
            Some(Host::Domain(name)) => url.set_host(Some(name)).map_err(|_| ())?,
            None => return Err(()),
        }
        url.set_port(base.port())?;
        match self.base_path() {
            "" => {}
            path => url.set_path(&format!("{path}{}", url.path())),
        }
        Ok(())
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
