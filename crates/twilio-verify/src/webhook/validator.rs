//! `X-Twilio-Signature`: whether Twilio sent a webhook.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use http::{HeaderMap, HeaderName};
use secrecy::{ExposeSecret, SecretString};
use sha1::Sha1;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::body::{is_form, parameters};
use super::signature_error::WebhookSignatureError;
use super::signature_settings::{Algorithm, Settings, is_id};
use super::signed_url::SignedUrl;
use crate::error::Error;

const SIGNATURE: HeaderName = HeaderName::from_static("x-twilio-signature");

/// Longer than any signature of a known algorithm: 44 characters for 32 bytes.
const LONGEST_SIGNATURE: usize = 64;

/// Far more than any webhook of Twilio's has: theirs are of some kilobytes.
const LARGEST_BODY: usize = 1 << 20;

/// Tells webhooks that Twilio sent from those that somebody else did, by the
/// header `X-Twilio-Signature`.
///
/// A signature is an HMAC of the URL and of a form's parameters: HMAC-SHA1
/// with the auth token, or, if the header
/// `X-Twilio-Webhooks-Signature-Settings` says so, HMAC-SHA256 with the secret
/// of a shared key.
///
/// - **The URL** is the public one, as Twilio was given it, with the query as
///   it was received. Behind a proxy it is not what the server sees. Twilio
///   doesn't always sign the port, so a URL is tried with and without the one
///   that it has, and with its scheme's default if it has none, as Twilio's own
///   libraries do.
/// - **The body** is given as it was received, before anything parses it. One
///   of more than 1 MiB is refused unread.
/// - Signatures say nothing of when a request was made: one that was recorded
///   can be sent again. [`WebhookEvent::uid`](crate::WebhookEvent::uid) tells repeated events.
/// - Names and values of a form are signed without a mark between them: a
///   valid signature proves that Twilio signed these characters in this
///   order. Use `https`, so that nobody gets to see a signature.
///
/// Comparisons take the same time wherever the difference is. The secrets are
/// wiped from memory when they are dropped, and never printed.
///
/// ```
/// use http::HeaderMap;
/// use twilio_verify::{WebhookEvent, WebhookEventType, WebhookValidator};
///
/// let validator = WebhookValidator::new("0123456789abcdef0123456789abcdef")?;
///
/// // What a web framework gives:
/// let mut headers = HeaderMap::new();
/// headers.insert("content-type", "application/x-www-form-urlencoded".parse()?);
/// headers.insert("x-twilio-signature", "oVYqeksopGiDZrxU1OZwouT615Y=".parse()?);
/// let body = b"type=challenge.approved&uid=1";
///
/// validator.validate("https://hooks.example.com/verify", &headers, body)?;
/// let event = WebhookEvent::parse(&headers, body)?;
/// assert_eq!(event.event_type, WebhookEventType::ChallengeApproved);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct WebhookValidator {
    auth_token: SecretString,
    shared_keys: BTreeMap<String, SecretString>,
}

impl WebhookValidator {
    /// A validator that knows an account's auth token: of the account that
    /// the service belongs to, not an API key's secret.
    ///
    /// # Errors
    ///
    /// Of kind [`Config`](crate::ErrorKind::Config) if the token is empty:
    /// anyone could sign with that.
    pub fn new(auth_token: impl Into<String>) -> Result<Self, Error> {
        Ok(Self {
            auth_token: secret("auth_token", auth_token)?,
            shared_keys: BTreeMap::new(),
        })
    }

