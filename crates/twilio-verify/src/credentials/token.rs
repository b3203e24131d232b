//! Reads the responses of a token endpoint.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::Value;

/// The lifetime of a token whose lifetime is not stated.
const DEFAULT_LIFETIME: Duration = Duration::from_secs(5 * 60);

/// The longest time that a token is cached.
const MAX_LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);

#[derive(Deserialize)]
pub(super) struct Response {
    pub(super) access_token: String,
    expires_in: Option<Value>,
}

impl Response {
    /// Reads a response. Returns `None` if it has no token that a header can hold.
    pub(super) fn read(body: &[u8]) -> Option<Self> {
        let response: Self = serde_json::from_slice(body).ok()?;
        let token = response.access_token.as_bytes();
        (!token.is_empty() && token.iter().all(u8::is_ascii_graphic)).then_some(response)
    }

    /// Returns the lifetime of the token from now on: `expires_in`, or else its `exp` as a JWT.
    pub(super) fn lifetime(&self, now: SystemTime) -> Duration {
        let stated = self.expires_in.as_ref().and_then(number);
        let seconds = stated.or_else(|| {
            let now = now.duration_since(UNIX_EPOCH).unwrap_or_default();
            Some(expiry(&self.access_token)? - now.as_secs_f64())
        });
        seconds.map_or(DEFAULT_LIFETIME, |seconds| {
            let lifetime = Duration::try_from_secs_f64(seconds.max(0.0));
            lifetime.unwrap_or(MAX_LIFETIME).min(MAX_LIFETIME)
        })
    }
}

/// Returns the `error` of a response without a token, if it is one of the standard's codes: any
/// other text might be a secret.
pub(super) fn error_code(body: &[u8]) -> Option<&'static str> {
    /// The codes of RFC 6749, section 5.2.
    const CODES: [&str; 6] = [
        "invalid_request",
        "invalid_client",
        "invalid_grant",
        "unauthorized_client",
        "unsupported_grant_type",
        "invalid_scope",
    ];
    #[derive(Deserialize)]
    struct Failure {
        error: String,
    }
    let failure: Failure = serde_json::from_slice(body).ok()?;
    CODES.into_iter().find(|code| *code == failure.error)
}

/// Returns a JWT's `exp`, in seconds since 1970. The signature is not verified, because `exp` only
/// decides when the token is renewed.
fn expiry(token: &str) -> Option<f64> {
    let claims = token.split('.').nth(1)?;
    let claims = URL_SAFE_NO_PAD.decode(claims).ok()?;
    let claims: Value = serde_json::from_slice(&claims).ok()?;
    number(claims.get("exp")?)
}

/// Returns a number, or the number that a string holds.
fn number(value: &Value) -> Option<f64> {
    let number = match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    number.filter(|number| number.is_finite())
}
