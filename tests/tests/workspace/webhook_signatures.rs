//! `X-Twilio-Signature`: what Twilio signed passes, and nothing else does.
//!
//! The signatures were computed without this crate, in Python:
//!
//! ```python
//! import base64, hashlib, hmac
//! sign = lambda key, text, hash=hashlib.sha1: base64.b64encode(
//!     hmac.new(key.encode(), text.encode(), hash).digest()).decode()
//! ```

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use http::{HeaderMap, HeaderValue};
use sha1::Sha1;
use sha2::Sha256;
use tests::privacy::describe;
use twilio_verify::WebhookSignatureError::{self, *};
use twilio_verify::WebhookValidator;

const TOKEN: &str = "0123456789abcdef0123456789abcdef";
const KEY: &str = "webhooks_sharedkey_1";
const KEY_SECRET: &str = "the secret of the key";
const SETTINGS: &str = "key=webhooks_sharedkey_1,algorithm=HMAC_SHA256";

const URL: &str = "https://hooks.example.com/verify";
const FORM: &[u8] = b"type=challenge.approved&uid=1";
/// `sign(TOKEN, URL + "typechallenge.approveduid1")`
const SIGNATURE: &str = "oVYqeksopGiDZrxU1OZwouT615Y=";

const JSON: &[u8] = br#"{"type":"challenge.approved","uid":"1"}"#;
/// The hash is `hashlib.sha256(JSON).hexdigest()`.
const JSON_URL: &str = "https://hooks.example.com/verify?bodySHA256=\
                        bb1adb4781392c791c09c281a24c043627a3b2c8607ceccc3696b88a14e63ffa";
/// `sign(TOKEN, JSON_URL)`
const JSON_SIGNATURE: &str = "t7K3uDcCBC2NVbdnY1G8ErHT4ds=";

type Result = std::result::Result<(), WebhookSignatureError>;

fn validator() -> WebhookValidator {
    WebhookValidator::new(TOKEN).unwrap().shared_key(KEY, KEY_SECRET).unwrap()
}

fn value(text: &str) -> HeaderValue {
    HeaderValue::from_bytes(text.as_bytes()).unwrap()
}

fn headers(signature: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert("X-Twilio-Signature", value(signature));
    headers
}

fn with_settings(signature: &str, settings: &str) -> HeaderMap {
    let mut headers = headers(signature);
    let name = "X-Twilio-Webhooks-Signature-Settings";
    headers.insert(name, value(settings));
    headers
}

fn with_kind(signature: &str, kind: &str) -> HeaderMap {
    let mut headers = headers(signature);
    headers.insert("Content-Type", value(kind));
    headers
}

fn form(url: &str, signature: &str, body: impl AsRef<[u8]>) -> Result {
    validator().validate_form(url, &headers(signature), body.as_ref())
}

fn json(url: &str, signature: &str, body: &[u8]) -> Result {
    validator().validate_json(url, &headers(signature), body)
}

/// The example that Twilio's documentation and libraries have.
#[test]
fn the_example_of_the_documentation() {
    let validator = WebhookValidator::new("12345").unwrap();
    let url = "https://mycompany.com/myapp.php?foo=1&bar=2";
    let body = b"Digits=1234&To=%2B18005551212&From=%2B14158675309&Caller=%2B14158675309\
                 &CallSid=CA1234567890ABCDE";
    let headers = headers("RSOYDt4T1cUTdK1PDd93/VVr8B8=");
    assert_eq!(validator.validate_form(url, &headers, body), Ok(()));
}

#[test]
fn a_form() {
    assert_eq!(form(URL, SIGNATURE, FORM), Ok(()));
    // Neither their order in the body nor their encoding matters.
    let shuffled = "uid=%31&type=challenge%2Eapproved";
    assert_eq!(form(URL, SIGNATURE, shuffled), Ok(()));
}

#[test]
fn repeated_parameters_count_once_a_value_and_are_sorted() {
    // sign(TOKEN, URL + "axayb1")
    let signature = "uVsgUzocEZPRyQL6W8zuv/ANOZg=";
    for body in ["a=x&a=y&b=1", "b=1&a=y&a=x", "a=y&b=1&a=x&a=y&b=1&a=x"] {
        assert_eq!(form(URL, signature, body), Ok(()), "{body}");
    }
    for body in ["a=x&b=1", "a=xy&b=1", "a=x&a=y&a=z&b=1", "a=x&a=y&b=1&b=2"] {
        assert_eq!(form(URL, signature, body), Err(WrongSignature), "{body}");
    }
}

