//! Of any webhook: what was signed passes, what was changed since doesn't,
//! and nothing panics.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use http::{HeaderMap, HeaderValue};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use sha1::Sha1;
use sha2::{Digest, Sha256};
use twilio_verify::{WebhookEvent, WebhookSignatureError, WebhookValidator};

type Pairs = Vec<(String, String)>;

/// How a webhook is signed.
#[derive(Clone, Copy, Debug)]
enum Scheme {
    AuthToken,
    SharedKey,
}

const SECRET: &str = "0123456789abcdef0123456789abcdef";

fn validator(scheme: Scheme, secret: &str) -> WebhookValidator {
    match scheme {
        Scheme::AuthToken => WebhookValidator::new(secret).unwrap(),
        Scheme::SharedKey => {
            WebhookValidator::new("another").unwrap().shared_key("key", secret).unwrap()
        }
    }
}

/// The text that is signed.
fn text(url: &str, pairs: &Pairs) -> String {
    let mut pairs = pairs.clone();
    pairs.sort();
    pairs.dedup();
    let pairs = pairs.into_iter().map(|(name, value)| name + &value);
    url.to_owned() + &pairs.collect::<String>()
}

fn sign(scheme: Scheme, text: &str) -> Vec<u8> {
    fn mac<M: Mac + KeyInit>(text: &str) -> Vec<u8> {
        let mac = <M as KeyInit>::new_from_slice(SECRET.as_bytes()).unwrap();
        let mac = mac.chain_update(text.as_bytes());
        mac.finalize().into_bytes().to_vec()
    }
    match scheme {
        Scheme::AuthToken => mac::<Hmac<Sha1>>(text),
        Scheme::SharedKey => mac::<Hmac<Sha256>>(text),
    }
}

fn headers(scheme: Scheme, signature: &[u8]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let signature = STANDARD.encode(signature);
    headers.insert("X-Twilio-Signature", signature.parse().unwrap());
    if let Scheme::SharedKey = scheme {
        let settings = HeaderValue::from_static("key=key,algorithm=HMAC_SHA256");
        headers.insert("X-Twilio-Webhooks-Signature-Settings", settings);
    }
    headers
}

fn body(pairs: &Pairs) -> String {
    pairs
        .iter()
        .map(|(name, value)| {
            let encode = |text: &str| -> String {
                let bytes = text.bytes();
                bytes.map(|byte| format!("%{byte:02x}")).collect()
            };
            format!("{}={}&", encode(name), encode(value))
        })
        .collect()
}

fn schemes() -> impl Strategy<Value = Scheme> {
    select(vec![Scheme::AuthToken, Scheme::SharedKey])
}

fn pairs() -> impl Strategy<Value = Pairs> {
    // Few letters, so that names and values repeat.
    vec(("[abA_é🎉]{1,2}", "(?s)([abA]{0,2}|.{0,12})"), 0..8)
}

fn urls() -> impl Strategy<Value = String> {
    let scheme = select(vec!["https", "http"]);
    let host = select(vec!["a.example", "127.0.0.1", "[2001:db8::1]", "u:p@b.example"]);
    let port = select(vec!["", ":80", ":443", ":8443"]);
    let path = "(/[a-z0-9%:@]{0,6}){0,3}(\\?[a-zA-Z0-9=&%+:/]{0,20})?";
    (scheme, host, port, path)
        .prop_map(|(scheme, host, port, path)| format!("{scheme}://{host}{port}{path}"))
}

