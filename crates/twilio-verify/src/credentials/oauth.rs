//! OAuth 2 client credentials: access tokens, cached and renewed.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Shared, WeakShared};
use http::header::{ACCEPT, CONTENT_TYPE, USER_AGENT};
use http::{HeaderValue, Method};
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};
use tokio::time::{Instant, timeout};
use url::Url;
use url::form_urlencoded::Serializer;

use super::credentials::{Credentials, check_secret};
use super::provider::{CredentialsError, CredentialsFuture, CredentialsProvider};
use super::token;
use crate::error::{Error, ErrorKind};
use crate::http::body::read;
use crate::http::client::{Connections, Http, HttpSettings};
use crate::http::endpoint::{self, Given};
use crate::http::response::refused;
use crate::http::user_agent::user_agent;

/// Twilio's token endpoint.
const TOKEN_URL: &str = "https://oauth.twilio.com/v2/token";

/// The timeout of a request for a token.
const TIMEOUT: Duration = Duration::from_secs(15);

/// The maximum size of the response to it.
const MAX_RESPONSE_SIZE: usize = 64 * 1024;

/// The longest time before its expiry at which a token is renewed; a tenth of its lifetime if that
/// is shorter.
const MAX_MARGIN: Duration = Duration::from_secs(60);

/// The delay after an early renewal that failed.
const PAUSE: Duration = Duration::from_secs(5);

/// OAuth 2 client credentials: exchanges a client id and a client secret for an access token, which
/// authenticates requests.
///
/// The first request fetches a token, which is then cached. A minute before it expires, or in the
/// last tenth of its lifetime if that is shorter, the next request starts a renewal in the
/// background. All requests use the old token until it expires. A renewal that fails is repeated
/// after 5 seconds. Callers without a valid token wait for the same renewal, each up to its own
/// timeout.
///
/// The lifetime of a token is the response's `expires_in`, or else the token's own `exp`, or else 5
/// minutes. If Twilio rejects a token (status 401), it is dropped, and the call is sent once more
/// with a new one, within the [`RetryPolicy`](crate::RetryPolicy).
///
/// It is cheap to clone; clones share the token.
///
/// ```no_run
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use twilio_verify::{Client, OAuth};
///
/// let oauth = OAuth::builder("your client id", "your client secret").build()?;
/// let client = Client::builder().credentials_provider(oauth).build()?;
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// Without a token, a call is not sent, and fails with an [`Error`] whose `source()` is the error
/// of the request for the token:
///
/// | token endpoint | error |
/// |---|---|
/// | rejects the client: status 400, 401, 403 | of kind [`Refused`](ErrorKind::Refused) with that [`status`](Error::status), and [`is_auth`](Error::is_auth); its text names the `error` code of [RFC 6749](https://www.rfc-editor.org/rfc/rfc6749#section-5.2) |
/// | can't be reached, is too slow, responds without a token or with 429 or 5xx | of kind [`NotSent`](ErrorKind::NotSent), retried within the [`RetryPolicy`](crate::RetryPolicy) |
/// | responds with any other status, redirects included | of kind [`Config`](ErrorKind::Config), [`field`](Error::field) `token_url` |
#[derive(Clone)]
pub struct OAuth(Arc<Inner>);

struct Inner {
    client_id: String,
    client_secret: SecretString,
    token_url: Url,
    user_agent: HeaderValue,
    connections: Connections,
    cache: Mutex<Cache>,
}

#[derive(Default)]
struct Cache {
    token: Option<Token>,
    /// The current renewal. It is cancelled when no caller waits for it.
    renewal: Option<WeakShared<Renewing>>,
}

#[derive(Clone)]
struct Token {
    credentials: Credentials,
    renew_at: Instant,
    expires: Instant,
}

/// A request for a token.
type Renewing = BoxFuture<'static, Renewed>;

type Renewed = Result<Credentials, Arc<Error>>;

impl OAuth {
    /// Creates a builder for a client id and a client secret, which the console shows once.
    pub fn builder(client_id: impl Into<String>, client_secret: impl Into<String>) -> OAuthBuilder {
        OAuthBuilder {
            client_id: client_id.into(),
            client_secret: SecretString::from(client_secret.into()),
            token_url: Given(TOKEN_URL.to_owned()),
            application: None,
            http_client: None,
            roots: Vec::new(),
        }
    }