#[test]
fn empty_values_and_names_without_a_value() {
    // sign(TOKEN, URL + "abx")
    let signature = "MESIVc/ai0F498BMXg8udPe7ZKY=";
    for body in ["a=&b=x", "b=x&a", "&&b=x&a=&a&"] {
        assert_eq!(form(URL, signature, body), Ok(()), "{body}");
    }
}

#[test]
fn unicode() {
    // sign(TOKEN, URL + "identityÀna ☃ & 日本=+namez🎉")
    let signature = "mOH1F2QvJ4bEQdMRs8AIMEzWHVs=";
    let body = "name=z%F0%9F%8E%89&identity=%C3%80na+%e2%98%83%20%26+%E6%97%A5%E6%9C%AC%3D%2B";
    assert_eq!(form(URL, signature, body), Ok(()));
    // Names are sorted by code points; by UTF-16 the last two change places.
    // sign(TOKEN, URL + "Ab1_2a3é4\uffff5🎉6")
    let signature = "V68kd+cAI6+FhNF++PbbXV31KwQ=";
    let body = "%F0%9F%8E%89=6&%EF%BF%BF=5&%C3%A9=4&a=3&_=2&Ab=1";
    assert_eq!(form(URL, signature, body), Ok(()));
}

#[test]
fn the_port_may_have_been_signed_or_not() {
    for (signature, urls) in [
        // sign(TOKEN, "https://hooks.example.com:443/verify?x=1" + "typet")
        (
            "76AC3Geed92GD06NbG8HEn61wI0=",
            ["https://hooks.example.com:443/verify?x=1", "https://hooks.example.com/verify?x=1"],
        ),
        // sign(TOKEN, "https://hooks.example.com/verify?x=1" + "typet")
        (
            "JmINUNWDj4b6aEl9VjoiKyRlcEY=",
            ["https://hooks.example.com:443/verify?x=1", "https://hooks.example.com/verify?x=1"],
        ),
        // sign(TOKEN, "http://hooks.example.com:80/verify" + "typet")
        (
            "u1F3nd6QzIFL8G8AMuOVSUEeEPk=",
            ["http://hooks.example.com:80/verify", "http://hooks.example.com/verify"],
        ),
        // sign(TOKEN, "http://hooks.example.com/verify" + "typet")
        (
            "r/6wVTv2px/58psCg8oVfoMzzS0=",
            ["http://hooks.example.com:80/verify", "http://hooks.example.com/verify"],
        ),
        // sign(TOKEN, "https://[2001:db8::1]/verify" + "typet")
        (
            "svPEAO/i4rvLyQSdVXOXDMnmpng=",
            ["https://[2001:db8::1]/verify", "https://[2001:db8::1]:443/verify"],
        ),
        // sign(TOKEN, "https://[2001:db8::1]:443/verify" + "typet")
        (
            "QYt30++X5Zak+TCwyISMQk771dQ=",
            ["https://[2001:db8::1]/verify", "https://[2001:db8::1]:443/verify"],
        ),
    ] {
        for url in urls {
            assert_eq!(form(url, signature, "type=t"), Ok(()), "{url}");
            // The other scheme's port is another URL.
            for other in [url.replace("https:", "http:"), url.replace("http:", "https:")] {
                if other != url {
                    let result = form(&other, signature, "type=t");
                    assert_eq!(result, Err(WrongSignature), "{other}");
                }
            }
        }
    }
}

#[test]
fn a_port_that_is_no_default_is_dropped_but_not_guessed() {
    // sign(TOKEN, "https://hooks.example.com:8443/verify" + "typet")
    let signature = "7jHzYZ3HyZSuREfw++JwN/8DCb8=";
    let url = "https://hooks.example.com:8443/verify";
    assert_eq!(form(url, signature, "type=t"), Ok(()));
    assert_eq!(form(URL, signature, "type=t"), Err(WrongSignature));
    let other = "https://hooks.example.com:8444/verify";
    assert_eq!(form(other, signature, "type=t"), Err(WrongSignature));
    // Twilio doesn't always sign the port that it sends to.
    let other = "https://hooks.example.com:8443/verify";
    assert_eq!(form(other, SIGNATURE, FORM), Ok(()));
}