proptest! {
    // A failure shows what failed; nothing is written beside the tests.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_form_that_was_signed_passes(scheme in schemes(), url in urls(), pairs in pairs()) {
        let headers = headers(scheme, &sign(scheme, &text(&url, &pairs)));
        let result = validator(scheme, SECRET).validate_form(&url, &headers, body(&pairs).as_bytes());
        prop_assert_eq!(result, Ok(()));
        // In whatever order it comes, and however often.
        let mut again: Pairs = pairs.iter().rev().cloned().collect();
        again.extend(pairs);
        let result = validator(scheme, SECRET).validate_form(&url, &headers, body(&again).as_bytes());
        prop_assert_eq!(result, Ok(()));
    }

    #[test]
    fn one_changed_parameter_fails(
        scheme in schemes(),
        url in urls(),
        pairs in pairs(),
        at in any::<Index>(),
        new in ("[abA_]{1,2}", "[abA]{0,2}"),
        change in 0..4,
    ) {
        let mut changed = pairs.clone();
        if changed.is_empty() || change == 0 {
            changed.push(new);
        } else {
            let at = at.index(changed.len());
            match change {
                1 => drop(changed.remove(at)),
                2 => changed[at].0 = new.0,
                _ => changed[at].1.push('x'),
            }
        }
        // A repeated parameter that is there once less is no change, nor is
        // a letter that moves from a name to its value.
        prop_assume!(text(&url, &changed) != text(&url, &pairs));
        let headers = headers(scheme, &sign(scheme, &text(&url, &pairs)));
        let result = validator(scheme, SECRET).validate_form(&url, &headers, body(&changed).as_bytes());
        prop_assert_eq!(result, Err(WebhookSignatureError::WrongSignature));
    }

    #[test]
    fn one_changed_character_of_the_url_fails(
        scheme in schemes(),
        url in urls(),
        pairs in pairs(),
        at in any::<Index>(),
    ) {
        let headers = headers(scheme, &sign(scheme, &text(&url, &pairs)));
        let at = at.index(url.len());
        for changed in [
            format!("{}q{}", &url[..at], &url[at..]),
            format!("{}{}", &url[..at], &url[at + 1..]),
            format!("{}q{}", &url[..at], &url[at + 1..]),
        ] {
            if changed == url {
                continue;
            }
            let result = validator(scheme, SECRET).validate_form(&changed, &headers, body(&pairs).as_bytes());
            let expected = [
                WebhookSignatureError::InvalidUrl,
                WebhookSignatureError::WrongSignature,
            ];
            prop_assert!(expected.contains(&result.expect_err(&changed)), "{changed}");
        }
    }

    #[test]
    fn another_secret_signature_or_scheme_fails(
        scheme in schemes(),
        url in urls(),
        pairs in pairs(),
        at in any::<Index>(),
        bit in 0u8..8,
    ) {
        let wrong = Err(WebhookSignatureError::WrongSignature);
        let body = body(&pairs);
        let signature = sign(scheme, &text(&url, &pairs));
        let right = headers(scheme, &signature);
        let mut secret = SECRET.as_bytes().to_vec();
        secret[at.index(SECRET.len())] ^= 1;
        let other = validator(scheme, std::str::from_utf8(&secret).unwrap());
        prop_assert_eq!(other.validate_form(&url, &right, body.as_bytes()), wrong.clone());

        let validator = validator(scheme, SECRET);
        let mut changed = signature.clone();
        changed[at.index(signature.len())] ^= 1 << bit;
        let changed = headers(scheme, &changed);
        prop_assert_eq!(validator.validate_form(&url, &changed, body.as_bytes()), wrong.clone());
        let cut = headers(scheme, &signature[..signature.len() - 1]);
        prop_assert_eq!(validator.validate_form(&url, &cut, body.as_bytes()), wrong.clone());
        let other = match scheme {
            Scheme::AuthToken => Scheme::SharedKey,
            Scheme::SharedKey => Scheme::AuthToken,
        };
        let other = headers(other, &signature);
        let result = validator.validate_form(&url, &other, body.as_bytes());
        prop_assert!(result.is_err());
    }

    #[test]
    fn json_that_was_signed_passes_and_one_changed_byte_fails(
        scheme in schemes(),
        body in vec(any::<u8>(), 1..200),
        at in any::<Index>(),
        bit in 0u8..8,
    ) {
        let hash: String = Sha256::digest(&body).iter().map(|byte| format!("{byte:02x}")).collect();
        let url = format!("https://a.example/x?y=z&bodySHA256={hash}");
        let headers = headers(scheme, &sign(scheme, &url));
        let validator = validator(scheme, SECRET);
        prop_assert_eq!(validator.validate_json(&url, &headers, &body), Ok(()));
        let mut changed = body;
        let at = at.index(changed.len());
        changed[at] ^= 1 << bit;
        let result = validator.validate_json(&url, &headers, &changed);
        prop_assert_eq!(result, Err(WebhookSignatureError::WrongBodyHash));
    }

    #[test]
    fn nothing_passes_by_chance_and_nothing_panics(
        url in "(?s)(https?://)?.{0,40}",
        signature in vec(32u8.., 0..80),
        settings in proptest::option::of("(key|algorithm|[ -~é]{0,9})(=| = )(HMAC_SHA256|[ -~é]{0,20}),?"),
        kind in select(vec!["application/x-www-form-urlencoded", "application/json"]),
        body in vec(any::<u8>(), 0..100),
    ) {
        let mut headers = HeaderMap::new();
        headers.insert("Content-Type", HeaderValue::from_static(kind));
        if let Ok(signature) = HeaderValue::from_bytes(&signature) {
            headers.insert("X-Twilio-Signature", signature);
        }
        if let Some(settings) = settings {
            let settings = HeaderValue::from_bytes(settings.as_bytes()).unwrap();
            headers.insert("X-Twilio-Webhooks-Signature-Settings", settings);
        }
        prop_assert!(validator(Scheme::AuthToken, SECRET).validate(&url, &headers, &body).is_err());
        let _ = WebhookEvent::parse(&headers, &body);
    }

    #[test]
    fn events_of_any_fields_are_read(
        fields in vec(("(type|uid|identity|metadata|date_created|factor_sid|[a-z]{0,3})", "(?s).{0,12}"), 0..8),
    ) {
        let form = WebhookEvent::from_form(body(&fields).as_bytes());
        let types: Vec<_> = fields.iter().filter(|(name, _)| name == "type").collect();
        prop_assert_eq!(form.is_ok(), matches!(&types[..], [(_, value)] if !value.is_empty()));
        let object: serde_json::Map<_, _> = fields
            .into_iter()
            .map(|(name, value)| (name, value.into()))
            .collect();
        let json = serde_json::to_vec(&object).unwrap();
        if let Ok(form) = form && form.extra.values().all(|value| value.is_string()) {
            prop_assert_eq!(WebhookEvent::from_json(&json), Ok(form));
        }
    }
}
