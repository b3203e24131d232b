//! A device that receives pushes: it has a key and signs tokens with it.

use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

use crate::api::Api;

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

    /// The form that creates its factor.
    pub(crate) fn form(&self) -> Vec<(&'static str, &str)> {
        vec![
            ("FriendlyName", "Maria's phone"),
            ("FactorType", "push"),
            ("Binding.Alg", "ES256"),
            ("Binding.PublicKey", &self.public_key),
            ("Config.AppId", "com.example.owlbank"),
            ("Config.NotificationPlatform", "fcm"),
            ("Config.NotificationToken", "registration-token-of-32-characters"),
            ("Config.SdkVersion", "1.3.0"),
        ]
    }

    /// Creates and verifies its factor; returns the factor's SID.
    pub(crate) async fn register(&self, api: &Api, entity: &str) -> String {
        let factors = format!("{entity}/Factors");
        let factor = api.post(&factors, &self.form()).await.created();
        let token = self.sign(&json!({ "sid": factor["sid"] }));
        let url = factor["url"].as_str().unwrap();
        let verified = api.post(url, &[("AuthPayload", &token)]).await.ok();
        assert_eq!(verified["status"], "verified");
        factor["sid"].as_str().unwrap().to_owned()
    }
}