#[test]
fn get() {
    // sign(TOKEN, URL + "?type=challenge.approved&uid=%31&b=+")
    let signature = "Qar6gHvch1y+90bx/38LqWR5gLI=";
    let url = format!("{URL}?type=challenge.approved&uid=%31&b=+");
    let get = |url: &str| validator().validate_get(url, &headers(signature));
    assert_eq!(get(&url), Ok(()));
    // The query is signed as it was sent, not decoded.
    for other in [
        url.replace("%31", "1"),
        url.replace('+', "%20"),
        url.replace("&b=+", ""),
        format!("{URL}?uid=%31&type=challenge.approved&b=+"),
        format!("{url}&"),
        format!("{url}#"),
    ] {
        assert_eq!(get(&other), Err(WrongSignature), "{other}");
    }
}

#[test]
fn json_is_signed_by_the_hash_of_its_body() {
    assert_eq!(json(JSON_URL, JSON_SIGNATURE, JSON), Ok(()));
    let spaced = br#"{"type": "challenge.approved","uid":"1"}"#;
    for body in [&spaced[..], &JSON[1..], b"", b"{}"] {
        let result = json(JSON_URL, JSON_SIGNATURE, body);
        assert_eq!(result, Err(WrongBodyHash));
    }
    // sign(TOKEN, URL)
    let result = json(URL, "s6v54LlQq1RkWtcYXn5mqOdMLHk=", JSON);
    assert_eq!(result, Err(MissingBodyHash));
    // A body's hash alone is no signature.
    let other = JSON_URL.replace("verify", "other");
    assert_eq!(json(&other, JSON_SIGNATURE, JSON), Err(WrongSignature));
}

#[test]
fn a_hash_may_be_written_in_upper_case_and_must_be_one() {
    let (path, hash) = JSON_URL.split_once('=').unwrap();
    let upper = format!("{path}={}", hash.to_uppercase());
    // sign(TOKEN, JSON_URL with the hash in upper case)
    let result = json(&upper, "lAJAE2G5aO4yEfSH3BGLwSa/tIU=", JSON);
    assert_eq!(result, Ok(()));
    // sign(TOKEN, URL + "?bodySHA256=" + hash) of each hash
    for (hash, signature) in [
        ("00", "tQx5IJJW2DCzCwXDS/9DQwjTbWc="),
        ("é", "bzXnA38WEMrPqyoeJRUreCjmoL8="),
        (&"z".repeat(64), "LL+iYdyGQ/wldAbai38GtDwNFyw="),
        (&"é".repeat(32), "nDgl9bFwPYapryHBPow8cFZxrBk="),
    ] {
        let result = json(&format!("{path}={hash}"), signature, JSON);
        assert_eq!(result, Err(WrongBodyHash), "{hash}");
    }
}

/// A signature of one kind of request is invalid for another kind.
#[test]
fn a_signature_is_of_one_kind_of_request() {
    let validator = validator();
    // An empty body instead of the JSON that was signed.
    let headers = headers(JSON_SIGNATURE);
    for result in [
        validator.validate_get(JSON_URL, &headers),
        validator.validate_form(JSON_URL, &headers, b""),
        validator.validate_form(JSON_URL, &headers, b"&&"),
    ] {
        assert_eq!(result, Err(WrongBodyHash));
    }
    // JSON read as a form: its text is the name of a parameter.
    let result = validator.validate_form(JSON_URL, &headers, JSON);
    assert_eq!(result, Err(WrongSignature));
    // A form read as JSON.
    assert_eq!(json(URL, SIGNATURE, FORM), Err(MissingBodyHash));
}

