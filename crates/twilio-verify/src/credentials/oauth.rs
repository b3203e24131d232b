//! OAuth 2 client credentials: tokens that are got, kept and renewed.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Shared, WeakShared};
use http::HeaderValue;
use http::header::{ACCEPT, CONTENT_TYPE, USER_AGENT};
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};
use tokio::time::{Instant, timeout};
use url::Url;
use url::form_urlencoded::Serializer;

use super::credentials::{Credentials, REDACTED};
use super::provider::{CredentialsError, CredentialsFuture, CredentialsProvider};
use super::token::{self, Answer};
use crate::error::{Error, ErrorKind};
use crate::http::body::{not_answered, read};
use crate::http::client::http_client;
use crate::http::endpoint;
use crate::http::response::refused;
use crate::http::user_agent::user_agent;

/// Where Twilio gives tokens.
const TOKEN_URL: &str = "https://oauth.twilio.com/v2/token";

/// How long a request for a token may take.
const TIMEOUT: Duration = Duration::from_secs(15);

/// How many bytes its answer may have.
const MAX_RESPONSE_SIZE: usize = 64 * 1024;

/// How long before it expires a token is renewed at the earliest. One that
/// lives less than ten times as long is renewed in the last tenth of its life.
const MAX_MARGIN: Duration = Duration::from_secs(60);

/// How long is waited after an early renewal that failed.
const PAUSE: Duration = Duration::from_secs(5);

/// Credentials by OAuth 2: a client id and a client secret are exchanged for
/// an access token, which requests bear.
///
/// A token is got when the first request needs one, and kept. A minute before
/// it expires, or in the last tenth of its life if that is shorter, the next
/// request has a new one fetched in the background, and goes out at once with
/// the old one, as all others do while that is good; if no new one can be had,
/// it is tried again after 5 seconds. Callers who have no good token wait, all
/// for the same request, each within its own deadline.
///
/// How long a token lives is what the answer's `expires_in` says, else the
/// token's own `exp`, else it is taken for 5 minutes. When Twilio refuses a
/// token (status 401), it is forgotten, and the refused call is tried once more
/// with a new one, within the [`RetryPolicy`](crate::RetryPolicy).
///
/// Cheap to clone; clones share the token.
///
/// ```
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
/// When no token can be had, a call was not sent, and fails with an [`Error`]:
///
/// | the token endpoint | the error |
/// |---|---|
/// | gives the client none: status 400, 401, 403 | of kind [`Refused`](ErrorKind::Refused) with that [`status`](Error::status), and [`is_auth`](Error::is_auth); its text names the `error` code of [RFC 6749](https://www.rfc-editor.org/rfc/rfc6749#section-5.2) |
/// | can't be reached, is slow, has no token in its answer, answers with 429 or 5xx | of kind [`NotSent`](ErrorKind::NotSent), tried again within the [`RetryPolicy`](crate::RetryPolicy) |
/// | is none: any other status, redirects included | of kind [`Config`](ErrorKind::Config), [`field`](Error::field) `token_url` |
///
/// Its `source()` is what became of the request for the token.
#[derive(Clone)]
pub struct OAuth(Arc<Inner>);

struct Inner {
    client_id: String,
    client_secret: SecretString,
    token_url: Url,
    user_agent: HeaderValue,
    http: reqwest::Client,
    cache: Mutex<Cache>,
}

#[derive(Default)]
struct Cache {
    token: Option<Token>,
    /// A renewal on its way. It goes on as long as somebody waits for it.
    renewal: Option<WeakShared<Renewing>>,
}

#[derive(Clone)]
struct Token {
    credentials: Credentials,
    renew_at: Instant,
    expires: Instant,
}

/// A request for a token, and its end.
type Renewing = BoxFuture<'static, Renewed>;

type Renewed = Result<Credentials, Arc<Error>>;

