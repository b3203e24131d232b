//! Access tokens: what a device can do with them.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::api::Api;
use crate::device::Device;
use crate::http::http;

const IDENTITY: &str = "customer-4f1d27a0";

#[tokio::test]
async fn a_token_is_encrypted_and_says_how_long_it_lives() {
    let api = Api::start().await;
    let service = api.service(&[]).await;
    let form = [
        ("Identity", IDENTITY),
        ("FactorType", "push"),
        ("FactorFriendlyName", "Maria's phone"),
        ("Ttl", "90"),
    ];
    let tokens = format!("{service}/AccessTokens");
    let made = api.post(&tokens, &form).await.created();
    assert!(made["sid"].as_str().unwrap().starts_with("YK"));
    assert_eq!(made["entity_identity"], IDENTITY);
    assert_eq!(made["factor_type"], "push");
    assert_eq!(made["factor_friendly_name"], "Maria's phone");
    assert_eq!(made["ttl"], 90);

    // A JSON Web Encryption, of which only the header can be read.
    let token = made["token"].as_str().unwrap();
    let parts: Vec<Vec<u8>> =
        token.split('.').map(|part| BASE64_URL_SAFE_NO_PAD.decode(part).unwrap()).collect();
    let header: Value = serde_json::from_slice(&parts[0]).unwrap();
    assert_eq!(
        header,
        json!({ "alg": "dir", "enc": "A256GCM", "cty": "twilio-fpa;v=1", "typ": "JWT" })
    );
    let lengths: Vec<usize> = parts.iter().map(Vec::len).collect();
    assert_eq!((lengths.len(), lengths[1], lengths[2], lengths[4]), (5, 0, 12, 16));
    assert!(!String::from_utf8_lossy(&parts[3]).contains("YK"));

    assert_eq!(api.get(made["url"].as_str().unwrap()).await.ok(), made);
    let requests = format!("{:?}", api.emulator.requests());
    assert!(!requests.contains(token) && !requests.contains(IDENTITY));
    let form = [("Identity", IDENTITY), ("FactorType", "push")];
    let usual = api.post(&tokens, &form).await.created();
    assert_eq!(usual["ttl"], 60);
    assert_eq!(usual["factor_friendly_name"], Value::Null);
    assert_ne!(usual["token"], made["token"]);
}

/// POSTs a form as a device with only a token; returns the status.
async fn post_with(api: &Api, token: &str, path: &str, form: &[(&str, &str)]) -> (u16, Value) {
    let mut body = url::form_urlencoded::Serializer::new(String::new());
    body.extend_pairs(form);
    let request = http()
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
        format!("{service}/Entities"),
        format!("{service}/AccessTokens"),
        format!("{factors}/"),
        "/v2/Services".to_owned(),
    ];
    for path in &elsewhere {
        let (status, body) = post_with(&api, &first, path, &device.form()).await;
        assert_eq!((status, &body["code"]), (401, &json!(20003)), "{path}");
    }
    let read =
        http().get(format!("{}{factors}", api.emulator.url())).basic_auth("token", Some(&first));
    assert_eq!(read.send().await.unwrap().status(), 401);
    let (head, tail) = first.split_at(first.len() - 1);
    let forged = format!("{head}{}", if tail == "A" { "B" } else { "A" });
    for wrong in ["", "x", "a.b.c", &forged, api.emulator.auth_token()] {
        let (status, _) = post_with(&api, wrong, &factors, &device.form()).await;
        assert_eq!(status, 401, "{wrong}");
    }

    // Another entity's factor, and one of another type. A rejected request does not use it up.
    let another = format!("{service}/Entities/customer-other/Factors");
    let (status, body) = post_with(&api, &first, &another, &device.form()).await;
    assert_eq!((status, &body["code"]), (403, &json!(60313)));
    let form = [("FriendlyName", "App"), ("FactorType", "totp")];
    let (status, body) = post_with(&api, &first, &factors, &form).await;
    assert_eq!((status, &body["code"]), (403, &json!(60313)));
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
    let (_, made) = post_with(&api, &unnamed, &factors, &Device::new().form()).await;
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
        ("Ttl", "59"),
        ("Ttl", "301"),
    ] {
        let form = [("Identity", IDENTITY), ("FactorType", "push"), (name, value)];
        assert_eq!(
            api.post(&tokens, &form).await.error(400, 60305),
            format!("Invalid access token parameters: {name}")
        );
    }
    for name in ["Identity", "FactorType"] {
        let mut form = vec![("Identity", IDENTITY), ("FactorType", "push")];
        form.retain(|(field, _)| *field != name);
        api.post(&tokens, &form).await.error(400, 60305);
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
