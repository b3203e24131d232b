//! Devices: registered, verified by what they sign, changed.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::api::Api;
use crate::device::Device;

async fn start() -> (Api, String) {
    let api = Api::start().await;
    let entity = format!("{}/Entities/customer-4f1d27a0", api.service(&[]).await);
    (api, entity)
}

#[tokio::test]
async fn a_device_is_registered_verified_and_changed() {
    let (api, entity) = start().await;
    let device = Device::new();
    let factors = format!("{entity}/Factors");
    let made = api.post(&factors, &device.form()).await.created();
    assert_eq!(made["binding"], json!({ "alg": "ES256", "public_key": device.public_key }));
    assert_eq!(
        made["config"],
        json!({
            "app_id": "com.example.owlbank",
            "notification_platform": "fcm",
            "notification_token": "registration-token-of-32-characters",
            "sdk_version": "1.3.0",
        })
    );
    assert_eq!(made["status"], "unverified");
    assert_eq!(made["options"], Value::Null);

    let url = made["url"].as_str().unwrap();
    let token = device.sign(&json!({ "sid": made["sid"], "of": "another claim" }));
    let verified = api.post(url, &[("AuthPayload", &token)]).await.ok();
    assert_eq!(verified["status"], "verified");
    assert_eq!(verified.get("binding"), None);

    let form = [
        ("Config.NotificationToken", "another-token-of-at-least-32-characters"),
        ("Config.SdkVersion", "1.3.1"),
        ("FriendlyName", "Maria's new phone"),
    ];
    let changed = api.post(url, &form).await.ok();
    assert_eq!(
        changed["config"],
        json!({
            "app_id": "com.example.owlbank",
            "notification_platform": "fcm",
            "notification_token": "another-token-of-at-least-32-characters",
            "sdk_version": "1.3.1",
        })
    );
    assert_eq!(changed["friendly_name"], "Maria's new phone");
    assert_eq!(changed["status"], "verified");
    let form = [("Config.NotificationPlatform", "none")];
    let changed = api.post(url, &form).await.ok();
    assert_eq!(changed["config"]["notification_platform"], "none");
    assert_eq!(
        api.post(url, &[("Config.NotificationPlatform", "gcm")]).await.error(400, 60370),
        "Invalid configuration of the factor: Config.NotificationPlatform"
    );
    api.post(url, &[("Config.NotificationToken", "short")]).await.error(400, 60370);
    api.post(url, &[("FriendlyName", &"x".repeat(65))]).await.error(400, 60200);
    assert_eq!(api.get(url).await.ok(), changed);
}

#[tokio::test]
async fn what_another_signed_or_of_another_factor_verifies_nothing() {
    let (api, entity) = start().await;
    let (device, other) = (Device::new(), Device::new());
    let factors = format!("{entity}/Factors");
    let made = api.post(&factors, &device.form()).await.created();
    let url = made["url"].as_str().unwrap();
    let right = json!({ "sid": made["sid"] });
    let token = device.sign(&right);
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let other_token = other.sign(&right);
    let other_signature = other_token.rsplit_once('.').unwrap().1;
    let now = api.clock_seconds();
    // HS256 with the public key as the secret: a verifier that trusts the header would accept it.
    let confused = jsonwebtoken::encode(
        &jsonwebtoken::Header::default(),
        &right,
        &jsonwebtoken::EncodingKey::from_base64_secret(&device.public_key).unwrap(),
    )
    .unwrap();
    for payload in ["", &"x".repeat(5457)] {
        api.post(url, &[("AuthPayload", payload)]).await.error(400, 60306);
    }
    for wrong in [
        "..",
        "a.b.c",
        "123456",
        signed,
        &format!("{signed}."),
        &format!("{signed}.{other_signature}"),
        &format!("{token}A"),
        &format!(" {token}"),
        &format!("{token}.{signature}"),
        &other_token,
        &confused,
        &device.sign(&json!({})),
        &device.sign(&json!({ "sid": "YF00000000000000000000000000000000" })),
        &device.sign(&json!({ "sid": made["entity_sid"] })),
        &device.sign(&json!({ "sid": made["sid"], "exp": now })),
        &device.sign(&json!({ "sid": made["sid"], "exp": "never" })),
        &device.sign(&json!([made["sid"]])),
    ] {
        api.post(url, &[("AuthPayload", wrong)]).await.error(403, 60311);
    }
    assert_eq!(api.get(url).await.ok()["status"], "unverified");
    let token = device.sign(&json!({ "sid": made["sid"], "exp": now + 1 }));
    let verified = api.post(url, &[("AuthPayload", &token)]).await.ok();
    assert_eq!(verified["status"], "verified");
}

