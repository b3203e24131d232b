//! Access tokens, read as any other program reads a JWT.

use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::{Value, json};

use crate::api::Api;

const IDENTITY: &str = "customer-4f1d27a0";

#[tokio::test]
async fn a_token_is_signed_with_the_auth_token_and_expires() {
    let api = Api::start().await;
    let service = api.service(&[]).await;
    let form = [
        ("Identity", IDENTITY),
        ("FactorType", "push"),
        ("FactorFriendlyName", "Maria's phone"),
        ("Ttl", "60"),
    ];
    let tokens = format!("{service}/AccessTokens");
    let made = api.post(&tokens, &form).await.created();
    assert!(made["sid"].as_str().unwrap().starts_with("YK"));
    assert_eq!(made["entity_identity"], IDENTITY);
    assert_eq!(made["factor_type"], "push");
    assert_eq!(made["factor_friendly_name"], "Maria's phone");
    assert_eq!(made["ttl"], 60);

    let key = DecodingKey::from_secret(api.emulator.auth_token().as_bytes());
    let mut validation = Validation::new(Algorithm::HS256);
    // The emulator's clock is not the machine's.
    validation.validate_exp = false;
    validation.set_issuer(&[api.emulator.account_sid()]);
    let token = made["token"].as_str().unwrap();
    let claims = jsonwebtoken::decode::<Value>(token, &key, &validation)
        .unwrap()
        .claims;
    assert_eq!(claims["jti"], made["sid"]);
    assert_eq!(claims["iat"], api.clock_seconds());
    assert_eq!(claims["exp"], api.clock_seconds() + 60);
    let resource = format!("{service}/Entities/{IDENTITY}/Factors");
    let resource = resource.trim_start_matches("/v2");
    assert_eq!(
        claims["grants"]["api"]["verify_v2"],
        json!([{ "act": ["create"], "res": resource }])
    );
    let wrong = DecodingKey::from_secret(b"another auth token");
    jsonwebtoken::decode::<Value>(token, &wrong, &validation).unwrap_err();

    assert_eq!(api.get(made["url"].as_str().unwrap()).await.ok(), made);
    let requests = format!("{:?}", api.emulator.requests());
    assert!(!requests.contains(token) && !requests.contains(IDENTITY));
    let form = [("Identity", IDENTITY), ("FactorType", "push")];
    let usual = api.post(&tokens, &form).await.created();
    assert_eq!(usual["ttl"], 300);
    assert_eq!(usual["factor_friendly_name"], Value::Null);
    assert_ne!(usual["token"], made["token"]);
}

#[tokio::test]
async fn what_the_document_does_not_allow_is_refused_by_name() {
    let api = Api::start().await;
    let service = api.service(&[]).await;
    let tokens = format!("{service}/AccessTokens");
    for (name, value) in [
        ("Identity", "short"),
        ("Identity", "user@example.com"),
        ("FactorType", "totp"),
        ("Ttl", "0"),
        ("Ttl", "301"),
    ] {
        let form = [
            ("Identity", IDENTITY),
            ("FactorType", "push"),
            (name, value),
        ];
        assert_eq!(
            api.post(&tokens, &form).await.error(400, 60200),
            format!("Invalid parameter: {name}")
        );
    }
    for name in ["Identity", "FactorType"] {
        let mut form = vec![("Identity", IDENTITY), ("FactorType", "push")];
        form.retain(|(field, _)| *field != name);
        assert_eq!(
            api.post(&tokens, &form).await.error(400, 60200),
            format!("Missing required parameter: {name}")
        );
    }
    let form = [("Identity", IDENTITY), ("FactorType", "push")];
    let made = api.post(&tokens, &form).await.created();
    let elsewhere = api.service(&[]).await;
    let sid = made["sid"].as_str().unwrap();
    api.get(&format!("{elsewhere}/AccessTokens/{sid}"))
        .await
        .error(404, 20404);
    api.get(&format!("{tokens}/YK1")).await.error(404, 20404);
    api.delete(&service).await.deleted();
    api.get(&format!("{tokens}/{sid}")).await.error(404, 20404);
    api.post(&tokens, &form).await.error(404, 20404);
}