impl OAuth {
    /// Tokens for a client, by the id and the secret that the console shows
    /// once.
    pub fn builder(client_id: impl Into<String>, client_secret: impl Into<String>) -> OAuthBuilder {
        OAuthBuilder {
            client_id: client_id.into(),
            client_secret: SecretString::from(client_secret.into()),
            token_url: None,
            application: None,
            http_client: None,
        }
    }

    /// A token that is good, or that was just given.
    async fn token(&self) -> Renewed {
        let renewal = {
            let mut cache = self.cache();
            let now = Instant::now();
            match cache.token.clone().filter(|token| now < token.expires) {
                Some(token) => {
                    if token.renew_at <= now && cache.running().is_none() {
                        // None of those who have a good token waits for it.
                        tokio::spawn(self.renew(&mut cache));
                    }
                    return Ok(token.credentials);
                }
                None => match cache.running() {
                    Some(renewal) => renewal,
                    None => self.renew(&mut cache),
                },
            }
        };
        renewal.await
    }

    /// Begins a renewal, that all can wait for.
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
                    tracing::debug!(%error, "no new token could be had");
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

    /// Asks for a token.
    async fn request(&self) -> Result<Token, Error> {
        let began = Instant::now();
        let answer = timeout(TIMEOUT, self.exchange())
            .await
            .map_err(|elapsed| {
                Error::new(ErrorKind::NoAnswer, "no answer came in time")
                    .with_timeout()
                    .with_source(elapsed)
            })??;
        let lifetime = answer.lifetime(SystemTime::now());
        let margin = MAX_MARGIN.min(lifetime / 10);
        Ok(Token {
            renew_at: began + (lifetime - margin),
            expires: began + lifetime,
            credentials: Credentials::bearer(answer.into_token()),
        })
    }

    async fn exchange(&self) -> Result<Answer, Error> {
        let Inner {
            client_id,
            client_secret,
            token_url,
            user_agent,
            http,
            ..
        } = &*self.0;
        let form = Serializer::new(String::new())
            .append_pair("grant_type", "client_credentials")
            .append_pair("client_id", client_id)
            .append_pair("client_secret", client_secret.expose_secret())
            .finish();
        let form = Bytes::from_owner(Zeroizing::new(form.into_bytes()));
        let mut request = reqwest::Request::new(http::Method::POST, token_url.clone());
        let headers = request.headers_mut();
        let form_type = HeaderValue::from_static("application/x-www-form-urlencoded");
        headers.insert(CONTENT_TYPE, form_type);
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(USER_AGENT, user_agent.clone());
        *request.body_mut() = Some(form.into());
        let answered = http.execute(request).await;
        let mut response = answered.map_err(not_answered)?;
        let status = response.status();
        let answer = match read(&mut response, MAX_RESPONSE_SIZE, "").await {
            Err(error) => Err(error),
            Ok(body) if !status.is_success() => {
                let error = refused(response.headers(), status.as_u16(), &body);
                Err(match token::refusal(&body) {
                    Some(code) => error.with_reason(code),
                    None => error,
                })
            }
            Ok(body) => Answer::read(&body)
                .ok_or_else(|| Error::new(ErrorKind::Unreadable, "it has no token")),
        };
        answer.map_err(|error| error.with_answer(status.as_u16(), None))
    }