#[test]
fn the_kind_is_that_of_the_content_type() {
    let validator = validator();
    for kind in
        ["application/x-www-form-urlencoded", "Application/X-WWW-Form-URLencoded ; charset=UTF-8"]
    {
        let headers = with_kind(SIGNATURE, kind);
        assert_eq!(validator.validate(URL, &headers, FORM), Ok(()), "{kind}");
    }
    for kind in ["application/json", "application/json; charset=utf-8", ""] {
        let headers = with_kind(JSON_SIGNATURE, kind);
        let result = validator.validate(JSON_URL, &headers, JSON);
        assert_eq!(result, Ok(()), "{kind}");
        let headers = with_kind(SIGNATURE, kind);
        let result = validator.validate(URL, &headers, FORM);
        assert_eq!(result, Err(MissingBodyHash), "{kind}");
    }
    // sign(TOKEN, URL)
    let headers = headers("s6v54LlQq1RkWtcYXn5mqOdMLHk=");
    assert_eq!(validator.validate(URL, &headers, b""), Ok(()));
}

#[test]
fn a_shared_key() {
    let validator = validator();
    // sign(KEY_SECRET, URL + "typechallenge.approveduid1", hashlib.sha256)
    let signature = "tQ+tuiW6pLuTKIJHG/MqSZA+3fFLLgW3GAQXtpKjrbk=";
    let headers = with_settings(signature, SETTINGS);
    assert_eq!(validator.validate_form(URL, &headers, FORM), Ok(()));
    // sign(KEY_SECRET, JSON_URL, hashlib.sha256)
    let headers = with_settings("HdzToX0UZFYOFuiCiE4WT7UP6DkeU/5NSgfgcDHDwxA=", SETTINGS);
    assert_eq!(validator.validate_json(JSON_URL, &headers, JSON), Ok(()));
    // sign(KEY_SECRET, URL + "typechallenge.approveduid1")
    let settings = "key=webhooks_sharedkey_1,algorithm=HMAC_SHA1";
    let headers = with_settings("NTOt8qB0bBT0DK3u4sJfoFuMdfA=", settings);
    assert_eq!(validator.validate_form(URL, &headers, FORM), Ok(()));

    // Neither key nor algorithm can be taken for the other.
    for (signature, settings) in [
        (signature, settings),
        (SIGNATURE, SETTINGS),
        (SIGNATURE, settings),
        (signature, "algorithm=HMAC_SHA1"),
        ("NTOt8qB0bBT0DK3u4sJfoFuMdfA=", ""),
    ] {
        let headers = with_settings(signature, settings);
        let result = validator.validate_form(URL, &headers, FORM);
        assert_eq!(result, Err(WrongSignature), "{settings}");
    }
    for settings in ["", "algorithm=HMAC_SHA1"] {
        let headers = with_settings(SIGNATURE, settings);
        let result = validator.validate_form(URL, &headers, FORM);
        assert_eq!(result, Ok(()), "{settings}");
    }
}

#[test]
fn key_and_algorithm_in_any_order_and_case() {
    let signature = {
        let mac = <Hmac<Sha256> as KeyInit>::new_from_slice(KEY_SECRET.as_bytes()).unwrap();
        let text = format!("{URL}typechallenge.approveduid1");
        STANDARD.encode(mac.chain_update(text).finalize().into_bytes())
    };
    let validate = |signature: &str, settings: &str| {
        validator().validate_form(URL, &with_settings(signature, settings), FORM)
    };
    for settings in [
        SETTINGS,
        " algorithm = hmac_sha256 , key = webhooks_sharedkey_1 ",
        "Key=webhooks_sharedkey_1,version=2,Algorithm=HMAC_SHA256,",
    ] {
        assert_eq!(validate(&signature, settings), Ok(()), "{settings}");
        assert_eq!(validate(SIGNATURE, settings), Err(WrongSignature));
    }
    // Without an algorithm it is the auth token.
    for settings in ["", " ", ",", "key=k", "key=k,algorithm=", "version=2", "algorithm=HMAC_SHA1"]
    {
        assert_eq!(validate(SIGNATURE, settings), Ok(()), "{settings}");
        assert_eq!(validate(&signature, settings), Err(WrongSignature));
    }
    let by_sha1 = "key=webhooks_sharedkey_1,algorithm=HMAC_SHA1";
    assert_eq!(validate(SIGNATURE, by_sha1), Err(WrongSignature));
    let unknown = validate(SIGNATURE, "key=k,algorithm=HMAC_SHA1");
    assert_eq!(unknown, Err(UnknownKey("k".to_owned())));
    let long = format!("key={},algorithm=HMAC_SHA256", "k".repeat(129));
    for settings in [
        "HMAC_SHA256",
        "key=a,key=b,algorithm=HMAC_SHA256",
        "key=a,algorithm=HMAC_SHA1,algorithm=HMAC_SHA256",
        "key=,algorithm=HMAC_SHA256",
        "key=a=b,algorithm=HMAC_SHA256",
        &long,
    ] {
        let result = validate(SIGNATURE, settings);
        assert_eq!(result, Err(MalformedSettings), "{settings}");
    }
    for settings in ["key=a,algorithm=HMAC_MD5", "algorithm=none"] {
        let result = validate(SIGNATURE, settings);
        assert_eq!(result, Err(UnknownAlgorithm), "{settings}");
    }
}

