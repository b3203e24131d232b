//! Challenges of push factors.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::api::Api;
use crate::device::Device;

const MESSAGE: (&str, &str) = ("Details.Message", "Did you sign in from a new device?");

/// An emulator, the path of an entity, and its device with the SID of its factor.
async fn start() -> (Api, String, Device, String) {
    let api = Api::start().await;
    let entity = format!("{}/Entities/customer-4f1d27a0", api.service(&[]).await);
    let device = Device::new();
    let sid = device.register(&api, &entity).await;
    (api, entity, device, sid)
}

async fn create(api: &Api, entity: &str, factor: &str) -> Value {
    let form = [("FactorSid", factor), MESSAGE];
    api.post(&format!("{entity}/Challenges"), &form).await.created()
}

#[tokio::test]
async fn a_device_approves_and_denies() {
    let (api, entity, device, factor) = start().await;
    let form = [
        ("FactorSid", factor.as_str()),
        MESSAGE,
        ("Details.Fields", r#"{"label":"Place","value":"Bogotá"}"#),
        ("Details.Fields", r#"{"label":"Device","value":"Firefox"}"#),
        ("HiddenDetails", r#"{"ip":"198.51.100.7"}"#),
    ];
    let pending = api.post(&format!("{entity}/Challenges"), &form).await.created();
    assert_eq!(pending["status"], "pending");
    assert_eq!(pending["responded_reason"], "none");
    assert_eq!(pending["factor_sid"], factor);
    assert_eq!(pending["factor_type"], "push");
    assert_eq!(
        pending["details"],
        json!({
            "message": "Did you sign in from a new device?",
            "fields": [
                { "label": "Place", "value": "Bogotá" },
                { "label": "Device", "value": "Firefox" },
            ],
        })
    );
    assert_eq!(pending["hidden_details"], json!({ "ip": "198.51.100.7" }));
    assert_eq!(pending["date_created"], "2026-03-02T21:00:00Z");
    assert_eq!(pending["expiration_date"], "2026-03-02T21:05:00Z");
    let url = pending["url"].as_str().unwrap();
    assert_eq!(api.get(url).await.ok(), pending);

    api.clock.advance(TimeDelta::seconds(40));
    let token = device.sign(&json!({ "sid": pending["sid"], "status": "approved" }));
    let form = [("AuthPayload", token.as_str()), ("Metadata", r#"{"os":"x"}"#)];
    let approved = api.post(url, &form).await.ok();
    assert_eq!(approved["status"], "approved");
    assert_eq!(approved["responded_reason"], "none");
    assert_eq!(approved["date_responded"], "2026-03-02T21:00:40Z");
    assert_eq!(approved["date_updated"], "2026-03-02T21:00:40Z");
    assert_eq!(approved["metadata"], json!({ "os": "x" }));
    assert_eq!(api.get(url).await.ok(), approved);
    api.post(url, &form).await.error(403, 60322);

    let pending = create(&api, &entity, &factor).await;
    let token = device.sign(&json!({
        "sid": pending["sid"], "status": "denied", "responded_reason": "not_requested",
    }));
    let url = pending["url"].as_str().unwrap();
    let denied = api.post(url, &[("AuthPayload", &token)]).await.ok();
    assert_eq!(denied["status"], "denied");
    assert_eq!(denied["responded_reason"], "not_requested");
    assert_eq!(denied["metadata"], Value::Null);
}

#[tokio::test]
async fn what_the_device_did_not_sign_answers_nothing() {
    let (api, entity, device, factor) = start().await;
    let pending = create(&api, &entity, &factor).await;
    let url = pending["url"].as_str().unwrap();
    let (sid, now) = (&pending["sid"], api.clock_seconds());
    let right = json!({ "sid": sid, "status": "approved" });
    for payload in ["", &"x".repeat(5457)] {
        api.post(url, &[("AuthPayload", payload)]).await.error(400, 60306);
    }
    for wrong in [
        "approved",
        &Device::new().sign(&right),
        &device.sign(&json!({ "sid": sid })),
        &device.sign(&json!({ "sid": factor, "status": "approved" })),
        &device.sign(&json!({ "sid": sid, "status": "expired" })),
        &device.sign(&json!({ "sid": sid, "status": "approved", "responded_reason": "x" })),
        &device.sign(&json!({ "sid": sid, "status": "approved", "exp": now })),
    ] {
        api.post(url, &[("AuthPayload", wrong)]).await.error(403, 60324);
    }
    assert_eq!(api.get(url).await.ok(), pending);
    assert_eq!(
        api.post(url, &[("Metadata", "{}")]).await.error(400, 60306),
        "Invalid request: AuthPayload"
    );
    let other = create(&api, &entity, &factor).await;
    let token = device.sign(&json!({ "sid": other["sid"], "status": "approved" }));
    api.post(url, &[("AuthPayload", &token)]).await.error(403, 60324);
    api.post(url, &[("AuthPayload", &device.sign(&right))]).await.ok();
}

#[tokio::test]
async fn a_challenge_expires_when_its_time_is_up() {
    let (api, entity, device, factor) = start().await;
    let challenges = format!("{entity}/Challenges");
    let usual = create(&api, &entity, &factor).await;
    let form =
        [("FactorSid", factor.as_str()), MESSAGE, ("ExpirationDate", "2026-03-02T22:00:00.900Z")];
    let long = api.post(&challenges, &form).await.error(400, 60306);
    assert_eq!(long, "Invalid request: ExpirationDate");
    for bad in ["2026-03-02T22:00:01Z", "2026-03-02T21:00:00Z"] {
        let form = [form[0], form[1], ("ExpirationDate", bad)];
        let message = api.post(&challenges, &form).await.error(400, 60306);
        assert_eq!(message, "Invalid request: ExpirationDate");
    }
    let form = [form[0], form[1], ("ExpirationDate", "soon")];
    api.post(&challenges, &form).await.error(400, 20001);
    let form = [form[0], form[1], ("ExpirationDate", "2026-03-02T17:00:00-05:00")];
    let long = api.post(&challenges, &form).await.created();
    assert_eq!(long["expiration_date"], "2026-03-02T22:00:00Z");

    let (usual_url, long_url) = (usual["url"].as_str().unwrap(), long["url"].as_str().unwrap());
    api.clock.advance(TimeDelta::milliseconds(299_999));
    assert_eq!(api.get(usual_url).await.ok()["status"], "pending");
    api.clock.advance(TimeDelta::milliseconds(1));
    let expired = api.get(usual_url).await.ok();
    assert_eq!(expired["status"], "expired");
    assert_eq!(expired["date_updated"], "2026-03-02T21:05:00Z");
    assert_eq!(expired["date_responded"], Value::Null);
    let token = device.sign(&json!({ "sid": usual["sid"], "status": "approved" }));
    api.post(usual_url, &[("AuthPayload", &token)]).await.error(403, 60323);
    let token = device.sign(&json!({ "sid": long["sid"], "status": "approved" }));
    let approved = api.post(long_url, &[("AuthPayload", &token)]).await.ok();
    assert_eq!(approved["status"], "approved");
    api.clock.advance(TimeDelta::days(1));
    assert_eq!(api.get(long_url).await.ok(), approved);
}

/// The SIDs of a list, in its order.
async fn sids(api: &Api, path: &str) -> Vec<Value> {
    let list = api.get(path).await.ok();
    let challenges = list["challenges"].as_array().unwrap();
    challenges.iter().map(|challenge| challenge["sid"].clone()).collect()
}

#[tokio::test]
async fn challenges_are_listed_by_factor_and_status_in_either_order() {
    let (api, entity, device, factor) = start().await;
    let other = Device::new().register(&api, &entity).await;
    let mut made = Vec::new();
    for factor in [&factor, &other, &factor, &factor] {
        let challenge = create(&api, &entity, factor).await;
        made.push(challenge["sid"].clone());
        api.clock.advance(TimeDelta::minutes(2));
    }
    // The third is denied; the first two have expired.
    let token = device.sign(&json!({ "sid": made[2], "status": "denied" }));
    let path = format!("{entity}/Challenges");
    let third = format!("{path}/{}", made[2].as_str().unwrap());
    api.post(&third, &[("AuthPayload", &token)]).await.ok();

    let list = async |query: &str| sids(&api, &format!("{path}?{query}")).await;
    assert_eq!(list("").await, made);
    assert_eq!(list("Order=asc").await, made);
    let newest_first: Vec<Value> = made.iter().rev().cloned().collect();
    assert_eq!(list("Order=desc").await, newest_first);
    assert_eq!(list("Status=expired").await, made[..2]);
    assert_eq!(list("Status=denied").await, made[2..3]);
    assert_eq!(list("Status=pending").await, made[3..]);
    assert_eq!(list("Status=approved").await, made[..0]);
    assert_eq!(list(&format!("FactorSid={other}")).await, made[1..2]);
    assert_eq!(list(&format!("FactorSid={factor}&Status=expired&Order=desc")).await, made[..1]);
    for query in ["Status=gone", "Order=up", "FactorSid=YF1"] {
        api.get(&format!("{path}?{query}")).await.error(400, 60200);
    }
    // Pages keep filters and order.
    let page = api.get(&format!("{path}?FactorSid={factor}&Order=desc&PageSize=2")).await.ok();
    let next = page["meta"]["next_page_url"].as_str().unwrap();
    assert_eq!(sids(&api, next).await, made[..1]);
}

#[tokio::test]
async fn only_a_verified_factor_of_the_entity_is_challenged() {
    let (api, entity, _, factor) = start().await;
    let challenges = format!("{entity}/Challenges");
    let unverified = api.post(&format!("{entity}/Factors"), &Device::new().form()).await.created();
    let unverified = unverified["sid"].as_str().unwrap();
    api.post(&challenges, &[("FactorSid", unverified), MESSAGE]).await.error(403, 60318);
    let service = entity.split("/Entities").next().unwrap();
    let other = format!("{service}/Entities/customer-other");
    let others = Device::new().register(&api, &other).await;
    for factor in [others.as_str(), "YF00000000000000000000000000000000"] {
        api.post(&challenges, &[("FactorSid", factor), MESSAGE]).await.error(400, 60306);
    }
    assert_eq!(
        api.post(&challenges, &[MESSAGE]).await.error(400, 20001),
        "Missing required parameter FactorSid in the post body"
    );
    api.post(&challenges, &[("FactorSid", &factor)]).await.error(400, 60368);
    api.post(&challenges, &[("FactorSid", "YF1"), MESSAGE]).await.error(400, 60306);
    let long = format!(r#"{{"note":"{}"}}"#, "x".repeat(1024));
    for hidden in ["[1]", r#"{"count":1}"#, &long] {
        let form = [("FactorSid", factor.as_str()), MESSAGE, ("HiddenDetails", hidden)];
        assert_eq!(
            api.post(&challenges, &form).await.error(400, 60306),
            "Invalid request: HiddenDetails"
        );
    }
    let (label, value) = ("x".repeat(37), "x".repeat(129));
    for field in [
        "x",
        r#"{"label":"x"}"#,
        r#"{"label":"x","value":1}"#,
        &format!(r#"{{"label":"{label}","value":"y"}}"#),
        &format!(r#"{{"label":"x","value":"{value}"}}"#),
    ] {
        let form = [("FactorSid", factor.as_str()), MESSAGE, ("Details.Fields", field)];
        let message = api.post(&challenges, &form).await.error(400, 60368);
        assert!(message.contains("Details.Fields"), "{message}");
    }
    let message = "x".repeat(257);
    let form = [("FactorSid", factor.as_str()), ("Details.Message", &message)];
    api.post(&challenges, &form).await.error(400, 60368);
    let field = ("Details.Fields", r#"{"label":"x","value":"y"}"#);
    let mut form = vec![("FactorSid", factor.as_str()), MESSAGE];
    form.extend([field; 20]);
    let made = api.post(&challenges, &form).await.created();
    assert_eq!(made["details"]["fields"].as_array().unwrap().len(), 20);
    form.push(field);
    assert_eq!(
        api.post(&challenges, &form).await.error(400, 60368),
        "Invalid details of the challenge: Details.Fields"
    );
}

#[tokio::test]
async fn a_challenge_outlives_its_factor_and_cannot_be_answered() {
    let (api, entity, device, factor) = start().await;
    let pending = create(&api, &entity, &factor).await;
    api.delete(&format!("{entity}/Factors/{factor}")).await.deleted();
    let url = pending["url"].as_str().unwrap();
    assert_eq!(api.get(url).await.ok(), pending);
    let token = device.sign(&json!({ "sid": pending["sid"], "status": "approved" }));
    assert_eq!(
        api.post(url, &[("AuthPayload", &token)]).await.error(400, 60306),
        "Invalid request: its factor is deleted"
    );
    let service = entity.split("/Entities").next().unwrap();
    let other = format!("{service}/Entities/customer-other");
    Device::new().register(&api, &other).await;
    let elsewhere = format!("{other}/Challenges/{}", pending["sid"].as_str().unwrap());
    api.get(&elsewhere).await.error(404, 20404);
    api.delete(&entity).await.deleted();
    api.get(url).await.error(404, 20404);
}

#[tokio::test]
async fn the_date_is_shown_if_the_service_says_so() {
    let (api, entity, _, factor) = start().await;
    let service = entity.split("/Entities").next().unwrap();
    api.post(service, &[("Push.IncludeDate", "true")]).await.ok();
    let challenge = create(&api, &entity, &factor).await;
    assert_eq!(challenge["details"]["date"], "2026-03-02T21:00:00Z");
}
