//! The credentials of requests: an auth token, an API key, or a bearer token.

use std::fmt;
use std::sync::{Arc, OnceLock};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::HeaderValue;
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};
use twilio_verify_api::types::AccountSid;
use twilio_verify_api::{ApiKeySid, Given, IntoValue, SidError};

use crate::error::Error;

/// The credentials that authenticate requests.
///
/// Pass credentials that don't change to
/// [`ClientBuilder::credentials`](crate::ClientBuilder::credentials). A
/// [`CredentialsProvider`](crate::CredentialsProvider), such as [`OAuth`](crate::OAuth), returns
/// credentials that change while the program runs.
///
/// Credentials are cheap to clone. The secret is never printed, and is wiped from memory when the
/// last clone is dropped, except for what the HTTP library copies into its buffers.
///
/// ```
/// use twilio_verify::Credentials;
///
/// let account = "ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
/// let credentials = Credentials::auth_token(account, "0123456789abcdef0123456789abcdef");
/// assert!(!format!("{credentials:?}").contains("0123"));
/// ```
#[derive(Clone)]
pub struct Credentials(Arc<Inner>);

struct Inner {
    scheme: Scheme,
    /// Why the SID of the account or the API key is invalid.
    fault: Option<String>,
    /// The value of the `Authorization` header, computed when it is first needed.
    authorization: OnceLock<HeaderValue>,
}

/// `Debug` doesn't show the secrets.
#[derive(Debug)]
enum Scheme {
    Basic { user: String, secret: SecretString },
    Bearer { token: SecretString },
}

impl Credentials {
    /// Reads the credentials in Twilio's environment variables: `TWILIO_API_KEY` and
    /// `TWILIO_API_SECRET` if the key is set, otherwise `TWILIO_ACCOUNT_SID` and
    /// `TWILIO_AUTH_TOKEN`.
    ///
    /// [`Client::from_env`](crate::Client::from_env) reads them too, with the variables for region,
    /// edge and certificates.
    ///
    /// # Errors
    ///
    /// The same as [`from_lookup`](Self::from_lookup).
    ///
    /// ```no_run
    /// use std::time::Duration;
    ///
    /// use twilio_verify::{Client, Credentials};
    ///
    /// let client = Client::builder()
    ///     .credentials(Credentials::from_env()?)
    ///     .timeout(Duration::from_secs(20))
    ///     .build()?;
    /// # Ok::<(), twilio_verify::Error>(())
    /// ```
    pub fn from_env() -> Result<Self, Error> {
        Self::from_lookup(|name| std::env::var(name).ok())
    }

    /// Creates credentials from an account's SID and auth token, which the console shows. If the
    /// SID is an invalid text, building a client with the credentials fails.
    pub fn auth_token(account: impl IntoValue<AccountSid>, token: impl Into<String>) -> Self {
        Self::basic(Given::new(account), token.into())
    }

    /// Creates credentials from an API key's SID and secret. Prefer a key for a program: it can be
    /// revoked without changing the auth token. If the SID is an invalid text, building a client
    /// with the credentials fails.
    pub fn api_key(key: impl IntoValue<ApiKeySid>, secret: impl Into<String>) -> Self {
        Self::basic(Given::new(key), secret.into())
    }

    /// Creates credentials from an access token. It can be used until it expires;
    /// [`OAuth`](crate::OAuth) renews its tokens, and a
    /// [`CredentialsProvider`](crate::CredentialsProvider) can return new ones.
    pub fn bearer(token: impl Into<String>) -> Self {
        Self::new(Scheme::Bearer { token: SecretString::from(token.into()) }, None)
    }

    fn basic<T: Into<String>>(sid: Given<T>, secret: String) -> Self {
        let (user, fault) = match sid.into_result() {
            Ok(sid) => (sid.into(), None),
            Err(fault) => (String::new(), Some(fault)),
        };
        Self::new(Scheme::Basic { user, secret: SecretString::from(secret) }, fault)
    }

    fn new(scheme: Scheme, fault: Option<String>) -> Self {
        Self(Arc::new(Inner { scheme, fault, authorization: OnceLock::new() }))
    }

