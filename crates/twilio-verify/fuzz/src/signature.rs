use std::borrow::Cow;
use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use http::{HeaderMap, HeaderValue};
use sha1::Sha1;
use sha2::{Digest, Sha256};
use twilio_verify::{WebhookSignatureError, WebhookValidator};

use super::line;

/// How a webhook may be signed.
#[derive(Clone, Copy)]
enum Scheme {
    AuthToken,
    Key,
    /// Nobody does that, but it can be asked for.
    KeyBySha1,
}

impl Scheme {
    const ALL: [Self; 3] = [Self::AuthToken, Self::Key, Self::KeyBySha1];
}

const AUTH_TOKEN: &str = "0123456789abcdef0123456789abcdef";
const KEY: &str = "key";
const SECRET: &str = "the secret of the key";
const SETTINGS_HEADER: &str = "x-twilio-webhooks-signature-settings";
const SETTINGS: &str = "key=key,algorithm=HMAC_SHA256";

/// The lines are a URL, a media type, the header with the settings and the
/// signature, both of which may be empty; all else is the body. A signature
/// that validates is the one of its input, and validates for no other.
pub fn signatures(data: &[u8]) -> bool {
    let (url, data) = line(data);
    let (kind, data) = line(data);
    let (settings, data) = line(data);
    let (signature, body) = line(data);
    let Some(webhook) = Webhook::new(url, kind, settings, body) else {
        return false;
    };
    let valid = webhook.validate(signature).is_ok();
    if valid {
        let mut schemes = Scheme::ALL.iter();
        let expected = schemes.any(|scheme| webhook.signatures(*scheme).contains(signature));
        assert!(expected, "{webhook:?}");
        assert_binding(&webhook, signature);
    }
    // As Twilio would have signed it.
    let webhook = webhook.sealed();
    let scheme = match settings {
        "" => Scheme::AuthToken,
        SETTINGS => Scheme::Key,
        _ => return valid,
    };
    for signature in webhook.signatures(scheme) {
        match webhook.validate(&signature) {
            Ok(()) => assert_binding(&webhook, &signature),
            Err(WebhookSignatureError::InvalidUrl) => {}
            // The hash isn't read where it was put.
            Err(WebhookSignatureError::MissingBodyHash) if url.contains('#') => {}
            Err(WebhookSignatureError::WrongBodyHash) if url.contains(['?', '#']) => {}
            Err(error) => panic!("{error:?}: {webhook:?}"),
        }
    }
    valid
}

/// Fails if a signature that validates for a webhook does for another one.
fn assert_binding(webhook: &Webhook<'_>, signature: &str) {
    let signed = webhook.texts();
    for other in webhook.others() {
        let same = other.settings == webhook.settings
            && !other.texts().is_disjoint(&signed)
            && (other.is_form() || other.body == webhook.body);
        assert!(
            same || other.validate(signature).is_err(),
            "{signature} of {webhook:?} validates for {other:?}"
        );
    }
    // A signature with one bit changed.
    let mut bytes = STANDARD.decode(signature).expect("it validates");
    let index = webhook.body.len() % bytes.len();
    bytes[index] ^= 1 << (index % 8);
    let changed = STANDARD.encode(bytes);
    assert!(webhook.validate(&changed).is_err(), "{changed}: {webhook:?}");
}

#[derive(Clone, Debug)]
struct Webhook<'a> {
    url: Cow<'a, str>,
    kind: &'a str,
    settings: &'a str,
    headers: HeaderMap,
    body: Cow<'a, [u8]>,
}

impl<'a> Webhook<'a> {
    fn new(url: &'a str, kind: &'a str, settings: &'a str, body: &'a [u8]) -> Option<Self> {
        let mut headers = HeaderMap::new();
        headers.insert("content-type", HeaderValue::from_str(kind).ok()?);
        if !settings.is_empty() {
            let settings = HeaderValue::from_str(settings).ok()?;
            headers.insert(SETTINGS_HEADER, settings);
        }
        Some(Self { url: url.into(), kind, settings, headers, body: body.into() })
    }

