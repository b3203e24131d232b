//! HTTP Basic authentication.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use subtle::{Choice, ConstantTimeEq};

/// Credentials that authenticate a request: the account SID and its auth token, or an API key and its secret.
pub(crate) struct Credential {
    user: String,
    secret: SecretString,
}

impl Credential {
    pub(crate) fn new(user: String, secret: SecretString) -> Self {
        Self { user, secret }
    }

    /// Returns the secret, so that logs can hide it.
    pub(crate) fn secret(&self) -> &str {
        self.secret.expose_secret()
    }
}

/// Whether an `Authorization` header contains one of the credentials.
pub(crate) fn accepts(credentials: &[Credential], header: Option<&HeaderValue>) -> bool {
    let Some((user, secret)) = header.and_then(basic) else {
        return false;
    };
    // All credentials are compared in full, so that the time reveals neither which one was close nor how close.
    let accepted = credentials.iter().fold(Choice::from(0), |accepted, credential| {
        let user = credential.user.as_bytes().ct_eq(&user);
        let secret = credential.secret.expose_secret().as_bytes().ct_eq(&secret);
        accepted | (user & secret)
    });
    accepted.into()
}

/// Returns the access token in an `Authorization` header: the password of the user `token` (assumed).
pub(crate) fn access_token(header: &HeaderValue) -> Option<String> {
    let (user, token) = basic(header)?;
    (user == b"token").then(|| String::from_utf8(token).ok())?
}

/// Returns the user and the password of `Basic base64(user:password)`; the scheme is case-insensitive (RFC 7617).
fn basic(header: &HeaderValue) -> Option<(Vec<u8>, Vec<u8>)> {
    let (scheme, encoded) = header.as_bytes().split_at_checked(6)?;
    if !scheme.eq_ignore_ascii_case(b"Basic ") {
        return None;
    }
    let mut user = STANDARD.decode(encoded.trim_ascii()).ok()?;
    let colon = user.iter().position(|byte| *byte == b':')?;
    let password = user.split_off(colon + 1);
    user.truncate(colon);
    Some((user, password))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepted(header: &str) -> bool {
        let credentials = [
            Credential::new("AC1".into(), "to:ken".to_owned().into()),
            Credential::new("SK1".into(), "secret".to_owned().into()),
        ];
        accepts(&credentials, Some(&HeaderValue::from_str(header).unwrap()))
    }

    fn basic(user: &str, password: &str) -> String {
        format!("Basic {}", STANDARD.encode(format!("{user}:{password}")))
    }

    #[test]
    fn a_user_and_its_own_secret_are_accepted() {
        assert!(accepted(&basic("AC1", "to:ken")));
        assert!(accepted(&basic("SK1", "secret")));
        assert!(accepted(&basic("SK1", "secret").replace("Basic", "basic")));
    }

    #[test]
    fn anything_else_is_not() {
        for header in [
            basic("AC1", "secret"),
            basic("SK1", "to:ken"),
            basic("AC1", ""),
            basic("", ""),
            basic("AC1", "to:ken2"),
            basic("AC1", "to:ke"),
            "Basic".into(),
            "Basic ".into(),
            "Basic ***".into(),
            format!("Basic {}", STANDARD.encode("AC1")),
            format!("Bearer {}", STANDARD.encode("AC1:to:ken")),
        ] {
            assert!(!accepted(&header), "{header}");
        }
        assert!(!accepts(&[], None));
    }
}