    /// Returns the cached token if it is valid, otherwise a new one.
    async fn token(&self) -> Renewed {
        let renewal = {
            let mut cache = self.cache();
            let now = Instant::now();
            let running = cache.renewal.as_ref().and_then(WeakShared::upgrade);
            if let Some(token) = cache.token.clone().filter(|token| now < token.expires) {
                if token.renew_at <= now && running.is_none() {
                    // Callers with a valid token don't wait for the renewal.
                    tokio::spawn(self.renew(&mut cache));
                }
                return Ok(token.credentials);
            }
            running.unwrap_or_else(|| self.renew(&mut cache))
        };
        renewal.await
    }

    /// Starts a renewal that any caller can wait for.
    fn renew(&self, cache: &mut Cache) -> Shared<Renewing> {
        let oauth = self.clone();
        let renewal = async move {
            let result = oauth.request().await;
            let mut cache = oauth.cache();
            cache.renewal = None;
            match result {
                Ok(token) => {
                    let credentials = token.credentials.clone();
                    cache.token = Some(token);
                    Ok(credentials)
                }
                Err(error) => {
                    tracing::debug!(%error, "the token was not renewed");
                    if let Some(token) = &mut cache.token {
                        token.renew_at = Instant::now() + PAUSE;
                    }
                    Err(Arc::new(error))
                }
            }
        };
        let renewal = renewal.boxed().shared();
        cache.renewal = renewal.downgrade();
        renewal
    }

    /// Requests a token.
    async fn request(&self) -> Result<Token, Error> {
        let began = Instant::now();
        let (connections, http) = self.0.connections.current();
        let response = timeout(TIMEOUT, self.exchange(&http)).await.map_err(|elapsed| {
            self.0.connections.abandon(connections);
            let reason = "there was no response before the timeout";
            Error::timeout(ErrorKind::NoAnswer, reason).with_source(elapsed)
        })??;
        let lifetime = response.lifetime(SystemTime::now());
        let margin = MAX_MARGIN.min(lifetime / 10);
        Ok(Token {
            renew_at: began + (lifetime - margin),
            expires: began + lifetime,
            credentials: Credentials::bearer(response.access_token),
        })
    }

    async fn exchange(&self, http: &Http) -> Result<token::Response, Error> {
        let Inner { client_id, client_secret, token_url, user_agent, connections, .. } = &*self.0;
        let form = Serializer::new(String::new())
            .append_pair("grant_type", "client_credentials")
            .append_pair("client_id", client_id)
            .append_pair("client_secret", client_secret.expose_secret())
            .finish();
        let form = Bytes::from_owner(Zeroizing::new(form.into_bytes()));
        let mut request = reqwest::Request::new(Method::POST, token_url.clone());
        let headers = request.headers_mut();
        let kind = HeaderValue::from_static("application/x-www-form-urlencoded");
        headers.insert(CONTENT_TYPE, kind);
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(USER_AGENT, user_agent.clone());
        *request.body_mut() = Some(form.into());
        let mut response = connections.execute(http, "token", request).await?;
        connections.responded(response.version());
        let status = response.status();
        let result = match read(&mut response, MAX_RESPONSE_SIZE, "").await {
            Err(error) => Err(error),
            Ok(body) if status.is_success() => token::Response::read(&body)
                .ok_or_else(|| Error::new(ErrorKind::Unreadable, "it has no token")),
            Ok(body) => {
                let error = refused(response.headers(), status.as_u16(), &body);
                Err(match token::error_code(&body) {
                    Some(code) => Error::new(ErrorKind::Refused, code)
                        .with(|details| details.retry_after = error.retry_after()),
                    None => error,
                })
            }
        };
        result.map_err(|error| error.with(|details| details.status = Some(status.as_u16())))
    }

    fn cache(&self) -> MutexGuard<'_, Cache> {
        self.0.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl CredentialsProvider for OAuth {
    fn credentials(&self) -> CredentialsFuture<'_> {
        Box::pin(async {
            let token = self.token().await;
            token.map_err(|cause| CredentialsError::call(no_token(cause)))
        })
    }

    fn refused(&self, credentials: &Credentials) -> bool {
        let mut cache = self.cache();
        let is_kept = |token: &Token| token.credentials.is_same_token(credentials);
        if cache.token.as_ref().is_some_and(is_kept) {
            cache.token = None;
        }
        true
    }
}