    fn is_form(&self) -> bool {
        let kind = self.kind.split(';').next().unwrap_or_default().trim();
        kind.eq_ignore_ascii_case("application/x-www-form-urlencoded")
    }

    fn validate(&self, signature: &str) -> Result<(), WebhookSignatureError> {
        let validator = WebhookValidator::new(AUTH_TOKEN)
            .and_then(|validator| validator.shared_key(KEY, SECRET))
            .expect("the secrets are none that are refused");
        let mut headers = self.headers.clone();
        if let Ok(signature) = HeaderValue::from_str(signature) {
            headers.insert("x-twilio-signature", signature);
        }
        validator.validate(&self.url, &headers, &self.body)
    }

    /// With the hash of a JSON body in the URL's query.
    fn sealed(mut self) -> Self {
        if !self.is_form() && !self.body.is_empty() {
            let hash = Sha256::digest(&self.body);
            let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
            let mark = if self.url.contains('?') { '&' } else { '?' };
            self.url = format!("{}{mark}bodySHA256={hash}", self.url).into();
        }
        self
    }

    /// The texts that may have been signed: the URL with its port and
    /// without, and a form's parameters.
    fn texts(&self) -> BTreeSet<String> {
        let mut parameters = BTreeSet::new();
        if self.is_form() {
            parameters.extend(url::form_urlencoded::parse(&self.body));
        }
        let parameters: String =
            parameters.iter().flat_map(|(name, value)| [&**name, &**value]).collect();
        let urls = self.urls().into_iter();
        urls.map(|url| url + &parameters).collect()
    }

    fn urls(&self) -> Vec<String> {
        let Some((scheme, rest)) = self.url.split_once("://") else {
            return Vec::new();
        };
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(end);
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => (host, port),
            _ => (authority, ""),
        };
        let other = match port {
            "" if scheme.eq_ignore_ascii_case("https") => ":443",
            "" => ":80",
            _ => "",
        };
        vec![self.url.clone().into_owned(), format!("{scheme}://{host}{other}{path}")]
    }

    /// The signatures that it may have.
    fn signatures(&self, scheme: Scheme) -> BTreeSet<String> {
        let texts = self.texts().into_iter();
        let sign = |text: String| match scheme {
            Scheme::AuthToken => sign::<Hmac<Sha1>>(AUTH_TOKEN, &text),
            Scheme::Key => sign::<Hmac<Sha256>>(SECRET, &text),
            Scheme::KeyBySha1 => sign::<Hmac<Sha1>>(SECRET, &text),
        };
        texts.map(sign).collect()
    }

    /// Webhooks that differ from this one in one place.
    fn others(&self) -> Vec<Self> {
        let mut others = Vec::new();
        let mut other = |change: &dyn Fn(&mut Self)| {
            let mut webhook = self.clone();
            change(&mut webhook);
            others.push(webhook);
        };
        other(&|webhook| webhook.url.to_mut().push('x'));
        if self.url.is_char_boundary(8) {
            other(&|webhook| webhook.url.to_mut().insert(8, 'x'));
        }
        other(&|webhook| webhook.body.to_mut().push(b'x'));
        other(&|webhook| webhook.body.to_mut().extend(b"&x=y"));
        for index in [0, self.body.len() / 2, self.body.len().saturating_sub(1)] {
            if index < self.body.len() {
                other(&|webhook| webhook.body.to_mut()[index] ^= 1);
                other(&|webhook| webhook.body.to_mut().truncate(index));
            }
        }
        // Signed by one scheme, and said to be by the other.
        match self.settings {
            "" => other(&|webhook| {
                webhook.settings = SETTINGS;
                let settings = HeaderValue::from_static(SETTINGS);
                webhook.headers.insert(SETTINGS_HEADER, settings);
            }),
            SETTINGS => other(&|webhook| {
                webhook.settings = "";
                webhook.headers.remove(SETTINGS_HEADER);
            }),
            _ => {}
        }
        others
    }
}

fn sign<M: Mac + KeyInit>(secret: &str, text: &str) -> String {
    let mac = <M as KeyInit>::new_from_slice(secret.as_bytes()).expect("a key has any length");
    STANDARD.encode(mac.chain_update(text.as_bytes()).finalize().into_bytes())
}