#[test]
fn keys_and_algorithms_that_are_not_known() {
    for (settings, error) in [
        (
            "key=webhooks_sharedkey_2,algorithm=HMAC_SHA256",
            UnknownKey("webhooks_sharedkey_2".to_owned()),
        ),
        ("key=webhooks_sharedkey_1,algorithm=MD5", UnknownAlgorithm),
        ("algorithm=HMAC_SHA256", MalformedSettings),
        ("nonsense", MalformedSettings),
        ("key=\u{9b}1m,algorithm=HMAC_SHA256", MalformedSettings),
        ("key=a b,algorithm=HMAC_SHA256", MalformedSettings),
    ] {
        let headers = with_settings(SIGNATURE, settings);
        let result = validator().validate_form(URL, &headers, FORM);
        assert_eq!(result, Err(error), "{settings}");
    }
    let mut headers = with_settings(SIGNATURE, SETTINGS);
    let name = "X-Twilio-Webhooks-Signature-Settings";
    headers.append(name, "algorithm=HMAC_SHA1".parse().unwrap());
    let result = validator().validate_form(URL, &headers, FORM);
    assert_eq!(result, Err(MalformedSettings));
}

#[test]
fn signatures_that_are_none() {
    let result = validator().validate_form(URL, &HeaderMap::new(), FORM);
    assert_eq!(result, Err(MissingSignature));
    let long = "A".repeat(68);
    for signature in [
        "",
        "é",
        "not Base64",
        "oVYqeksopGiDZrxU1OZwouT615Y",
        " oVYqeksopGiDZrxU1OZwouT615Y=",
        // The unused last bits are not zero.
        "oVYqeksopGiDZrxU1OZwouT615Z=",
        &long,
    ] {
        assert_eq!(form(URL, signature, FORM), Err(MalformedSignature));
    }
    for signature in ["AAAA", "oVYqeksopGiDZrxU1OZwouT615Y=".get(..24).unwrap()] {
        assert_eq!(form(URL, signature, FORM), Err(WrongSignature));
    }
    let mut headers = headers(SIGNATURE);
    headers.append("X-Twilio-Signature", SIGNATURE.parse().unwrap());
    let result = validator().validate_form(URL, &headers, FORM);
    assert_eq!(result, Err(MalformedSignature));
}

#[test]
fn what_was_tampered_with() {
    for url in [
        "http://hooks.example.com/verify",
        "https://Hooks.example.com/verify",
        "https://hooks.example.com/verify/",
        "https://hooks.example.com/verify?",
        "https://hooks.example.com//verify",
        "https://hooks.example.com/%76erify",
        "https://user@hooks.example.com/verify",
    ] {
        assert_eq!(form(url, SIGNATURE, FORM), Err(WrongSignature), "{url}");
    }
    for body in [
        "",
        "type=challenge.approved",
        "type=challenge.approved&uid=2",
        "type=challenge.denied&uid=1",
        "type=challenge.approved&uid=1&uid=2",
        "type=challenge.approved&uid=1&a=",
        "Type=challenge.approved&uid=1",
        "type=challenge.approved&uid=1%20",
        "type=challenge.approved;uid=1",
    ] {
        assert_eq!(form(URL, SIGNATURE, body), Err(WrongSignature), "{body}");
    }
    let other = WebhookValidator::new("another token").unwrap();
    let result = other.validate_form(URL, &headers(SIGNATURE), FORM);
    assert_eq!(result, Err(WrongSignature));
}

