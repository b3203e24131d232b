//! `X-Twilio-Webhooks-Signature-Settings`: the key and algorithm of a signature.

use http::{HeaderMap, HeaderName};

use super::signature_error::WebhookSignatureError::{self, MalformedSettings, UnknownAlgorithm};

const SETTINGS: HeaderName = HeaderName::from_static("x-twilio-webhooks-signature-settings");

/// The key and algorithm of a signature.
pub(super) struct Settings<'a> {
    /// The id of a shared key; `None` for the auth token.
    pub(super) key: Option<&'a str>,
    pub(super) algorithm: Algorithm,
}

#[derive(Clone, Copy)]
pub(super) enum Algorithm {
    Sha1,
    Sha256,
}

impl<'a> Settings<'a> {
    /// HMAC-SHA1 with the auth token, which a signature without settings uses.
    const LEGACY: Self = Self { key: None, algorithm: Algorithm::Sha1 };

    pub(super) fn read(headers: &'a HeaderMap) -> Result<Self, WebhookSignatureError> {
        let mut values = headers.get_all(SETTINGS).iter();
        match (values.next(), values.next()) {
            (None, _) => Ok(Self::LEGACY),
            (Some(value), None) => Self::parse(value.to_str().map_err(|_| MalformedSettings)?),
            (Some(_), Some(_)) => Err(MalformedSettings),
        }
    }

    fn parse(text: &'a str) -> Result<Self, WebhookSignatureError> {
        let mut settings = [("key", None), ("algorithm", None)];
        for part in text.split(',').filter(|part| !part.trim().is_empty()) {
            let (name, value) = part.split_once('=').ok_or(MalformedSettings)?;
            let mut known = settings.iter_mut();
            // Twilio may add settings. A setting that occurs twice is ambiguous.
            if let Some((_, known)) = known.find(|known| name.trim().eq_ignore_ascii_case(known.0))
                && known.replace(value.trim()).is_some()
            {
                return Err(MalformedSettings);
            }
        }
        let [(_, key), (_, algorithm)] = settings;
        let algorithm = match algorithm {
            // Twilio's own libraries also ignore the key in this case.
            None | Some("") => return Ok(Self::LEGACY),
            Some(name) if name.eq_ignore_ascii_case("HMAC_SHA1") => Algorithm::Sha1,
            Some(name) if name.eq_ignore_ascii_case("HMAC_SHA256") => Algorithm::Sha256,
            Some(_) => return Err(UnknownAlgorithm),
        };
        match (key, algorithm) {
            (None, Algorithm::Sha1) => Ok(Self::LEGACY),
            (Some(key), _) if is_id(key) => Ok(Self { key: Some(key), algorithm }),
            _ => Err(MalformedSettings),
        }
    }
}

/// Whether a text is a valid id of a key. Errors show the id, and anyone can send one, so it must
/// be short and harmless in a log.
pub(super) fn is_id(key: &str) -> bool {
    (1..=128).contains(&key.len())
        && key
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'))
}