/// Returns the error of a call without a token, by the error of the request for it.
fn no_token(cause: Arc<Error>) -> Error {
    let error = match (cause.kind(), cause.status()) {
        (ErrorKind::Refused, Some(status @ (400 | 401 | 403))) => {
            let reason = format!(
                "the token endpoint rejected the client: {}; check the client's id and secret",
                cause.reason()
            );
            // In OAuth, status 400 can also mean an unknown client.
            Error::new(ErrorKind::Refused, reason).with(|details| {
                details.status = Some(status);
                details.unauthenticated = true;
            })
        }
        (ErrorKind::Refused, Some(status)) if status != 429 && status < 500 => {
            let reason = format!("not a token endpoint: it responded with status {status}");
            Error::config("token_url", reason)
        }
        _ => Error::new(ErrorKind::NotSent, "no token could be obtained"),
    };
    error
        .with(|details| {
            details.retry_after = cause.retry_after();
            details.timeout = cause.is_timeout();
            details.permanent = cause.is_permanent();
        })
        .with_source(cause)
}

impl fmt::Debug for OAuth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OAuth")
            .field("client_id", &self.0.client_id)
            .field("token_url", &self.0.token_url.as_str())
            .finish_non_exhaustive()
    }
}

/// Builds an [`OAuth`].
#[derive(Clone, Debug)]
#[must_use = "a builder does nothing until `build`"]
pub struct OAuthBuilder {
    client_id: String,
    client_secret: SecretString,
    token_url: Given,
    application: Option<String>,
    http_client: Option<reqwest::Client>,
    roots: Vec<Vec<u8>>,
}

impl OAuthBuilder {
    /// Sets the token endpoint: `https`, or `http` to a loopback address. Default:
    /// `https://oauth.twilio.com/v2/token`.
    pub fn token_url(mut self, url: impl Into<String>) -> Self {
        self.token_url = Given(url.into());
        self
    }

    /// Sets the name and version of the program, such as `shop/1.2`, to append to the `User-Agent`
    /// header of requests for tokens. For the client's own requests see
    /// [`ClientBuilder::application`](crate::ClientBuilder::application).
    pub fn application(mut self, application: impl Into<String>) -> Self {
        self.application = Some(application.into());
        self
    }

    /// Sets an HTTP client with its own proxies or certificates, for the requests for tokens.
    /// Default: a client without redirects. Build yours without redirects too: a client that
    /// follows status 307 would send the client secret to another host.
    pub fn http_client(mut self, client: reqwest::Client) -> Self {
        self.http_client = Some(client);
        self
    }

    /// Trusts the certificates in a PEM file, in addition to the system's. It does not apply to an
    /// [`http_client`](Self::http_client).
    #[cfg(any(feature = "rustls", feature = "rustls-no-provider", feature = "native-tls"))]
    pub fn root_certificate(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.roots.push(pem.into());
        self
    }

    /// Builds the provider. Nothing is sent.
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`Config`](ErrorKind::Config), if a setting is invalid;
    /// [`Error::field`] names it.
    ///
    /// ```
    /// use twilio_verify::OAuth;
    ///
    /// let builder = OAuth::builder("id", "secret").token_url("http://oauth.example/token");
    /// assert_eq!(builder.build().unwrap_err().field(), Some("token_url"));
    /// ```
    pub fn build(self) -> Result<OAuth, Error> {
        let secret = self.client_secret.expose_secret();
        for (field, text) in [("client_id", &*self.client_id), ("client_secret", secret)] {
            if text.is_empty() {
                return Err(Error::config(field, "it is empty"));
            }
            check_secret(field, text)?;
        }
        let token_url = endpoint::custom("token_url", &self.token_url.0)?;
        let connections = match self.http_client {
            Some(client) => Connections::own(client),
            None => {
                let settings = HttpSettings {
                    connect_timeout: TIMEOUT,
                    roots: self.roots,
                    ..Default::default()
                };
                Connections::to(&token_url, settings)?
            }
        };
        Ok(OAuth(Arc::new(Inner {
            client_id: self.client_id,
            client_secret: self.client_secret,
            token_url,
            user_agent: user_agent(self.application.as_deref())?,
            connections,
            cache: Mutex::default(),
        })))
    }
}