    /// Reads the values that `lookup` returns for the names of Twilio's environment variables:
    /// `TWILIO_API_KEY` and `TWILIO_API_SECRET` if the key is set, otherwise `TWILIO_ACCOUNT_SID`
    /// and `TWILIO_AUTH_TOKEN`.
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`Config`](crate::ErrorKind::Config) that names the missing, empty
    /// or malformed variable.
    pub fn from_lookup(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        let lookup = |name: &str| lookup(name).filter(|value| !value.is_empty());
        let missing = |name: &str, reason: &str| Error::config(name, reason);
        if let Some(key) = lookup(API_KEY) {
            let secret = lookup(API_SECRET)
                .ok_or_else(|| missing(API_SECRET, "not set, but TWILIO_API_KEY is"))?;
            check_secret(API_SECRET, &secret)?;
            let key: ApiKeySid = key.parse().map_err(|error| malformed(API_KEY, error))?;
            return Ok(Self::api_key(key, secret));
        }
        let account = lookup(ACCOUNT_SID).ok_or_else(|| {
            let reason = "not set; set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN, or \
                          TWILIO_API_KEY and TWILIO_API_SECRET";
            missing(ACCOUNT_SID, reason)
        })?;
        let account: AccountSid = account.parse().map_err(|error| malformed(ACCOUNT_SID, error))?;
        let token = lookup(AUTH_TOKEN)
            .ok_or_else(|| missing(AUTH_TOKEN, "not set, but TWILIO_ACCOUNT_SID is"))?;
        check_secret(AUTH_TOKEN, &token)?;
        Ok(Self::auth_token(account, token))
    }

    /// Returns the value of the `Authorization` header, wiped from memory on drop like the secret.
    pub(super) fn authorization(&self) -> Result<HeaderValue, Error> {
        let Inner { scheme, fault, authorization } = &*self.0;
        if let Some(value) = authorization.get() {
            return Ok(value.clone());
        }
        if let Some(fault) = fault {
            return Err(Error::config("credentials", fault));
        }
        let text = match scheme {
            Scheme::Basic { user, secret } => {
                let pair = Zeroizing::new(format!("{user}:{}", secret.expose_secret()));
                let encoded = Zeroizing::new(STANDARD.encode(&*pair));
                format!("Basic {}", *encoded)
            }
            Scheme::Bearer { token } => format!("Bearer {}", token.expose_secret()),
        };
        let bytes = Bytes::from_owner(Zeroizing::new(text.into_bytes()));
        let mut value = HeaderValue::from_maybe_shared(bytes).map_err(|error| {
            Error::config("credentials", "they hold a character that a header can't")
                .with_source(error)
        })?;
        value.set_sensitive(true);
        Ok(authorization.get_or_init(|| value).clone())
    }

    /// Returns the SID of the account or the API key.
    pub(super) fn user(&self) -> Option<&str> {
        match &self.0.scheme {
            Scheme::Basic { user, .. } => Some(user),
            Scheme::Bearer { .. } => None,
        }
    }

    /// Rejects credentials that a header can't hold, or that were copied with white space.
    pub(super) fn check(&self) -> Result<(), Error> {
        match &self.0.scheme {
            Scheme::Basic { secret, .. } => check_secret("credentials", secret.expose_secret())?,
            Scheme::Bearer { token } => check_secret("credentials", token.expose_secret())?,
        }
        self.authorization().map(drop)
    }

    /// Whether both are the same bearer token.
    pub(super) fn is_same_token(&self, other: &Self) -> bool {
        match (&self.0.scheme, &other.0.scheme) {
            (Scheme::Bearer { token }, Scheme::Bearer { token: other }) => {
                token.expose_secret() == other.expose_secret()
            }
            _ => false,
        }
    }
}

const ACCOUNT_SID: &str = "TWILIO_ACCOUNT_SID";
const AUTH_TOKEN: &str = "TWILIO_AUTH_TOKEN";
const API_KEY: &str = "TWILIO_API_KEY";
const API_SECRET: &str = "TWILIO_API_SECRET";

/// Rejects a secret that begins or ends with white space or a line break, as files and clipboards
/// may add: Twilio would only say that it is wrong.
pub(super) fn check_secret(field: &str, secret: &str) -> Result<(), Error> {
    let has_space = |c: char| c.is_whitespace() || c.is_control();
    let place = match (secret.starts_with(has_space), secret.ends_with(has_space)) {
        (_, true) => "ends",
        (true, false) => "begins",
        (false, false) => return Ok(()),
    };
    let reason = format!("the secret {place} with white space or a line break; remove it");
    Err(Error::config(field, reason))
}

fn malformed(name: &str, error: SidError) -> Error {
    Error::config(name, &error).with_source(error)
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Credentials").field(&self.0.scheme).finish()
    }
}
