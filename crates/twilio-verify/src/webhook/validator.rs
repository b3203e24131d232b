//! Validates that a webhook is from Twilio, by its `X-Twilio-Signature`.

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

/// The maximum length of a signature. The longest of a known algorithm has 44 characters for 32
/// bytes.
const LONGEST_SIGNATURE: usize = 64;

/// The maximum size of a body. Twilio's webhooks have a few kilobytes.
const LARGEST_BODY: usize = 1 << 20;

/// The parameters of a form.
type Parameters<'a> = [(Cow<'a, str>, Cow<'a, str>)];

/// Validates that a webhook is from Twilio, by the header `X-Twilio-Signature`.
///
/// A signature is an HMAC of the URL and of a form's parameters: HMAC-SHA1 with the auth token, or,
/// if the header `X-Twilio-Webhooks-Signature-Settings` says so, HMAC-SHA256 with the secret of a
/// shared key.
///
/// - **The URL** is the public one that Twilio was given, with the query as it was received. Behind
///   a proxy, the server sees another one. Twilio doesn't always sign the port, so the URL is tried
///   with and without its port or its scheme's default port, as in Twilio's own libraries. Web
///   frameworks may encode the query anew (`%27` for `'`), so it is also tried as `encodeURIComponent`
///   would encode it, as in Twilio's library for Node.
/// - **The body** is the one that was received, before anything parses it. A body larger than 1 MiB
///   is rejected.
/// - A signature doesn't expire: a recorded request can be sent again. Detect repeated events by
///   their [`uid`](crate::WebhookEvent::uid).
/// - The names and values of a form are signed without separators, so a valid signature only proves
///   that Twilio signed these characters in this order. Use `https`, so that nobody sees a
///   signature.
///
/// Comparisons take constant time. The secrets are wiped from memory on drop, and never printed.
///
/// ```
/// use http::HeaderMap;
/// use twilio_verify::{WebhookEvent, WebhookEventType, WebhookValidator};
///
/// let validator = WebhookValidator::new("0123456789abcdef0123456789abcdef")?;
///
/// // From a web framework:
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
    /// Creates a validator with the auth token of the account that owns the service. An API key's
    /// secret doesn't work.
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`Config`](crate::ErrorKind::Config) if the token is empty.
    pub fn new(auth_token: impl Into<String>) -> Result<Self, Error> {
        Ok(Self { auth_token: secret("auth_token", auth_token)?, shared_keys: BTreeMap::new() })
    }

    /// Adds a shared key: its id, as in the header `X-Twilio-Webhooks-Signature-Settings`, and its
    /// secret.
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
    /// Returns an error of kind [`Config`](crate::ErrorKind::Config) if the id is not 1 to 128
    /// letters, digits, `_`, `-` and `.`, or the secret is empty.
    pub fn shared_key(
        mut self,
        id: impl Into<String>,
        secret: impl Into<String>,
    ) -> Result<Self, Error> {
        let id = id.into();
        if !is_id(&id) {
            let reason = "the id is not 1 to 128 letters, digits, `_`, `-` and `.`: pass the id \
                          first, then the secret";
            return Err(Error::config("shared_key", reason));
        }
        let secret = self::secret("shared_key", secret)?;
        self.shared_keys.insert(id, secret);
        Ok(self)
    }

    /// Validates a webhook: as a form if `Content-Type` says so, otherwise as JSON or as a request
    /// without a body, such as a `GET`.
    ///
    /// # Errors
    ///
    /// See [`WebhookSignatureError`]: the request is not from Twilio, or the URL, headers or body
    /// are not as they were sent.
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

    /// Validates a webhook whose body is a form (`application/x-www-form-urlencoded`).
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
    /// The same as [`validate`](Self::validate).
    pub fn validate_form(
        &self,
        url: &str,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<(), WebhookSignatureError> {
        check_size(body)?;
        let mut parameters: Vec<_> = parameters(body).collect();
        // Twilio signs them sorted by name, then by value, without duplicates.
        parameters.sort_unstable();
        parameters.dedup();
        let url = SignedUrl::parse(url).ok_or(WebhookSignatureError::InvalidUrl)?;
        self.verify(&url, headers, &parameters)?;
        match url.body_hash() {
            // Empty parameters add nothing to what is signed, so this may be the signature of a
            // JSON webhook.
            Some(hash) if signs_nothing(&parameters) => compare(&hash, body),
            _ => Ok(()),
        }
    }

    /// Validates a webhook whose body is JSON: the URL is signed, and the parameter `bodySHA256` of
    /// its query is the SHA-256 of the body.
    ///
    /// # Errors
    ///
    /// The same as [`validate`](Self::validate).
    pub fn validate_json(
        &self,
        url: &str,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<(), WebhookSignatureError> {
        check_size(body)?;
        let url = SignedUrl::parse(url).ok_or(WebhookSignatureError::InvalidUrl)?;
        let hash = url.body_hash();
        let hash = hash.ok_or(WebhookSignatureError::MissingBodyHash)?;
        self.verify(&url, headers, &[])?;
        compare(&hash, body)
    }

    /// Validates a webhook without a body, such as a `GET`, whose parameters are in the query.
    ///
    /// # Errors
    ///
    /// The same as [`validate`](Self::validate).
    pub fn validate_get(
        &self,
        url: &str,
        headers: &HeaderMap,
    ) -> Result<(), WebhookSignatureError> {
        self.validate_form(url, headers, &[])
    }

    /// Checks that the signature matches the URL and the parameters.
    fn verify(
        &self,
        url: &SignedUrl<'_>,
        headers: &HeaderMap,
        parameters: &Parameters<'_>,
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
        url.forms()
            .iter()
            .any(|form| verify(secret, form, parameters, &signature))
            .then_some(())
            .ok_or(WebhookSignatureError::WrongSignature)
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
        let reason = "the secret is empty: anyone could sign with it";
        return Err(Error::config(field, reason));
    }
    Ok(secret)
}

fn check_size(body: &[u8]) -> Result<(), WebhookSignatureError> {
    if body.len() > LARGEST_BODY {
        return Err(WebhookSignatureError::BodyTooLarge);
    }
    Ok(())
}

/// Whether these parameters add nothing to what is signed.
fn signs_nothing(parameters: &Parameters<'_>) -> bool {
    parameters.iter().all(|(name, value)| name.is_empty() && value.is_empty())
}

/// Returns the bytes of the only signature in the headers.
fn signature(headers: &HeaderMap) -> Result<Vec<u8>, WebhookSignatureError> {
    use WebhookSignatureError::{MalformedSignature, MissingSignature};
    let mut values = headers.get_all(SIGNATURE).iter();
    let text = values.next().ok_or(MissingSignature)?.as_bytes();
    if text.is_empty() || text.len() > LONGEST_SIGNATURE || values.next().is_some() {
        return Err(MalformedSignature);
    }
    STANDARD.decode(text).map_err(|_| MalformedSignature)
}

fn is_signed<M: Mac + KeyInit>(
    secret: &SecretString,
    url: &[&str; 3],
    parameters: &Parameters<'_>,
    signature: &[u8],
) -> bool {
    // This can't fail: the key of an HMAC can have any length.
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
    // This comparison takes constant time.
    mac.verify_slice(signature).is_ok()
}

/// Compares a body with its SHA-256 in a URL's query.
fn compare(hash: &str, body: &[u8]) -> Result<(), WebhookSignatureError> {
    let digest = Sha256::digest(body);
    let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let equal = digest.as_bytes().ct_eq(hash.to_ascii_lowercase().as_bytes());
    bool::from(equal).then_some(()).ok_or(WebhookSignatureError::WrongBodyHash)
}
