//! The default HTTP client.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use http::Version;
use hyper_util::client::proxy::matcher::Matcher;
use url::Url;

#[cfg(feature = "testing")]
use super::canned::Canned;
use super::connection_failure::{no_response, way};
use super::endpoint::is_loopback;
use crate::error::Error;

/// How long an idle connection is kept: shorter than the usual 60 seconds of load balancers, so that
/// a request rarely meets a connection that is being closed.
const IDLE_TIMEOUT: Duration = Duration::from_secs(30);

/// How often an HTTP/2 connection is pinged, and how long the response may take.
const PING_INTERVAL: Duration = Duration::from_secs(10);
const PING_TIMEOUT: Duration = Duration::from_secs(5);

/// The settings of the default HTTP client.
#[derive(Clone)]
pub(crate) struct HttpSettings {
    /// The timeout of a connection, TLS included.
    pub(crate) connect_timeout: Duration,
    /// The time after which an idle connection is closed.
    pub(crate) idle_timeout: Duration,
    /// Certificates of authorities in PEM, in addition to the system's.
    pub(crate) roots: Vec<Vec<u8>>,
}

impl fmt::Debug for HttpSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpSettings")
            .field("connect_timeout", &self.connect_timeout)
            .field("idle_timeout", &self.idle_timeout)
            .field("roots", &self.roots.len())
            .finish()
    }
}

impl Default for HttpSettings {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(10),
            idle_timeout: IDLE_TIMEOUT,
            roots: Vec::new(),
        }
    }
}

impl HttpSettings {
    /// Builds the default HTTP client, for requests to that URL.
    pub(crate) fn client(&self, url: &Url) -> Result<reqwest::Client, Error> {
        check_provider()?;
        let mut builder = reqwest::Client::builder()
            .connect_timeout(self.connect_timeout)
            .pool_idle_timeout(self.idle_timeout)
            .http2_keep_alive_interval(PING_INTERVAL)
            .http2_keep_alive_timeout(PING_TIMEOUT)
            .http2_keep_alive_while_idle(true)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never());
        if is_loopback(url) {
            // A proxy would receive the credentials in plain text.
            builder = builder.no_proxy();
        }
        #[cfg(any(feature = "rustls", feature = "rustls-no-provider", feature = "native-tls"))]
        {
            builder = self.trust(builder, url)?;
        }
        builder.build().map_err(|error| unbuildable(url, error))
    }

    /// Sets the authorities that the client trusts.
    #[cfg(any(feature = "rustls", feature = "rustls-no-provider", feature = "native-tls"))]
    fn trust(
        &self,
        builder: reqwest::ClientBuilder,
        url: &Url,
    ) -> Result<reqwest::ClientBuilder, Error> {
        let invalid = |reason| Error::config("root_certificate", reason);
        let mut roots = Vec::new();
        for pem in &self.roots {
            let some = reqwest::Certificate::from_pem_bundle(pem).map_err(|error| {
                invalid("it can't be read; expected certificates in PEM").with_source(error)
            })?;
            if some.is_empty() {
                return Err(invalid("it has no certificate; expected certificates in PEM"));
            }
            roots.extend(some);
        }
        Ok(match (url.scheme(), &*roots) {
            // No certificates are needed, and the system's may be missing.
            ("http", _) => builder.tls_certs_only([]),
            (_, []) => builder,
            (_, _) => builder.tls_certs_merge(roots),
        })
    }
}

