//! Builds a client from settings.

use std::sync::Arc;
use std::time::Duration;

use url::Url;

use super::client::Client;
use crate::credentials::credentials::Credentials;
use crate::credentials::provider::CredentialsProvider;
use crate::credentials::source::Source;
use crate::error::Error;
#[cfg(feature = "testing")]
use crate::http::canned::Canned;
use crate::http::client::{Connections, HttpSettings};
use crate::http::endpoint::{self, Given};
use crate::http::user_agent::user_agent;
use crate::transport::clock::ServerClock;
use crate::transport::gate::RequestGate;
use crate::transport::limits::{LimitSettings, Limits};
use crate::transport::request_limit::RequestLimit;
use crate::transport::retry::{Retry, RetryPolicy};
use crate::transport::shared::Shared;

impl Client {
    /// Creates a client with the settings in Twilio's environment variables: `TWILIO_API_KEY` and
    /// `TWILIO_API_SECRET`, or `TWILIO_ACCOUNT_SID` and `TWILIO_AUTH_TOKEN`; optionally
    /// `TWILIO_REGION`, `TWILIO_EDGE`; `TWILIO_BASE_URL`, the URL of a proxy or an emulator to use
    /// in place of Twilio's hosts, as for [`base_url`](ClientBuilder::base_url); and
    /// `TWILIO_CA_BUNDLE`, the path of a PEM file with certificates to trust in addition to the
    /// system's.
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`Config`](crate::ErrorKind::Config) that names the missing or
    /// malformed variable.
    pub fn from_env() -> Result<Self, Error> {
        ClientBuilder::from_env()?.build()
    }

    /// Builds a client.
    ///
    /// ```no_run
    /// use std::time::Duration;
    ///
    /// use twilio_verify::{Client, Credentials};
    ///
    /// let account = "ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    /// let client = Client::builder()
    ///     .credentials(Credentials::auth_token(account, "your auth token"))
    ///     .region("ie1")
    ///     .timeout(Duration::from_secs(30))
    ///     .build()?;
    /// assert_eq!(client.base_url().as_str(), "https://verify.ie1.twilio.com/");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }
}

const BASE_URL: &str = "TWILIO_BASE_URL";
const CA_BUNDLE: &str = "TWILIO_CA_BUNDLE";

/// Builds a [`Client`].
#[derive(Clone, Debug)]
#[must_use = "a builder does nothing until `build`"]
pub struct ClientBuilder {
    credentials: Option<Source>,
    base_url: Option<Given>,
    region: Option<String>,
    edge: Option<String>,
    http_client: Option<reqwest::Client>,
    #[cfg(feature = "testing")]
    canned: Option<Canned>,
    application: Option<String>,
    http: HttpSettings,
    attempt_timeout: Duration,
    timeout: Duration,
    max_response_size: usize,
    retry: RetryPolicy,
    limits: LimitSettings,
}

impl Default for ClientBuilder {
    fn default() -> Self {
        Self {
            credentials: None,
            base_url: None,
            region: None,
            edge: None,
            http_client: None,
            #[cfg(feature = "testing")]
            canned: None,
            application: None,
            http: HttpSettings::default(),
            // The API's own limit.
            attempt_timeout: Duration::from_secs(15),
            timeout: Duration::from_secs(60),
            max_response_size: 16 * 1024 * 1024,
            retry: RetryPolicy::default(),
            limits: LimitSettings::default(),
        }
    }
}

