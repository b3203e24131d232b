//! JSON Web Tokens in the compact form of RFC 7519: tokens that the emulator encrypts and tokens that devices sign.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, ParsedPublicKey};
use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Creates a token with these claims, encrypted with a key of 32 bytes: JSON Web Encryption, with `dir` and `A256GCM`,
/// which are added to the header. The first 12 bytes of `nonce` must not have been used with the key before.
pub(crate) fn encrypted(
    mut header: Value,
    claims: &Value,
    key: &[u8],
    nonce: &[u8],
) -> Option<String> {
    header["alg"] = "dir".into();
    header["enc"] = "A256GCM".into();
    let header = BASE64_URL_SAFE_NO_PAD.encode(header.to_string());
    let nonce = *nonce.first_chunk::<NONCE_LEN>()?;
    let mut text = claims.to_string().into_bytes();
    let tag = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key).ok()?)
        .seal_in_place_separate_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(header.as_bytes()),
            &mut text,
        )
        .ok()?;
    let [nonce, text, tag] =
        [nonce.as_slice(), &text, tag.as_ref()].map(|part| BASE64_URL_SAFE_NO_PAD.encode(part));
    // With `dir`, the encrypted key in the token is empty.
    Some(format!("{header}..{nonce}.{text}.{tag}"))
}

/// Returns the claims of a token that was encrypted with a key, or `None` if it was not.
pub(crate) fn decrypted<T: DeserializeOwned>(token: &str, key: &[u8]) -> Option<T> {
    let parts: Vec<&str> = token.split('.').collect();
    let [header, "", nonce, text, tag] = parts[..] else {
        return None;
    };
    let decode = |part| BASE64_URL_SAFE_NO_PAD.decode(part).ok();
    let nonce = Nonce::try_assume_unique_for_key(&decode(nonce)?).ok()?;
    let mut text = decode(text)?;
    text.extend(decode(tag)?);
    let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key).ok()?);
    let claims = key.open_in_place(nonce, Aad::from(header.as_bytes()), &mut text).ok()?;
    serde_json::from_slice(claims).ok()
}

/// Parses a public key of the curve P-256: its DER form in base64, as a `SubjectPublicKeyInfo`.
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

/// Returns the claims of a token that the owner of a key signed with ES256, or `None` if it is invalid.
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
