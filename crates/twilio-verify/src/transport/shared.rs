//! The state that the clones of a client share.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::HeaderValue;
use http::header::ACCEPT;
use twilio_verify_api::{HttpRequest, ListItem, Operation, Page, Request};
use url::{Host, Url};

use super::clock::ServerClock;
use super::limits::Limits;
use super::retry::Retry;
use crate::credentials::source::Source;
use crate::error::{Error, ErrorKind};
use crate::http::client::Connections;

/// The state that the clones of a client share: settings, connections, limits.
#[derive(Clone)]
pub(crate) struct Shared {
    pub(crate) connections: Arc<Connections>,
    pub(crate) base_url: Url,
    pub(crate) credentials: Source,
    pub(crate) user_agent: HeaderValue,
    pub(crate) attempt_timeout: Duration,
    pub(crate) timeout: Duration,
    pub(crate) max_response_size: usize,
    pub(crate) retry: Arc<Retry>,
    pub(crate) limits: Arc<Limits>,
    pub(crate) clock: Arc<ServerClock>,
}

impl Shared {
    /// Builds the request of a page by its URL. `operation` is that of the first page.
    pub(crate) fn page<T: ListItem>(
        &self,
        operation: &'static Operation,
        url: &str,
    ) -> Result<Request<Page<T>>, Error> {
        let headers = [(ACCEPT, HeaderValue::from_static("application/json"))];
        let request = HttpRequest {
            method: operation.method.clone(),
            url: page_url(&self.base_url, url)?,
            headers: headers.into_iter().collect(),
            body: Bytes::new(),
        };
        Ok(Request::json(operation, request))
    }

    /// Converts a request into one to the base URL, as the HTTP client sends it.
    pub(super) fn absolute(&self, request: HttpRequest) -> Result<reqwest::Request, Error> {
        let HttpRequest { method, mut url, headers, body } = request;
        set_origin(&mut url, &self.base_url).map_err(|()| {
            let reason = "it can't be the base of a request's URL";
            Error::config("base_url", reason)
        })?;
        match base_path(&self.base_url) {
            "" => {}
            path => url.set_path(&format!("{path}{}", url.path())),
        }
        let mut request = reqwest::Request::new(method, url);
        *request.headers_mut() = headers;
        if !body.is_empty() {
            *request.body_mut() = Some(body.into());
        }
        Ok(request)
    }
}

/// Returns the path of a base URL, without a slash at its end.
fn base_path(base: &Url) -> &str {
    base.path().trim_end_matches('/')
}

/// Sets scheme, host and port of a URL to those of a base URL.
fn set_origin(url: &mut Url, base: &Url) -> Result<(), ()> {
    url.set_scheme(base.scheme())?;
    match base.host() {
        Some(Host::Ipv4(address)) => url.set_ip_host(address.into())?,
        Some(Host::Ipv6(address)) => url.set_ip_host(address.into())?,
        Some(Host::Domain(name)) if url.host_str() == Some(name) => {}
        Some(Host::Domain(name)) => url.set_host(Some(name)).map_err(|_| ())?,
        None => return Err(()),
    }
    url.set_port(base.port())
}

/// Returns the URL of a page, without the base URL's own path.
///
/// A server behind a proxy or a mapped port doesn't know the address by which it is reached, so
/// only the path and query of a page's URL are used. Credentials are never sent to another origin.
pub(crate) fn page_url(base: &Url, url: &str) -> Result<Url, Error> {
    let invalid = || Error::new(ErrorKind::Unreadable, "the next page's URL is invalid");
    let mut url = base.join(url).map_err(|error| invalid().with_source(error))?;
    if !matches!(url.scheme(), "https" | "http") {
        return Err(invalid());
    }
    set_origin(&mut url, base).map_err(|()| invalid())?;
    url.set_username("").map_err(|()| invalid())?;
    url.set_password(None).map_err(|()| invalid())?;
    url.set_fragment(None);
    let own = url.path().strip_prefix(base_path(base)).filter(|path| path.starts_with('/'));
    if let Some(path) = own.map(str::to_owned) {
        url.set_path(&path);
    }
    Ok(url)
}