/// Returns the host and port of the proxy that the system names for requests to that URL, without
/// the credentials that the proxy's URL may hold.
fn proxy(url: &Url) -> Option<String> {
    if is_loopback(url) {
        return None;
    }
    let used = Matcher::from_system().intercept(&url.as_str().parse().ok()?)?;
    let (host, port) = (used.uri().host()?, used.uri().port());
    Some(port.map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")))
}

/// Returns the error of a client that can't be built.
fn unbuildable(url: &Url, error: reqwest::Error) -> Error {
    #[cfg(any(feature = "rustls", feature = "rustls-no-provider", feature = "native-tls"))]
    if url.scheme() == "https" && reqwest::Client::builder().tls_certs_only([]).build().is_ok() {
        let reason = "the system's certificate store is missing or has no usable certificate; \
                      install one (in Debian the package ca-certificates), name a file with \
                      certificates in SSL_CERT_FILE or TWILIO_CA_BUNDLE, or use `root_certificate`";
        return Error::config("root_certificate", reason).with_source(error);
    }
    let reason = format!("it can't be built for {}", url.scheme());
    Error::config("http_client", reason).with_source(error)
}

/// Checks that rustls has a crypto provider, because reqwest panics without one.
fn check_provider() -> Result<(), Error> {
    #[cfg(all(feature = "rustls-no-provider", not(feature = "rustls")))]
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        let reason = "rustls has no crypto provider; with the feature `rustls-no-provider`, the \
                      program installs one with `CryptoProvider::install_default`";
        return Err(Error::config("http_client", reason));
    }
    Ok(())
}

/// Sends requests and returns their responses.
#[derive(Clone)]
pub(crate) enum Http {
    Client(reqwest::Client),
    /// Returns canned responses, and sends nothing.
    #[cfg(feature = "testing")]
    Canned(Canned),
}

/// The HTTP client of an API client, with its connections.
pub(crate) struct Connections {
    /// The client, and the number of clients that it has replaced.
    current: RwLock<(u64, Http)>,
    /// The settings for a new client; `None` if the program brought the client.
    renew: Option<(HttpSettings, Url)>,
    /// Host and port of the proxy that the environment names; `None` if the program brought the
    /// client.
    proxy: Option<String>,
    /// Whether the server responds by HTTP/1, which uses a connection for one request at a time.
    one_at_a_time: AtomicBool,
}

impl Connections {
    /// Creates the connections of the program's own HTTP client.
    pub(crate) fn own(client: reqwest::Client) -> Self {
        Self::new(Http::Client(client), None, None)
    }

    /// Creates the connections of the default HTTP client to that URL.
    pub(crate) fn to(url: &Url, settings: HttpSettings) -> Result<Self, Error> {
        let client = Http::Client(settings.client(url)?);
        Ok(Self::new(client, Some((settings, url.clone())), proxy(url)))
    }

    /// Creates canned responses, without connections.
    #[cfg(feature = "testing")]
    pub(crate) fn canned(canned: Canned) -> Self {
        Self::new(Http::Canned(canned), None, None)
    }

    fn new(client: Http, renew: Option<(HttpSettings, Url)>, proxy: Option<String>) -> Self {
        let current = RwLock::new((0, client));
        Self { current, renew, proxy, one_at_a_time: AtomicBool::new(false) }
    }

    /// Returns what the error of a request adds about the way to the server: nothing without a
    /// proxy.
    pub(crate) fn way(&self) -> String {
        way(self.proxy.as_deref())
    }

    /// Sends a request of that operation.
    pub(crate) async fn execute(
        &self,
        http: &Http,
        #[allow(unused_variables, reason = "canned responses are recorded by operation")]
        operation: &'static str,
        request: reqwest::Request,
    ) -> Result<reqwest::Response, Error> {
        match http {
            Http::Client(client) => {
                let response = client.execute(request).await;
                response.map_err(|error| no_response(error, self.proxy.as_deref()))
            }
            #[cfg(feature = "testing")]
            Http::Canned(canned) => canned.respond(operation, &request),
        }
    }

    /// Returns the HTTP client and its number.
    pub(crate) fn current(&self) -> (u64, Http) {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Records the HTTP version of a response.
    pub(crate) fn responded(&self, version: Version) {
        self.one_at_a_time.store(version < Version::HTTP_2, Ordering::Relaxed);
    }

    /// Replaces the client with that number, because a timeout expired on one of its connections.
    /// The connection may be dead, and HTTP/2 would use it for the next request too.
    pub(crate) fn abandon(&self, number: u64) {
        let Some((settings, url)) = &self.renew else {
            return;
        };
        if self.one_at_a_time.load(Ordering::Relaxed) {
            return;
        }
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        if current.0 == number
            && let Ok(client) = settings.client(url)
        {
            *current = (number + 1, Http::Client(client));
        }
    }
}