    /// Adds a shared key: its id, as it stands in the header
    /// `X-Twilio-Webhooks-Signature-Settings`, and its secret.
    ///
    /// ```
    /// use twilio_verify::WebhookValidator;
    ///
    /// let validator = WebhookValidator::new("0123456789abcdef0123456789abcdef")?
    ///     .shared_key("webhooks_sharedkey_1", "the secret of the key")?;
    /// assert!(!format!("{validator:?}").contains("secret of"));
    /// # Ok::<(), twilio_verify::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Of kind [`Config`](crate::ErrorKind::Config) if the id is not 1 to 128
    /// letters, digits, `_`, `-` and `.`, or the secret is empty.
    pub fn shared_key(
        mut self,
        id: impl Into<String>,
        secret: impl Into<String>,
    ) -> Result<Self, Error> {
        let id = id.into();
        if !is_id(&id) {
            return Err(Error::config(
                "shared_key",
                "the id is not 1 to 128 letters, digits, `_`, `-` and `.`: give the id first, \
                 then the secret",
            ));
        }
        let secret = self::secret("shared_key", secret)?;
        self.shared_keys.insert(id, secret);
        Ok(self)
    }

    /// Validates a webhook of any kind: a form if `Content-Type` says so, else
    /// JSON, or without a body, as those of `GET` are.
    ///
    /// # Errors
    ///
    /// See [`WebhookSignatureError`]: the request is not one of Twilio's, or
    /// the URL or the body is not as Twilio sent it.
    pub fn validate(
        &self,
        url: &str,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<(), WebhookSignatureError> {
        if is_form(headers) {
            self.validate_form(url, headers, body)
        } else if body.is_empty() {
            self.validate_get(url, headers)
        } else {
            self.validate_json(url, headers, body)
        }
    }

    /// Validates a webhook whose body is a form
    /// (`application/x-www-form-urlencoded`).
    ///
    /// ```
    /// # use twilio_verify::{WebhookSignatureError, WebhookValidator};
    /// # let validator = WebhookValidator::new("0123456789abcdef0123456789abcdef")?;
    /// let mut headers = http::HeaderMap::new();
    /// headers.insert("x-twilio-signature", "oVYqeksopGiDZrxU1OZwouT615Y=".parse()?);
    ///
    /// let url = "https://hooks.example.com/verify";
    /// validator.validate_form(url, &headers, b"type=challenge.approved&uid=1")?;
    /// assert_eq!(
    ///     validator.validate_form(url, &headers, b"type=challenge.denied&uid=1"),
    ///     Err(WebhookSignatureError::WrongSignature),
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`validate`](Self::validate).
    pub fn validate_form(
        &self,
        url: &str,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<(), WebhookSignatureError> {
        check_size(body)?;
        let mut parameters: Vec<_> = parameters(body).collect();
        // By name, and the values of one name by value, each of them once.
        parameters.sort_unstable();
        parameters.dedup();
        let url = SignedUrl::parse(url).ok_or(WebhookSignatureError::InvalidUrl)?;
        self.verify(&url, headers, &parameters)?;
        match url.body_hash() {
            // A signed URL of JSON is no signature of an empty form.
            Some(hash) if parameters.is_empty() => compare(&hash, body),
            _ => Ok(()),
        }
    }

    /// Validates a webhook whose body is JSON: the URL is signed, and its
    /// query has the SHA-256 of the body as `bodySHA256`.
    ///
    /// # Errors
    ///
    /// As [`validate`](Self::validate).
    pub fn validate_json(
        &self,
        url: &str,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<(), WebhookSignatureError> {
        check_size(body)?;
        let url = SignedUrl::parse(url).ok_or(WebhookSignatureError::InvalidUrl)?;
        let hash = url
            .body_hash()
            .ok_or(WebhookSignatureError::MissingBodyHash)?;
        self.verify(&url, headers, &[])?;
        compare(&hash, body)
    }

    /// Validates a webhook without a body: a `GET`, whose parameters are those
    /// of the URL's query.
    ///
    /// # Errors
    ///
    /// As [`validate`](Self::validate).
    pub fn validate_get(
        &self,
        url: &str,
        headers: &HeaderMap,
    ) -> Result<(), WebhookSignatureError> {
        self.validate_form(url, headers, &[])
    }

    /// Whether the signature is that of URL and parameters.
    fn verify(
        &self,
        url: &SignedUrl<'_>,
        headers: &HeaderMap,
        parameters: &[(Cow<'_, str>, Cow<'_, str>)],
    ) -> Result<(), WebhookSignatureError> {
        let signature = signature(headers)?;
        let settings = Settings::read(headers)?;
        let secret = match settings.key {
            None => &self.auth_token,
            Some(key) => self
                .shared_keys
                .get(key)
                .ok_or_else(|| WebhookSignatureError::UnknownKey(key.to_owned()))?,
        };
        let verify = match settings.algorithm {
            Algorithm::Sha1 => is_signed::<Hmac<Sha1>>,
            Algorithm::Sha256 => is_signed::<Hmac<Sha256>>,
        };
        if url
            .ways()
            .iter()
            .any(|way| verify(secret, way, parameters, &signature))
        {
            Ok(())
        } else {
            Err(WebhookSignatureError::WrongSignature)
        }
    }
}

impl fmt::Debug for WebhookValidator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebhookValidator")
            .field("auth_token", &"[redacted]")
            .field("shared_keys", &self.shared_keys.keys())
            .finish()
    }
}

