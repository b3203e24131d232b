//! Who calls: an account's auth token, or an API key.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use twilio_verify_api::ApiKeySid;
use twilio_verify_api::types::AccountSid;

use crate::Error;

/// What a client authenticates with, by HTTP Basic.
///
/// The secret is wiped from memory when it is dropped, and never printed.
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
pub struct Credentials {
    user: String,
    secret: SecretString,
}

impl Credentials {
    /// The account itself: its SID and its auth token, as the console shows
    /// them.
    pub fn auth_token(account: AccountSid, token: impl Into<String>) -> Self {
        Self {
            user: account.into(),
            secret: SecretString::from(token.into()),
        }
    }

    /// An API key: its SID and its secret. A key can be revoked alone, so it
    /// is what a program should have.
    pub fn api_key(key: ApiKeySid, secret: impl Into<String>) -> Self {
        Self {
            user: key.into(),
            secret: SecretString::from(secret.into()),
        }
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

    /// The value of the `Authorization` header.
    pub(crate) fn authorization(&self) -> Result<HeaderValue, Error> {
        let pair = format!("{}:{}", self.user, self.secret.expose_secret());
        let mut value =
            HeaderValue::try_from(format!("Basic {}", STANDARD.encode(pair))).map_err(|error| {
                Error::config("credentials", "they hold a character that can't be sent")
                    .with_source(error)
            })?;
        value.set_sensitive(true);
        Ok(value)
    }
}

const ACCOUNT_SID: &str = "TWILIO_ACCOUNT_SID";
const AUTH_TOKEN: &str = "TWILIO_AUTH_TOKEN";
const API_KEY: &str = "TWILIO_API_KEY";
const API_SECRET: &str = "TWILIO_API_SECRET";

fn missing(name: &str, reason: &str) -> Error {
    Error::config(name, reason)
}

fn malformed(name: &str, error: crate::SidError) -> Error {
    Error::config(name, &error).with_source(error)
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("user", &self.user)
            .field("secret", &"[redacted]")
            .finish()
    }
}
