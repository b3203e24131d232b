//! The settings that a client is built from.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use super::client::Client;
use crate::credentials::credentials::Credentials;
use crate::credentials::provider::CredentialsProvider;
use crate::credentials::source::Source;
use crate::error::Error;
use crate::http::client::http_client;
use crate::http::endpoint::{self, Given};
use crate::http::user_agent::user_agent;
use crate::transport::request_limit::{Limiter, RequestLimit};
use crate::transport::retry::RetryPolicy;
use crate::transport::shared::{Settings, Shared};

impl Client {
    /// A client of the account that the environment names, in Twilio's
    /// variables: `TWILIO_API_KEY` and `TWILIO_API_SECRET`, or
    /// `TWILIO_ACCOUNT_SID` and `TWILIO_AUTH_TOKEN`; `TWILIO_REGION` and
    /// `TWILIO_EDGE` if they are set.
    ///
    /// # Errors
    ///
    /// Of kind [`Config`](crate::ErrorKind::Config), naming the variable that
    /// is missing or malformed.
    pub fn from_env() -> Result<Self, Error> {
        ClientBuilder::from_env()?.build()
    }

    /// A client with settings of its own.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use twilio_verify::{Client, Credentials};
    ///
    /// let account = "ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa".parse()?;
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

/// Builds a [`Client`].
#[derive(Clone, Debug)]
#[must_use = "a builder does nothing until `build`"]
pub struct ClientBuilder {
    credentials: Option<Source>,
    base_url: Option<Given>,
    region: Option<String>,
    edge: Option<String>,
    http_client: Option<reqwest::Client>,
    application: Option<String>,
    connect_timeout: Duration,
    attempt_timeout: Duration,
    timeout: Duration,
    max_response_size: usize,
    retry: RetryPolicy,
    limits: Vec<(String, Option<RequestLimit>)>,
}

impl Default for ClientBuilder {
    fn default() -> Self {
        Self {
            credentials: None,
            base_url: None,
            region: None,
            edge: None,
            http_client: None,
            application: None,
            connect_timeout: Duration::from_secs(10),
            // The API's own.
            attempt_timeout: Duration::from_secs(15),
            timeout: Duration::from_secs(60),
            max_response_size: 16 * 1024 * 1024,
            retry: RetryPolicy::default(),
            // As Twilio documents it.
            limits: vec![(
                "FetchVerificationAttemptsSummary".to_owned(),
                RequestLimit::per_minute(100),
            )],
        }
    }
}

impl ClientBuilder {
    /// Begins with what the environment says; see [`Client::from_env`].
    ///
    /// # Errors
    ///
    /// Of kind [`Config`](crate::ErrorKind::Config), naming the variable that
    /// is missing or malformed.
    pub fn from_env() -> Result<Self, Error> {
        Self::from_lookup(|name| std::env::var(name).ok())
    }

    /// Begins with what `lookup` says of Twilio's environment variables, for
    /// programs that keep their settings elsewhere.
    ///
    /// # Errors
    ///
    /// As [`from_env`](Self::from_env).
    ///
    /// ```
    /// use twilio_verify::ClientBuilder;
    ///
    /// let error = ClientBuilder::from_lookup(|_| None).unwrap_err();
    /// assert_eq!(error.field(), Some("TWILIO_ACCOUNT_SID"));
    /// ```
    pub fn from_lookup(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        let setting = |name: &str| lookup(name).filter(|value| !value.is_empty());
        Ok(Self {
            credentials: Some(Source::Fixed(Credentials::from_lookup(&lookup)?)),
            region: setting("TWILIO_REGION"),
            edge: setting("TWILIO_EDGE"),
            ..Self::default()
        })
    }

    /// What to authenticate with. There is no default: these, or a
    /// [`credentials_provider`](Self::credentials_provider), are needed.
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = Some(Source::Fixed(credentials));
        self
    }

    /// Who is asked what to authenticate with, before every attempt to send a
    /// request: credentials can change without a restart. In place of
    /// [`credentials`](Self::credentials); the one that was called last counts.
    /// [`OAuth`](crate::OAuth) is such a provider.
    pub fn credentials_provider(mut self, provider: impl CredentialsProvider) -> Self {
        self.credentials = Some(Source::Provider(Arc::new(provider)));
        self
    }

