//! Who calls: an account's auth token, an API key, or a bearer token.

use std::fmt;
use std::sync::{Arc, OnceLock};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::HeaderValue;
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};
use twilio_verify_api::types::AccountSid;
use twilio_verify_api::{ApiKeySid, SidError};

use crate::error::Error;

/// What a request is authenticated with.
///
/// Credentials that stay are given to
/// [`ClientBuilder::credentials`](crate::ClientBuilder::credentials); those
/// that change while the program runs come from a [`CredentialsProvider`](crate::CredentialsProvider),
/// [`OAuth`](crate::OAuth)'s tokens among them.
///
/// Cheap to clone. The secret is wiped from memory when the last clone is
/// dropped, and never printed. What the HTTP library copies into its own
/// buffers is beyond that.
///
/// ```
/// use twilio_verify::Credentials;
///
/// let account = "ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa".parse()?;
/// let credentials = Credentials::auth_token(account, "0123456789abcdef0123456789abcdef");
/// assert!(!format!("{credentials:?}").contains("0123"));
/// # Ok::<(), twilio_verify::SidError>(())
/// ```
#[derive(Clone)]
pub struct Credentials(Arc<Inner>);

struct Inner {
    scheme: Scheme,
    /// The value of the `Authorization` header, once it was asked for.
    authorization: OnceLock<HeaderValue>,
}

enum Scheme {
    Basic { user: String, secret: SecretString },
    Bearer { token: SecretString },
}

impl Credentials {
    /// The account itself: its SID and its auth token, as the console shows
    /// them.
    pub fn auth_token(account: AccountSid, token: impl Into<String>) -> Self {
        Self::basic(account.into(), token.into())
    }

    /// An API key: its SID and its secret. A key can be revoked alone, so it
    /// is what a program should have.
    pub fn api_key(key: ApiKeySid, secret: impl Into<String>) -> Self {
        Self::basic(key.into(), secret.into())
    }

    /// An access token that was had elsewhere. It is of use until it expires:
    /// [`OAuth`](crate::OAuth) gets new ones by itself, and a [`CredentialsProvider`](crate::CredentialsProvider) can
    /// give them.
    pub fn bearer(token: impl Into<String>) -> Self {
        Self::new(Scheme::Bearer {
            token: SecretString::from(token.into()),
        })
    }

    fn basic(user: String, secret: String) -> Self {
        Self::new(Scheme::Basic {
            user,
            secret: SecretString::from(secret),
        })
    }

    fn new(scheme: Scheme) -> Self {
        Self(Arc::new(Inner {
            scheme,
            authorization: OnceLock::new(),
        }))
    }

    /// Reads Twilio's environment variables by way of `lookup`:
    /// `TWILIO_API_KEY` and `TWILIO_API_SECRET` if the key is set, else
    /// `TWILIO_ACCOUNT_SID` and `TWILIO_AUTH_TOKEN`.
    ///
    /// # Errors
    ///
    /// Of kind [`Config`](crate::ErrorKind::Config), naming the variable that is
    /// missing, empty or malformed.
    pub fn from_lookup(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        let lookup = |name: &str| lookup(name).filter(|value| !value.is_empty());
        if let Some(key) = lookup(API_KEY) {
            let secret = lookup(API_SECRET)
                .ok_or_else(|| missing(API_SECRET, "TWILIO_API_KEY is set, its secret is not"))?;
            let key = key.parse().map_err(|error| malformed(API_KEY, error))?;
            return Ok(Self::api_key(key, secret));
        }
        let account = lookup(ACCOUNT_SID).ok_or_else(|| {
            missing(
                ACCOUNT_SID,
                "not set; set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN, or TWILIO_API_KEY and \
                 TWILIO_API_SECRET",
            )
        })?;
        let account = account
            .parse()
            .map_err(|error| malformed(ACCOUNT_SID, error))?;
        let token = lookup(AUTH_TOKEN)
            .ok_or_else(|| missing(AUTH_TOKEN, "TWILIO_ACCOUNT_SID is set, its token is not"))?;
        Ok(Self::auth_token(account, token))
    }

    /// The value of the `Authorization` header, wiped from memory like the
    /// secret that it holds.
    pub(super) fn authorization(&self) -> Result<HeaderValue, Error> {
        let Inner {
            scheme,
            authorization,
        } = &*self.0;
        if let Some(value) = authorization.get() {
            return Ok(value.clone());
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
            Error::config("credentials", "they hold a character that can't be sent")
                .with_source(error)
        })?;
        value.set_sensitive(true);
        Ok(authorization.get_or_init(|| value).clone())
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

/// What is shown in place of a secret.
pub(super) const REDACTED: &str = "[redacted]";

fn missing(name: &str, reason: &str) -> Error {
    Error::config(name, reason)
}

fn malformed(name: &str, error: SidError) -> Error {
    Error::config(name, &error).with_source(error)
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Credentials");
        match &self.0.scheme {
            Scheme::Basic { user, .. } => debug.field("user", user).field("secret", &REDACTED),
            Scheme::Bearer { .. } => debug.field("token", &REDACTED),
        };
        debug.finish()
    }
}