    fn cache(&self) -> MutexGuard<'_, Cache> {
        self.0.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Cache {
    /// The renewal on its way, if somebody waits for it.
    fn running(&self) -> Option<Shared<Renewing>> {
        self.renewal.as_ref()?.upgrade()
    }
}

impl CredentialsProvider for OAuth {
    fn credentials(&self) -> CredentialsFuture<'_> {
        Box::pin(async {
            let token = self.token().await;
            token.map_err(|cause| CredentialsError::call(not_had(cause)))
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

/// The error of a call, by what became of the request for its token.
fn not_had(cause: Arc<Error>) -> Error {
    let error = match (cause.kind(), cause.status()) {
        (ErrorKind::Refused, Some(status @ (400 | 401 | 403))) => {
            let reason = format!(
                "the token endpoint gave no token: {}; check the client's id and secret",
                cause.reason()
            );
            // OAuth says 400 of a client that isn't known, as of other things.
            Error::new(ErrorKind::Refused, reason)
                .with_answer(status, None)
                .with_unauthenticated()
        }
        (ErrorKind::Refused, Some(status)) if status != 429 && status < 500 => Error::config(
            "token_url",
            format!("no tokens are given there: the answer has status {status}"),
        ),
        _ => Error::new(ErrorKind::NotSent, "no token could be had"),
    };
    let error = error.with_retry_after(cause.retry_after());
    let error = if cause.is_timeout() {
        error.with_timeout()
    } else {
        error
    };
    error.with_source(cause)
}

impl fmt::Debug for OAuth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OAuth")
            .field("client_id", &self.0.client_id)
            .field("client_secret", &REDACTED)
            .field("token_url", &self.0.token_url.as_str())
            .finish_non_exhaustive()
    }
}

/// Builds an [`OAuth`].
#[derive(Clone)]
#[must_use = "a builder does nothing until `build`"]
pub struct OAuthBuilder {
    client_id: String,
    client_secret: SecretString,
    token_url: Option<endpoint::Given>,
    application: Option<String>,
    http_client: Option<reqwest::Client>,
}

impl OAuthBuilder {
    /// Where tokens are given. Must be `https`, or a loopback address.
    /// Default: `https://oauth.twilio.com/v2/token`.
    pub fn token_url(mut self, url: impl Into<String>) -> Self {
        self.token_url = Some(endpoint::Given(url.into()));
        self
    }

    /// What the program is called, after this crate in the user agent of the
    /// requests for tokens: a name and a version, such as `shop/1.2`. As
    /// [`ClientBuilder::application`](crate::ClientBuilder::application), which
    /// counts for the client's own requests.
    pub fn application(mut self, application: impl Into<String>) -> Self {
        self.application = Some(application.into());
        self
    }

    /// An HTTP client with proxies or certificates of its own, for the requests
    /// for tokens. It should follow no redirects: one with status 307 would
    /// hand the client secret to wherever it leads. Default: one that follows
    /// none.
    pub fn http_client(mut self, client: reqwest::Client) -> Self {
        self.http_client = Some(client);
        self
    }

    /// Builds the provider. Nothing is sent.
    ///
    /// # Errors
    ///
    /// Of kind [`Config`](ErrorKind::Config), if a setting is wrong;
    /// [`Error::field`] names it.
    ///
    /// ```
    /// use twilio_verify::OAuth;
    ///
    /// let builder = OAuth::builder("id", "secret").token_url("http://oauth.example/token");
    /// assert_eq!(builder.build().unwrap_err().field(), Some("token_url"));
    /// ```
    pub fn build(self) -> Result<OAuth, Error> {
        for (field, text) in [
            ("client_id", self.client_id.as_str()),
            ("client_secret", self.client_secret.expose_secret()),
        ] {
            if text.is_empty() {
                return Err(Error::config(field, "it is empty"));
            }
        }
        let token_url = self.token_url.as_ref().map_or(TOKEN_URL, |url| &url.0);
        let token_url = endpoint::custom("token_url", token_url)?;
        let http = match self.http_client {
            Some(client) => client,
            None => http_client(&token_url, TIMEOUT)?,
        };
        Ok(OAuth(Arc::new(Inner {
            client_id: self.client_id,
            client_secret: self.client_secret,
            token_url,
            user_agent: user_agent(self.application.as_deref())?,
            http,
            cache: Mutex::default(),
        })))
    }
}

impl fmt::Debug for OAuthBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OAuthBuilder")
            .field("client_id", &self.client_id)
            .field("client_secret", &REDACTED)
            .field("token_url", &self.token_url)
            .field("application", &self.application)
            .finish_non_exhaustive()
    }
}
