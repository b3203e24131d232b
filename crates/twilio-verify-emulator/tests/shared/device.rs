//! A device that receives pushes: it has a key, and signs tokens as Twilio's SDK for devices does.

use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::Value;

pub(crate) struct Device {
    key: EncodingKey,
    /// The public key as a factor has it.
    pub(crate) public_key: String,
}

impl Device {
    pub(crate) fn new() -> Self {
        let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(algorithm, &SystemRandom::new()).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(algorithm, pkcs8.as_ref()).unwrap();
        let public_key: PublicKeyX509Der<'_> = pair.public_key().as_der().unwrap();
        Self {
            key: EncodingKey::from_ec_der(pkcs8.as_ref()),
            public_key: BASE64_STANDARD.encode(public_key.as_ref()),
        }
    }

    pub(crate) fn sign(&self, claims: &Value) -> String {
        let header = Header::new(Algorithm::ES256);
        jsonwebtoken::encode(&header, claims, &self.key).unwrap()
    }
}
