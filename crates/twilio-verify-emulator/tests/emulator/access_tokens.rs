//! Access tokens, read as any other program reads a JWT.

use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::{Value, json};

use crate::api::Api;
use crate::device::Device;

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
    let claims = jsonwebtoken::decode::<Value>(token, &key, &validation).unwrap().claims;
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

/// POSTs a form as a device with only a token; returns the status.
async fn post_with(api: &Api, token: &str, path: &str, form: &[(&str, &str)]) -> (u16, Value) {
    let mut body = url::form_urlencoded::Serializer::new(String::new());
    body.extend_pairs(form);
    let request = reqwest::Client::new()
        .post(format!("{}{path}", api.emulator.url()))
        .basic_auth("token", Some(token))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(body.finish());
    let response = request.send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

#[tokio::test]
async fn a_device_registers_itself_with_a_token_once() {
    let api = Api::start().await;
    let service = api.service(&[]).await;
    let token = async |form: &[(&str, &str)]| {
        let mut form = form.to_vec();
        form.extend([("Identity", IDENTITY), ("FactorType", "push")]);
        let tokens = format!("{service}/AccessTokens");
        let made = api.post(&tokens, &form).await.created();
        made["token"].as_str().unwrap().to_owned()
    };
    let first = token(&[("FactorFriendlyName", "The phone of the app")]).await;
    let device = Device::new();
    let factors = format!("{service}/Entities/{IDENTITY}/Factors");
    let elsewhere = [
        format!("{service}/Entities/customer-other/Factors"),
        format!("{service}/Entities"),
        format!("{service}/AccessTokens"),
        format!("{factors}/"),
        "/v2/Services".to_owned(),
    ];
    for path in &elsewhere {
        let (status, body) = post_with(&api, &first, path, &device.form()).await;
        assert_eq!((status, &body["code"]), (401, &json!(20003)), "{path}");
    }
    let read = reqwest::Client::new()
        .get(format!("{}{factors}", api.emulator.url()))
        .basic_auth("token", Some(&first));
    assert_eq!(read.send().await.unwrap().status(), 401);
    let (head, tail) = first.split_at(first.len() - 1);
    let forged = format!("{head}{}", if tail == "A" { "B" } else { "A" });
    for wrong in ["", "x", "a.b.c", &forged, api.emulator.auth_token()] {
        let (status, _) = post_with(&api, wrong, &factors, &device.form()).await;
        assert_eq!(status, 401, "{wrong}");
    }

    // A rejected request does not use it up.
    let form = [("FriendlyName", "App"), ("FactorType", "totp")];
    let (status, body) = post_with(&api, &first, &factors, &form).await;
    assert_eq!((status, &body["code"]), (400, &json!(60306)));
    let (status, made) = post_with(&api, &first, &factors, &device.form()).await;
    assert_eq!(status, 201, "{made}");
    assert_eq!(made["friendly_name"], "The phone of the app");
    let (status, _) = post_with(&api, &first, &factors, &device.form()).await;
    assert_eq!(status, 401);
    let list = api.get(&factors).await.ok();
    assert_eq!(list["factors"].as_array().unwrap().len(), 1);
    assert_eq!(list["factors"][0]["sid"], made["sid"]);

    let late = token(&[("Ttl", "60")]).await;
    api.clock.advance(chrono::TimeDelta::seconds(60));
    let (status, _) = post_with(&api, &late, &factors, &device.form()).await;
    assert_eq!(status, 401);
    let unnamed = token(&[("Ttl", "60")]).await;
    let (_, made) = post_with(&api, &unnamed, &factors, &device.form()).await;
    assert_eq!(made["friendly_name"], "Maria's phone");
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
        let form = [("Identity", IDENTITY), ("FactorType", "push"), (name, value)];
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
    api.get(&format!("{elsewhere}/AccessTokens/{sid}")).await.error(404, 20404);
    api.get(&format!("{tokens}/YK1")).await.error(404, 20404);
    api.delete(&service).await.deleted();
    api.get(&format!("{tokens}/{sid}")).await.error(404, 20404);
    api.post(&tokens, &form).await.error(404, 20404);
}
