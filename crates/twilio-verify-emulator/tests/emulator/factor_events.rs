//! The events of factors and challenges.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::api::Api;
use crate::deliveries::{Receiver, webhook};
use crate::device::Device;

const MESSAGE: (&str, &str) = ("Details.Message", "Is it you?");

/// An emulator with a webhook for all events, and the path of an entity.
async fn start() -> (Api, String, Receiver) {
    let api = Api::start().await;
    let service = api.service(&[]).await;
    let receiver = Receiver::answering(&[]).await;
    webhook(&api, &service, &receiver.url, &["*"], &[]).await;
    (api, format!("{service}/Entities/ff483d1f-ada"), receiver)
}

async fn challenge(api: &Api, entity: &str, factor: &str) -> Value {
    let hidden = ("HiddenDetails", r#"{"ip":"198.51.100.7"}"#);
    let form = [("FactorSid", factor), MESSAGE, hidden];
    api.post(&format!("{entity}/Challenges"), &form).await.created()
}

#[tokio::test]
async fn a_factor_is_created_verified_and_deleted() {
    let (api, entity, receiver) = start().await;
    let device = Device::new();
    let sid = device.register(&api, &entity).await;
    let url = format!("{entity}/Factors/{sid}");
    // Neither a failure, nor an update, nor a second verification is an event.
    api.post(&url, &[("AuthPayload", "x")]).await.error(403, 60311);
    let token = device.sign(&json!({ "sid": sid }));
    api.post(&url, &[("FriendlyName", "Other"), ("AuthPayload", &token)]).await.ok();
    api.delete(&url).await.deleted();
    api.emulator.wait_for_deliveries().await;
    assert_eq!(receiver.types(&api), ["factor.created", "factor.verified", "factor.deleted"]);
    let event = receiver.received()[2].event(&api);
    assert_eq!(event.factor_sid.unwrap().as_str(), sid);
    assert_eq!(event.factor_type.unwrap().as_str(), "push");
}

#[tokio::test]
async fn a_challenge_is_approved_or_denied_and_expires_silently() {
    let (api, entity, receiver) = start().await;
    let device = Device::new();
    let factor = device.register(&api, &entity).await;
    let mut made = Vec::new();
    for _ in 0..4 {
        made.push(challenge(&api, &entity, &factor).await);
        api.clock.advance(TimeDelta::seconds(1));
    }
    for (challenge, status) in made.iter().zip(["approved", "denied"]) {
        let token = device.sign(&json!({ "sid": challenge["sid"], "status": status }));
        let url = challenge["url"].as_str().unwrap();
        api.post(url, &[("AuthPayload", "x")]).await.error(403, 60324);
        api.post(url, &[("AuthPayload", &token)]).await.ok();
        api.post(url, &[("AuthPayload", &token)]).await.error(403, 60322);
    }
    // The others are not fetched.
    api.clock.advance(TimeDelta::minutes(6));
    api.emulator.wait_for_deliveries().await;
    let types = receiver.types(&api);
    assert_eq!(types[2..], ["challenge.approved", "challenge.denied"]);
    for (received, challenge) in receiver.received()[2..].iter().zip(&made) {
        let event = received.event(&api);
        assert_eq!(event.challenge_sid.unwrap().as_str(), challenge["sid"]);
        assert_eq!(event.factor_sid.unwrap().as_str(), factor);
        assert_eq!(received.field("entity_identity"), "ff483d1f-ada");
    }
    for challenge in &made[2..] {
        let url = challenge["url"].as_str().unwrap();
        assert_eq!(api.get(url).await.ok()["status"], "expired");
        api.post(url, &[("AuthPayload", "x")]).await.error(403, 60323);
    }
    assert_eq!(api.emulator.deliveries().len(), 4);
}

#[tokio::test]
async fn a_code_that_approves_at_once_is_an_event() {
    let (api, entity, receiver) = start().await;
    // A time for which RFC 6238 has a code.
    let rfc = chrono::DateTime::from_timestamp(1_111_111_109, 0).unwrap();
    api.clock.set(rfc);
    let form = [
        ("FriendlyName", "App"),
        ("FactorType", "totp"),
        ("Binding.Secret", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"),
    ];
    let factor = api.post(&format!("{entity}/Factors"), &form).await.created();
    let url = factor["url"].as_str().unwrap();
    api.post(url, &[("AuthPayload", "081804")]).await.ok();
    for code in ["000000", "050471"] {
        let form = [("FactorSid", factor["sid"].as_str().unwrap()), ("AuthPayload", code)];
        api.post(&format!("{entity}/Challenges"), &form).await.created();
    }
    api.emulator.wait_for_deliveries().await;
    assert_eq!(receiver.types(&api), ["factor.created", "factor.verified", "challenge.approved"]);
}