#[test]
fn a_url_must_be_absolute() {
    for url in [
        "",
        "/verify",
        "a.example/verify",
        "//a.example/verify",
        "https:/a.example",
        "ftp://a.example",
        "https://",
        "https:///verify",
        "https://:443/",
        "https://user@/",
        "https://[2001:db8::1/x",
        "https://[2001:db8::1]x/",
        "https://a.example:port/",
        "https://a.example:+80/",
        "https://a.example:65536/",
        "https://2001:db8::1/",
    ] {
        assert_eq!(form(url, SIGNATURE, FORM), Err(InvalidUrl), "{url}");
        assert_eq!(json(url, SIGNATURE, JSON), Err(InvalidUrl), "{url}");
    }
}

/// The signature of a text by the auth token.
fn sign(text: &str) -> String {
    let mac = <Hmac<Sha1> as KeyInit>::new_from_slice(TOKEN.as_bytes()).unwrap();
    STANDARD.encode(mac.chain_update(text).finalize().into_bytes())
}

#[test]
fn the_port_is_added_or_removed_and_nothing_else_is_changed() {
    for (given, other) in [
        ("https://a.example/x?y=1", "https://a.example:443/x?y=1"),
        ("https://a.example:443/x", "https://a.example/x"),
        ("http://a.example", "http://a.example:80"),
        ("http://a.example:80?y=:1", "http://a.example?y=:1"),
        ("https://a.example:8443/", "https://a.example/"),
        ("https://a.example:/", "https://a.example:443/"),
        ("HTTPS://A.example/%7e#f", "HTTPS://A.example:443/%7e#f"),
        ("https://[2001:db8::1]/x", "https://[2001:db8::1]:443/x"),
        ("https://[2001:db8::1]:443/x", "https://[2001:db8::1]/x"),
        ("https://u:p:q@a.example/x", "https://u:p:q@a.example:443/x"),
        ("https://u:p@a.example:443/@", "https://u:p@a.example/@"),
        ("https://bücher.example/ä", "https://bücher.example:443/ä"),
    ] {
        for signed in [given, other] {
            let signature = sign(&format!("{signed}typet"));
            assert_eq!(form(given, &signature, "type=t"), Ok(()), "{signed}");
        }
        let signature = sign(&format!("{given}/typet"));
        assert_eq!(form(given, &signature, "type=t"), Err(WrongSignature));
    }
}

#[test]
fn the_hash_is_the_first_that_the_query_has() {
    let (base, hash) = JSON_URL.split_once("?bodySHA256=").unwrap();
    for (query, expected) in [
        (format!("?bodySHA256={hash}"), Ok(())),
        (format!("?x=y&bodySHA256={hash}&bodySHA256=cd"), Ok(())),
        (format!("?bodySHA256=&bodySHA256={hash}"), Ok(())),
        (format!("?bodySHA256=cd&bodySHA256={hash}"), Err(WrongBodyHash)),
        ("?bodySHA256=".to_owned(), Err(MissingBodyHash)),
        (format!("?bodysha256={hash}"), Err(MissingBodyHash)),
        (format!("/bodySHA256={hash}"), Err(MissingBodyHash)),
        (format!("#?bodySHA256={hash}"), Err(MissingBodyHash)),
    ] {
        let url = format!("{base}{query}");
        assert_eq!(json(&url, &sign(&url), JSON), expected, "{url}");
    }
}

#[test]
fn a_body_has_a_limit() {
    let body = vec![b'&'; (1 << 20) + 1];
    assert_eq!(form(URL, SIGNATURE, &body), Err(BodyTooLarge));
    assert_eq!(json(JSON_URL, JSON_SIGNATURE, &body), Err(BodyTooLarge));
    let body = [&body[..(1 << 20) - FORM.len()], FORM].concat();
    assert_eq!(form(URL, SIGNATURE, &body), Ok(()));
}

#[test]
fn settings_that_cannot_be_right_are_refused() {
    let validator = || WebhookValidator::new(TOKEN).unwrap();
    for (result, field) in [
        (WebhookValidator::new(""), "auth_token"),
        (validator().shared_key(KEY, ""), "shared_key"),
        (validator().shared_key("", KEY_SECRET), "shared_key"),
        // Secret and id have changed places.
        (validator().shared_key(KEY_SECRET, KEY), "shared_key"),
    ] {
        let error = result.unwrap_err();
        assert_eq!(error.kind(), twilio_verify::ErrorKind::Config);
        assert_eq!(error.field(), Some(field));
        assert!(!describe(&error).contains(KEY_SECRET));
    }
}

