//! JSON Web Tokens in the compact form of RFC 7519: those that the emulator signs and those that devices sign.

use aws_lc_rs::hmac;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, ParsedPublicKey};
use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// A token with these claims, signed with HMAC-SHA256. `alg` is added to the header.
pub(crate) fn sign(mut header: Value, claims: &Value, secret: &[u8]) -> String {
    header["alg"] = "HS256".into();
    let encode = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", encode(&header), encode(claims));
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
    let signature = BASE64_URL_SAFE_NO_PAD.encode(hmac::sign(&key, signed.as_bytes()));
    format!("{signed}.{signature}")
}

/// A public key of the curve P-256: its DER form in base64, as a `SubjectPublicKeyInfo`.
pub(crate) fn public_key(base64: &str) -> Option<ParsedPublicKey> {
    let der = BASE64_STANDARD.decode(base64).ok()?;
    // Without this, a bare point of the curve, which is not DER, would be accepted too.
    let is_sequence = der.first() == Some(&0x30);
    let key = ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, der);
    key.ok().filter(|_| is_sequence)
}

#[derive(Deserialize)]
struct Header {
    alg: String,
}

/// The claims of a token that is signed with ES256 by the owner of a key; `None` if it is invalid.
pub(crate) fn verified<T: DeserializeOwned>(token: &str, key: &ParsedPublicKey) -> Option<T> {
    let (signed, signature) = token.rsplit_once('.')?;
    let (header, claims) = signed.split_once('.')?;
    let decode = |part| BASE64_URL_SAFE_NO_PAD.decode(part).ok();
    let header: Header = serde_json::from_slice(&decode(header)?).ok()?;
    if header.alg != "ES256" {
        return None;
    }
    key.verify_sig(signed.as_bytes(), &decode(signature)?).ok()?;
    serde_json::from_slice(&decode(claims)?).ok()
}

/// The claims of a token, without checking its signature.
pub(crate) fn unverified<T: DeserializeOwned>(token: &str) -> Option<T> {
    let claims = token.split('.').nth(1)?;
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(claims).ok()?).ok()
}
