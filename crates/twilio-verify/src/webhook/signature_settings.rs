//! `X-Twilio-Webhooks-Signature-Settings`: which key and algorithm a webhook
//! is signed with.

use http::{HeaderMap, HeaderName};

use super::signature_error::WebhookSignatureError;

const SETTINGS: HeaderName = HeaderName::from_static("x-twilio-webhooks-signature-settings");

/// What a webhook is signed with.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Settings<'a> {
    /// The id of a shared key; none for the auth token.
    pub(super) key: Option<&'a str>,
    pub(super) algorithm: Algorithm,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Algorithm {
    Sha1,
    Sha256,
}

impl<'a> Settings<'a> {
    /// HMAC-SHA1 with the auth token: the signature that needs no settings.
    const LEGACY: Self = Self {
        key: None,
        algorithm: Algorithm::Sha1,
    };

    pub(super) fn read(headers: &'a HeaderMap) -> Result<Self, WebhookSignatureError> {
        let mut values = headers.get_all(SETTINGS).iter();
        let Some(value) = values.next() else {
            return Ok(Self::LEGACY);
        };
        if values.next().is_some() {
            return Err(WebhookSignatureError::MalformedSettings);
        }
        let text = value
            .to_str()
            .map_err(|_| WebhookSignatureError::MalformedSettings)?;
        Self::parse(text)
    }

    fn parse(text: &'a str) -> Result<Self, WebhookSignatureError> {
        let (mut key, mut algorithm) = (None, None);
        for part in text.split(',').map(str::trim) {
            if part.is_empty() {
                continue;
            }
            let (name, value) = part
                .split_once('=')
                .ok_or(WebhookSignatureError::MalformedSettings)?;
            let name = name.trim();
            let setting = if name.eq_ignore_ascii_case("key") {
                &mut key
            } else if name.eq_ignore_ascii_case("algorithm") {
                &mut algorithm
            } else {
                // Twilio may add settings.
                continue;
            };
            // Which of two is meant can't be told.
            if setting.replace(value.trim()).is_some() {
                return Err(WebhookSignatureError::MalformedSettings);
            }
        }
        let algorithm = match algorithm {
            // As Twilio's own libraries read it: the key is of no account then.
            None | Some("") => return Ok(Self::LEGACY),
            Some(name) if name.eq_ignore_ascii_case("HMAC_SHA1") => Algorithm::Sha1,
            Some(name) if name.eq_ignore_ascii_case("HMAC_SHA256") => Algorithm::Sha256,
            Some(_) => return Err(WebhookSignatureError::UnknownAlgorithm),
        };
        match (key, algorithm) {
            (None, Algorithm::Sha1) => Ok(Self::LEGACY),
            (Some(key), _) if is_id(key) => Ok(Self {
                key: Some(key),
                algorithm,
            }),
            _ => Err(WebhookSignatureError::MalformedSettings),
        }
    }
}

/// Whether a text may be the id of a key. Errors repeat it, and anyone can
/// send one: it must fit in a line of a log, and be nothing but an id there.
pub(super) fn is_id(key: &str) -> bool {
    (1..=128).contains(&key.len())
        && key
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'))
}

#[cfg(test)]
mod tests {
    use super::{Algorithm, Settings};
    use crate::webhook::signature_error::WebhookSignatureError::{
        MalformedSettings, UnknownAlgorithm,
    };

    #[test]
    fn key_and_algorithm_in_any_order_and_case() {
        for text in [
            "key=webhooks_sharedkey_1,algorithm=HMAC_SHA256",
            " algorithm = hmac_sha256 , key = webhooks_sharedkey_1 ",
            "Key=webhooks_sharedkey_1,version=2,Algorithm=HMAC_SHA256,",
        ] {
            let settings = Settings::parse(text).expect(text);
            assert_eq!(settings.key, Some("webhooks_sharedkey_1"), "{text}");
            assert_eq!(settings.algorithm, Algorithm::Sha256, "{text}");
        }
        let settings = Settings::parse("key=k,algorithm=HMAC_SHA1").unwrap();
        assert_eq!(settings.key, Some("k"));
        assert_eq!(settings.algorithm, Algorithm::Sha1);
    }

    #[test]
    fn without_an_algorithm_it_is_the_auth_token() {
        for text in ["", " ", ",", "key=k", "key=k,algorithm=", "version=2"] {
            assert_eq!(Settings::parse(text).expect(text), Settings::LEGACY);
        }
        let settings = Settings::parse("algorithm=HMAC_SHA1").unwrap();
        assert_eq!(settings, Settings::LEGACY);
    }

    #[test]
    fn what_cannot_be_understood_is_refused() {
        let long = format!("key={},algorithm=HMAC_SHA256", "k".repeat(129));
        for text in [
            "HMAC_SHA256",
            "key=a,key=b,algorithm=HMAC_SHA256",
            "key=a,algorithm=HMAC_SHA1,algorithm=HMAC_SHA256",
            "algorithm=HMAC_SHA256",
            "key=,algorithm=HMAC_SHA256",
            "key=a b,algorithm=HMAC_SHA256",
            "key=a=b,algorithm=HMAC_SHA256",
            &long,
        ] {
            assert_eq!(Settings::parse(text), Err(MalformedSettings), "{text}");
        }
        for text in ["key=a,algorithm=HMAC_MD5", "algorithm=none"] {
            assert_eq!(Settings::parse(text), Err(UnknownAlgorithm), "{text}");
        }
    }
}