#[test]
fn nothing_secret_is_printed() {
    let debug = format!("{0:?} {0:#?}", validator());
    assert!(debug.contains(KEY), "{debug}");
    for secret in [TOKEN, KEY_SECRET] {
        assert!(!debug.contains(secret), "{debug}");
    }
    let errors = [
        form(URL, "oVYqeksopGiDZrxU1OZwouT615Z=", FORM),
        form(URL, "AAAA", b"identity=ana%40example"),
        form("/ana", SIGNATURE, FORM),
        json(JSON_URL, JSON_SIGNATURE, b"ana@example"),
        json(URL, SIGNATURE, b"ana@example"),
    ];
    for error in errors {
        let text = describe(&error.unwrap_err());
        for private in [TOKEN, "oVYq", "AAAA", "ana", "bb1adb", "t7K3"] {
            assert!(!text.contains(private), "{private} in {text}");
        }
    }
}

/// Each error says where to look.
#[test]
fn errors_say_how_to_mend_it() {
    for (error, remedy) in [
        (InvalidUrl, "`https://hooks.example.com/verify`"),
        (MissingSignature, "`X-Twilio-Signature`"),
        (MalformedSignature, "Base64"),
        (MalformedSettings, "`X-Twilio-Webhooks-Signature-Settings`"),
        (UnknownAlgorithm, "newer"),
        (UnknownKey(KEY.to_owned()), "WebhookValidator::shared_key"),
        (BodyTooLarge, "1 MiB"),
        (MissingBodyHash, "`bodySHA256`"),
        (WrongBodyHash, "as they were received"),
        (WrongSignature, "behind a proxy"),
    ] {
        assert!(error.to_string().contains(remedy), "{error}");
    }
}

/// Web frameworks parse a URL and write it again, with other characters encoded.
#[test]
fn a_query_that_was_encoded_anew() {
    // `sign(TOKEN, URL + "?name=O'Brien&at=a%40b%3Ac&x=1%202&x=&y=")`
    let signature = "TpLSqUsHcwMrmmDkbqmcPIj9rHE=";
    for query in [
        "name=O'Brien&at=a%40b%3Ac&x=1%202&x=&y=",
        "name=O%27Brien&at=a@b:c&x=1+2&x=&y=",
        "name=O%27Brien&at=a%40b%3ac&x=1%202&x&y",
        "&name=O'Brien&at=a%40b:c&x=1%202&y=&x=&",
    ] {
        let url = format!("{URL}?{query}");
        assert_eq!(validator().validate_get(&url, &headers(signature)), Ok(()), "{query}");
    }
    for query in [
        "name=O%2527Brien&at=a%40b%3Ac&x=1%202&x=&y=",
        "at=a%40b%3Ac&name=O'Brien&x=1%202&x=&y=",
        "name=O'Brien&at=a%40b%3Ac&x=&x=1%202&y=",
        "name=O'Brien&at=a%40b%3Ac&x=1%202&y=",
    ] {
        let url = format!("{URL}?{query}");
        let result = validator().validate_get(&url, &headers(signature));
        assert_eq!(result, Err(WrongSignature), "{query}");
    }
}

/// `=` is a form of one parameter without a name and a value, which adds nothing to what is signed.
#[test]
fn parameters_that_sign_nothing_prove_the_hash_of_their_body() {
    for body in ["=", "=&=", "", "&"] {
        assert_eq!(form(JSON_URL, JSON_SIGNATURE, body), Err(WrongBodyHash), "{body:?}");
    }
    // The hash is `hashlib.sha256(b"=").hexdigest()`.
    let hash = "380918b946a526640a40df5dced6516794f3d97bbd9e6bb553d037c4439f31c3";
    let url = format!("{URL}?bodySHA256={hash}");
    assert_eq!(form(&url, "b4hbgh5LVyXB7UKEWPIVS5xz1is=", "="), Ok(()));
}