#[tokio::test]
async fn what_is_no_device_is_refused_by_name() {
    let (api, entity) = start().await;
    let device = Device::new();
    let factors = format!("{entity}/Factors");
    let code = |name: &str| if name.starts_with("Binding.") { 60314 } else { 60370 };
    for name in [
        "Binding.Alg",
        "Binding.PublicKey",
        "Config.AppId",
        "Config.NotificationPlatform",
        "Config.NotificationToken",
        "Config.SdkVersion",
    ] {
        let mut form = device.form();
        form.retain(|(field, _)| *field != name);
        let message = api.post(&factors, &form).await.error(400, code(name));
        assert!(message.ends_with(&format!(": {name}")), "{message}");
    }
    let unpadded = device.public_key.trim_end_matches('=');
    for (name, value) in [
        ("Binding.Alg", "RS256"),
        ("Binding.PublicKey", unpadded),
        ("Binding.PublicKey", &device.public_key[..60]),
        ("Binding.PublicKey", "AAAA"),
        // Only a point of the curve.
        ("Binding.PublicKey", &device.public_key[36..]),
        ("Config.NotificationPlatform", "gcm"),
        ("Config.NotificationToken", "short"),
        ("Config.NotificationToken", &"x".repeat(256)),
        ("Config.AppId", &"x".repeat(101)),
    ] {
        let mut form = device.form();
        form.push((name, value));
        let message = api.post(&factors, &form).await.error(400, code(name));
        assert!(message.ends_with(&format!(": {name}")), "{message}");
    }
    // A device that polls for its challenges has no token.
    let mut form = device.form();
    form.retain(|(field, _)| *field != "Config.NotificationToken");
    form.push(("Config.NotificationPlatform", "none"));
    let made = api.post(&factors, &form).await.created();
    assert_eq!(made["config"]["notification_token"], Value::Null);
}

#[tokio::test]
async fn an_entity_has_twenty_devices_and_each_key_once() {
    let (api, entity) = start().await;
    let factors = format!("{entity}/Factors");
    let first = Device::new();
    let made = api.post(&factors, &first.form()).await.created();
    api.post(&factors, &first.form()).await.error(409, 60317);
    for _ in 1..20 {
        api.post(&factors, &Device::new().form()).await.created();
    }
    api.post(&factors, &Device::new().form()).await.error(400, 60315);
    // A factor of codes is of another kind.
    let form = [("FriendlyName", "App"), ("FactorType", "totp")];
    api.post(&factors, &form).await.created();
    api.delete(made["url"].as_str().unwrap()).await.deleted();
    api.post(&factors, &first.form()).await.created();
}

#[tokio::test]
async fn a_challenge_is_pushed_again_while_it_is_pending() {
    let (api, entity) = start().await;
    let device = Device::new();
    let sid = device.register(&api, &entity).await;
    let form = [("FactorSid", sid.as_str()), ("Details.Message", "Is it you?")];
    let challenge = api.post(&format!("{entity}/Challenges"), &form).await.created();
    let notifications = challenge["links"]["notifications"].as_str().unwrap();
    let made = api.post(notifications, &[("Ttl", "150")]).await.created();
    assert!(made["sid"].as_str().unwrap().starts_with("NT"));
    assert_eq!(made["challenge_sid"], challenge["sid"]);
    assert_eq!(made["entity_sid"], challenge["entity_sid"]);
    assert_eq!((&made["ttl"], &made["priority"]), (&json!(150), &json!("high")));
    let made = api.post(notifications, &[]).await.created();
    assert_eq!(made["ttl"], 300);
    for ttl in ["-1", "301", "x"] {
        assert_eq!(
            api.post(notifications, &[("Ttl", ttl)]).await.error(400, 60200),
            "Invalid parameter: Ttl"
        );
    }
    api.post(notifications, &[]).await.created();
    api.post(notifications, &[]).await.error(429, 60309);
    api.clock.advance(TimeDelta::minutes(5));
    api.post(notifications, &[]).await.error(403, 60323);
    let nowhere = format!("{entity}/Challenges/YC00000000000000000000000000000000/Notifications");
    api.post(&nowhere, &[]).await.error(404, 20404);
}