impl ClientBuilder {
    /// Creates a builder with the settings in Twilio's environment variables. See
    /// [`Client::from_env`].
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`Config`](crate::ErrorKind::Config) that names the missing or
    /// malformed variable.
    pub fn from_env() -> Result<Self, Error> {
        Self::from_lookup(|name| std::env::var(name).ok())
    }

    /// Creates a builder with the settings that `lookup` returns for the names of Twilio's
    /// environment variables, for programs that keep them elsewhere.
    ///
    /// # Errors
    ///
    /// The same as [`from_env`](Self::from_env).
    ///
    /// ```
    /// use twilio_verify::ClientBuilder;
    ///
    /// let error = ClientBuilder::from_lookup(|_| None).unwrap_err();
    /// assert_eq!(error.field(), Some("TWILIO_ACCOUNT_SID"));
    /// ```
    pub fn from_lookup(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        let setting = |name: &str| lookup(name).filter(|value| !value.is_empty());
        let mut http = HttpSettings::default();
        if let Some(path) = setting(CA_BUNDLE) {
            http.roots.push(std::fs::read(path).map_err(|error| {
                Error::config(CA_BUNDLE, format!("the file can't be read: {error}"))
                    .with_source(error)
            })?);
        }
        let base_url = setting(BASE_URL);
        if let Some(url) = &base_url {
            endpoint::custom(BASE_URL, url)?;
        }
        Ok(Self {
            credentials: Some(Source::Fixed(Credentials::from_lookup(&lookup)?)),
            base_url: base_url.map(Given),
            region: setting("TWILIO_REGION"),
            edge: setting("TWILIO_EDGE"),
            http,
            ..Self::default()
        })
    }

    /// Sets the credentials. These or a [`credentials_provider`](Self::credentials_provider) are
    /// required.
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = Some(Source::Fixed(credentials));
        self
    }

    /// Sets a provider that is asked for credentials before each attempt to send a request, so that
    /// they can change without a restart, such as [`OAuth`](crate::OAuth). It replaces
    /// [`credentials`](Self::credentials), and the other way around.
    pub fn credentials_provider(mut self, provider: impl CredentialsProvider) -> Self {
        self.credentials = Some(Source::Provider(Arc::new(provider)));
        self
    }

    /// Sets the URL of a proxy or an emulator to use in place of Twilio's hosts: `https`, or `http`
    /// to a loopback address. Region and edge are then ignored.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(Given(url.into()));
        self
    }

    /// Sets the region that stores the data, such as `ie1`. Default: `us1`.
    pub fn region(mut self, region: impl Into<String>) -> Self {
        self.region = Some(region.into());
        self
    }

    /// Sets the edge at which requests enter Twilio's network, such as `dublin`.
    pub fn edge(mut self, edge: impl Into<String>) -> Self {
        self.edge = Some(edge.into());
        self
    }

    /// Sets the name and version of the program, such as `shop/1.2`, to append to the `User-Agent`
    /// header.
    pub fn application(mut self, application: impl Into<String>) -> Self {
        self.application = Some(application.into());
        self
    }

    /// Sets the timeout of a connection, TLS included. Default: 10 seconds. It does not apply to an
    /// [`http_client`](Self::http_client).
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.http.connect_timeout = timeout;
        self
    }

    /// Sets the time after which an idle connection is closed. Default: 30 seconds, because load
    /// balancers usually close theirs after 60. If a proxy closes idle connections earlier, set a
    /// shorter time: a `POST` on a connection that is being closed is lost. It does not apply to an
    /// [`http_client`](Self::http_client).
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.http.idle_timeout = timeout;
        self
    }

    /// Trusts the certificates in a PEM file, in addition to the system's: those of a proxy or a
    /// private authority. It does not apply to an [`http_client`](Self::http_client).
    #[cfg(any(feature = "rustls", feature = "rustls-no-provider", feature = "native-tls"))]
    pub fn root_certificate(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.http.roots.push(pem.into());
        self
    }

    /// Sets the timeout of one attempt to get a response, from connecting to the last byte.
    /// Default: 15 seconds, which is also Twilio's own limit.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = timeout;
        self
    }

    /// Sets the overall timeout of a call. Default: 60 seconds. Each page of a list is a call.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Sets the maximum size of the body of a response. Default: 16 MiB.
    pub fn max_response_size(mut self, bytes: usize) -> Self {
        self.max_response_size = bytes;
        self
    }

    /// Sets when a request is sent again. Default: [`RetryPolicy::default`].
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// Sets the maximum number of requests of an operation, named by its `operationId`, in any
    /// minute. Callers wait for their turn. `None` removes the limit. Twilio documents these
    /// limits, which are the default:
    ///
    /// | requests | in a minute |
    /// |---|---|
    /// | attempts: summary | 100 |
    /// | attempts: list and fetch together | 100 |
    /// | Safe List: all operations together | 30 |
    /// | fetch of a verification | 60 of each verification |
    ///
    /// Twilio counts requests by account. Clients with the same account or API key, base URL and
    /// limit count together; to count with other processes, see
    /// [`request_gate`](Self::request_gate).
    pub fn request_limit(
        mut self,
        operation: impl Into<String>,
        limit: impl Into<Option<RequestLimit>>,
    ) -> Self {
        self.limits.own.push((operation.into(), limit.into()));
        self
    }

    /// Removes the documented limits: for accounts with higher ones, and for servers of your own.
    /// See [`request_limit`](Self::request_limit).
    pub fn no_documented_limits(mut self) -> Self {
        self.limits.documented = false;
        self
    }

    /// Sets the gate that keeps the limits. Default: [`InProcessGate`](crate::InProcessGate), which
    /// all clients of the process share. See [`RequestGate`] for limits that several processes
    /// share.
    pub fn request_gate(mut self, gate: impl RequestGate) -> Self {
        self.limits.gate = Some(Arc::new(gate));
        self
    }

    /// Sets an HTTP client with its own proxies, certificates or connection pool. Default: a client
    /// without redirects and retries.
    ///
    /// Build yours without redirects: a client that follows status 307 or 308 sends the body, with
    /// the number or the code in it, to another host.
    pub fn http_client(mut self, client: reqwest::Client) -> Self {
        self.http_client = Some(client);
        self
    }

    /// Responds with canned responses, and sends nothing.
    #[cfg(feature = "testing")]
    pub(crate) fn canned(mut self, canned: Canned) -> Self {
        self.canned = Some(canned);
        self
    }

    /// Returns the connections that send the requests.
    fn connections(&mut self, base_url: &Url) -> Result<Connections, Error> {
        #[cfg(feature = "testing")]
        if let Some(canned) = self.canned.take() {
            return Ok(Connections::canned(canned));
        }
        match self.http_client.take() {
            Some(client) => Ok(Connections::own(client)),
            None => Connections::to(base_url, std::mem::take(&mut self.http)),
        }
    }

    /// Builds the client. Nothing is sent.
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`Config`](crate::ErrorKind::Config), if there are no credentials
    /// or a setting is invalid; [`Error::field`] names it. With the feature `rustls-no-provider`
    /// instead of `rustls`, also if the program has not installed a crypto provider
    /// (`http_client`).
    pub fn build(mut self) -> Result<Client, Error> {
        let Some(credentials) = self.credentials.take() else {
            let reason = "missing; use `credentials`, `credentials_provider` or `from_env`";
            return Err(Error::config("credentials", reason));
        };
        credentials.check()?;
        let base_url = match &self.base_url {
            Some(url) => endpoint::custom("base_url", &url.0)?,
            None => endpoint::twilio(self.region.as_deref(), self.edge.as_deref())?,
        };
        for (field, timeout) in [
            ("connect_timeout", self.http.connect_timeout),
            ("idle_timeout", self.http.idle_timeout),
            ("attempt_timeout", self.attempt_timeout),
            ("timeout", self.timeout),
        ] {
            if timeout.is_zero() {
                return Err(Error::config(field, "must be greater than zero"));
            }
        }
        let connections = self.connections(&base_url)?;
        let limits = Limits::new(base_url.as_str(), credentials.user(), self.limits)?;
        let shared = Shared {
            connections: Arc::new(connections),
            base_url,
            credentials,
            user_agent: user_agent(self.application.as_deref())?,
            attempt_timeout: self.attempt_timeout,
            timeout: self.timeout,
            max_response_size: self.max_response_size,
            retry: Arc::new(Retry::new(self.retry)),
            limits: Arc::new(limits),
            clock: Arc::new(ServerClock::new()),
        };
        let shared = Arc::new(shared);
        Ok(Client { shared })
    }
}