fn secret(field: &str, secret: impl Into<String>) -> Result<SecretString, Error> {
    let secret = SecretString::from(secret.into());
    if secret.expose_secret().is_empty() {
        return Err(Error::config(
            field,
            "the secret is empty: anyone could sign with it",
        ));
    }
    Ok(secret)
}

fn check_size(body: &[u8]) -> Result<(), WebhookSignatureError> {
    if body.len() > LARGEST_BODY {
        return Err(WebhookSignatureError::BodyTooLarge);
    }
    Ok(())
}

/// The bytes of the one signature that the headers hold.
fn signature(headers: &HeaderMap) -> Result<Vec<u8>, WebhookSignatureError> {
    let mut values = headers.get_all(SIGNATURE).iter();
    let value = values
        .next()
        .ok_or(WebhookSignatureError::MissingSignature)?;
    let text = value.as_bytes();
    if text.is_empty() || text.len() > LONGEST_SIGNATURE || values.next().is_some() {
        return Err(WebhookSignatureError::MalformedSignature);
    }
    STANDARD
        .decode(text)
        .map_err(|_| WebhookSignatureError::MalformedSignature)
}

fn is_signed<M: Mac + KeyInit>(
    secret: &SecretString,
    url: &[&str; 3],
    parameters: &[(Cow<'_, str>, Cow<'_, str>)],
    signature: &[u8],
) -> bool {
    // An HMAC's key may have any length.
    let Ok(mut mac) = <M as KeyInit>::new_from_slice(secret.expose_secret().as_bytes()) else {
        return false;
    };
    for part in url {
        mac.update(part.as_bytes());
    }
    for (name, value) in parameters {
        mac.update(name.as_bytes());
        mac.update(value.as_bytes());
    }
    // In constant time.
    mac.verify_slice(signature).is_ok()
}

/// Compares a body with the SHA-256 that a URL's query has of it.
fn compare(hash: &str, body: &[u8]) -> Result<(), WebhookSignatureError> {
    let expected = hex(hash).ok_or(WebhookSignatureError::WrongBodyHash)?;
    if Sha256::digest(body).as_slice().ct_eq(&expected).into() {
        Ok(())
    } else {
        Err(WebhookSignatureError::WrongBodyHash)
    }
}

/// The 32 bytes that 64 hexadecimal digits stand for.
fn hex(digits: &str) -> Option<[u8; 32]> {
    if digits.len() != 64 {
        return None;
    }
    let mut bytes = [0; 32];
    for (byte, pair) in bytes.iter_mut().zip(digits.as_bytes().chunks_exact(2)) {
        for &digit in pair {
            let digit = char::from(digit).to_digit(16)?;
            *byte = *byte << 4 | u8::try_from(digit).ok()?;
        }
    }
    Some(bytes)
}