    /// Where requests go, in place of Twilio's hosts: a proxy, or an emulator.
    /// Must be `https`, or a loopback address. Region and edge don't count
    /// then.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(Given(url.into()));
        self
    }

    /// The region that keeps the data, such as `ie1`. Default: `us1`.
    pub fn region(mut self, region: impl Into<String>) -> Self {
        self.region = Some(region.into());
        self
    }

    /// The edge that requests enter Twilio's network at, such as `dublin`.
    pub fn edge(mut self, edge: impl Into<String>) -> Self {
        self.edge = Some(edge.into());
        self
    }

    /// What the program is called, after this crate in the user agent: a name
    /// and a version, such as `shop/1.2`.
    pub fn application(mut self, application: impl Into<String>) -> Self {
        self.application = Some(application.into());
        self
    }

    /// How long it may take to connect, TLS included. Default: 10 seconds.
    /// Doesn't count for an [`http_client`](Self::http_client) of one's own.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// How long one attempt to get an answer may take, from connecting to the
    /// last byte. Default: 15 seconds, the limit that Twilio sets itself.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = timeout;
        self
    }

    /// How long a call may take in all. Default: 60 seconds. Each page of a
    /// list is a call.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// How many bytes an answer may have. Default: 16 MiB.
    pub fn max_response_size(mut self, bytes: usize) -> Self {
        self.max_response_size = bytes;
        self
    }

    /// When a request is sent again. Default: as
    /// [`RetryPolicy::default`].
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// How many requests of an operation, by its `operationId`, are sent in
    /// any minute; callers wait for their turn. `None` takes a limit away.
    /// Default: 100 of `FetchVerificationAttemptsSummary`, as Twilio
    /// documents, and no limit for the others.
    pub fn request_limit(
        mut self,
        operation: impl Into<String>,
        limit: impl Into<Option<RequestLimit>>,
    ) -> Self {
        self.limits.push((operation.into(), limit.into()));
        self
    }

    /// The limiter of every operation that has a limit.
    fn limiters(&self) -> Result<HashMap<&'static str, Limiter>, Error> {
        let mut limiters = HashMap::new();
        for (operation, limit) in &self.limits {
            let known = twilio_verify_api::OPERATIONS
                .iter()
                .find(|known| known.operation_id == operation);
            let Some(known) = known else {
                let reason = "no such operation; an operationId of the document is expected, such \
                              as FetchVerificationAttemptsSummary";
                return Err(Error::config("request_limit", reason));
            };
            match limit {
                Some(limit) => limiters.insert(known.operation_id, Limiter::new(*limit)),
                None => limiters.remove(known.operation_id),
            };
        }
        Ok(limiters)
    }

    /// An HTTP client with proxies, certificates or a connection pool of its
    /// own. Default: one that follows no redirects, and leaves retries alone.
    ///
    /// Build yours without redirects: a client that follows 307 and 308 sends
    /// a body, with the number or the code in it, to wherever they lead.
    pub fn http_client(mut self, client: reqwest::Client) -> Self {
        self.http_client = Some(client);
        self
    }

    /// Builds the client. Nothing is sent.
    ///
    /// # Errors
    ///
    /// Of kind [`Config`](crate::ErrorKind::Config), if there are no
    /// credentials, or if a setting is wrong; [`Error::field`] names it.
    pub fn build(self) -> Result<Client, Error> {
        let credentials = self.credentials.clone().ok_or_else(|| {
            Error::config(
                "credentials",
                "none were given; use `credentials`, `credentials_provider`, or `from_env`",
            )
        })?;
        let base_url = match &self.base_url {
            Some(url) => endpoint::custom("base_url", &url.0)?,
            None => endpoint::twilio(self.region.as_deref(), self.edge.as_deref())?,
        };
        for (field, timeout) in [
            ("connect_timeout", self.connect_timeout),
            ("attempt_timeout", self.attempt_timeout),
            ("timeout", self.timeout),
        ] {
            if timeout.is_zero() {
                return Err(Error::config(field, "no request can be made in no time"));
            }
        }
        let http = match &self.http_client {
            Some(client) => client.clone(),
            None => http_client(&base_url, self.connect_timeout)?,
        };
        let shared = Shared::new(Settings {
            limiters: self.limiters()?,
            user_agent: user_agent(self.application.as_deref())?,
            http,
            base_url,
            credentials,
            attempt_timeout: self.attempt_timeout,
            timeout: self.timeout,
            max_response_size: self.max_response_size,
            retry: self.retry,
        })?;
        Ok(Client {
            shared: Arc::new(shared),
        })
    }
}
