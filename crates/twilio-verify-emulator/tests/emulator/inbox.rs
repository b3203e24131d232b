//! The inbox under `/_emulator/`: what became of each message, and what can be done to its verification.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use reqwest::Method;
use serde_json::{Value, json};

use crate::api::Api;
use crate::deliveries::{Receiver, webhook};
use crate::device::Device;
use crate::documented::Control;
use crate::http::http;
use crate::support::{self, attempt};

const TO: &str = "+573003003030";

async fn send(api: &Api, service: &str, to: &str) -> Value {
    let form = [("To", to), ("Channel", "sms")];
    api.post(&format!("{service}/Verifications"), &form).await.created()
}

async fn check(api: &Api, service: &str, code: &str) -> Value {
    let form = [("To", TO), ("Code", code)];
    api.post(&format!("{service}/VerificationCheck"), &form).await.ok()
}

fn types(verification: &Value) -> Vec<&str> {
    let events = verification["events"].as_array().unwrap();
    events.iter().map(|event| event["type"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_verification_is_followed_to_its_end_and_beyond() {
    let api = Api::start().await;
    let control = Control::of(&api.emulator).await;
    let service = api.service(&[]).await;
    let sid = send(&api, &service, TO).await["sid"].as_str().unwrap().to_owned();
    let path = format!("verifications/{sid}");
    let shown = control.get(&path).await;
    assert_eq!((&shown["status"], &shown["checks_left"]), (&json!("pending"), &json!(5)));
    assert_eq!(shown["code"], json!(api.emulator.outbox().code_for(TO)));
    assert_eq!((&shown["service_name"], &shown["sends_left"]), (&json!("Shop"), &json!(4)));
    assert_eq!(shown["expires_at"], "2026-03-02T21:10:00Z");

    check(&api, &service, "000000").await;
    let message = &control.get("outbox").await["messages"][0];
    assert_eq!((&message["status"], &message["checks_left"]), (&json!("pending"), &json!(4)));
    check(&api, &service, shown["code"].as_str().unwrap()).await;
    let shown = control.get(&path).await;
    assert_eq!(types(&shown), ["sent", "checked", "checked", "approved"]);
    assert_eq!(shown["status"], "approved");
    assert_eq!(shown["events"][1]["valid"], false);
    assert_eq!(control.get("outbox").await["messages"][0]["status"], "approved");

    let other = send(&api, &service, TO).await["sid"].as_str().unwrap().to_owned();
    assert_ne!(sid, other);
    for _ in 0..5 {
        check(&api, &service, "000000").await;
    }
    let shown = control.get(&format!("verifications/{other}")).await;
    assert_eq!(shown["status"], "max_attempts_reached");
    assert_eq!(types(&shown).last(), Some(&"max_attempts_reached"));
    api.clock.advance(TimeDelta::minutes(10));
    assert_eq!(control.get(&format!("verifications/{other}")).await["status"], "expired");

    let third = send(&api, &service, TO).await["sid"].as_str().unwrap().to_owned();
    api.delete(&service).await.deleted();
    let shown = control.get(&format!("verifications/{third}")).await;
    assert_eq!((&shown["status"], &shown["service_name"]), (&json!("deleted"), &Value::Null));
    let missing = "verifications/VE00000000000000000000000000000000";
    control.send(Method::GET, missing, None, 404).await;
}

#[tokio::test]
async fn the_list_is_filtered_searched_and_followed() {
    let api = Api::start().await;
    let control = Control::of(&api.emulator).await;
    let service = api.service(&[]).await;
    let one = send(&api, &service, TO).await;
    let two = send(&api, &service, "+573053003030").await;
    let sids = |list: &Value| -> Vec<Value> {
        let list = list["verifications"].as_array().unwrap();
        list.iter().map(|verification| verification["sid"].clone()).collect()
    };
    let all = control.get("verifications").await;
    assert_eq!(sids(&all), [two["sid"].clone(), one["sid"].clone()]);
    assert_eq!(all["more"], false);
    let limited = control.get("verifications?limit=1").await;
    assert_eq!((sids(&limited).len(), &limited["more"]), (1, &json!(true)));

    let service_sid = service.rsplit('/').next().unwrap();
    let attempt = one["send_code_attempts"][0]["attempt_sid"].as_str().unwrap();
    let code = api.emulator.outbox().code_for(TO).unwrap();
    for search in [code.as_str(), attempt, one["sid"].as_str().unwrap(), "57300300"] {
        let found = control.get(&format!("verifications?search={search}")).await;
        assert_eq!(sids(&found), [one["sid"].clone()], "{search}");
    }
    for (query, count) in [
        ("to=%2B573003003030", 1),
        ("search=shop", 2),
        ("search=nothing", 0),
        ("status=pending&to=&", 0),
        ("status=pending", 2),
        ("status=approved", 0),
        (&format!("service_sid={service_sid}"), 2),
        ("service_sid=VA00000000000000000000000000000000", 0),
    ] {
        let found = control.get(&format!("verifications?{query}")).await;
        assert_eq!(sids(&found).len(), count, "{query}");
    }

    let revision = all["revision"].as_u64().unwrap();
    let later = format!("verifications?after={revision}");
    assert_eq!(sids(&control.get(&later).await).len(), 0);
    check(&api, &service, "000000").await;
    let changed = control.get(&later).await;
    assert_eq!(sids(&changed), [one["sid"].clone()]);
    control.send(Method::POST, "reset", None, 204).await;
    let gone = control.get(&later).await;
    assert_eq!(sids(&gone).len(), 0);
    assert!(gone["cleared"].as_u64() > changed["revision"].as_u64());
    for wrong in ["limit=0", "limit=1001", "status=lost", "service_sid=VA1", "after=x", "page=1"] {
        control.send(Method::GET, &format!("verifications?{wrong}"), None, 400).await;
    }
}

#[tokio::test]
async fn a_verification_is_sent_again_approved_canceled_and_expired() {
    let api = Api::start().await;
    let control = Control::of(&api.emulator).await;
    let service = api.service(&[]).await;
    let change = async |sid: &str, status: &str, expected| {
        let body = json!({ "status": status });
        let path = format!("verifications/{sid}");
        control.send(Method::PATCH, &path, Some(&body), expected).await
    };
    let start = async || send(&api, &service, TO).await["sid"].as_str().unwrap().to_owned();
    let converted = async || api.get("/v2/Attempts/Summary").await.ok()["total_converted"].clone();

    let sid = start().await;
    let messages = format!("verifications/{sid}/messages");
    let again = control.send(Method::POST, &messages, None, 201).await;
    assert_eq!((&again["sid"], again["messages"].as_array().unwrap().len()), (&json!(sid), 2));
    let by_call = json!({ "channel": "call" });
    let again = control.send(Method::POST, &messages, Some(&by_call), 201).await;
    assert_eq!(again["channel"], "call");
    assert_eq!(api.emulator.outbox().len(), 3);
    // With the limits of the API.
    for expected in [201, 201, 429] {
        control.send(Method::POST, &messages, None, expected).await;
    }
    assert_eq!(change(&sid, "approved", 200).await["status"], "approved");
    assert_eq!(converted().await, 1);
    api.get(&format!("{service}/Verifications/{sid}")).await.error(404, 20404);
    change(&sid, "canceled", 409).await;
    control.send(Method::POST, &messages, None, 409).await;

    let sid = start().await;
    assert_eq!(change(&sid, "canceled", 200).await["status"], "canceled");
    let fetched = api.get(&format!("{service}/Verifications/{sid}")).await.ok();
    assert_eq!(fetched["status"], "canceled");

    let sid = start().await;
    let shown = change(&sid, "expired", 200).await;
    assert_eq!(shown["status"], "expired");
    assert_eq!(types(&shown), ["sent", "expired"]);
    api.get(&format!("{service}/Verifications/{sid}")).await.error(404, 20404);
    let attempts = control.get(&format!("attempts?verification_sid={sid}")).await;
    assert_eq!(attempts["attempts"][0]["channel_data"]["status"], "expired");
    assert_ne!(start().await, sid);
    assert_eq!(converted().await, 1);

    change(&sid, "pending", 400).await;
    change("VE1", "approved", 404).await;
}

#[tokio::test]
async fn a_code_is_sent_without_credentials() {
    let api = Api::start().await;
    let control = Control::of(&api.emulator).await;
    let body = json!({ "to": "+15005550006" });
    let sent = control.send(Method::POST, "verifications", Some(&body), 201).await;
    assert_eq!((&sent["status"], &sent["service_name"]), (&json!("pending"), &json!("Sample")));
    let again = control.send(Method::POST, "verifications", Some(&body), 201).await;
    assert_eq!(again["sid"], sent["sid"]);
    for (body, status) in [
        (json!({ "to": "nobody" }), 400),
        (json!({ "to": "+15005550004" }), 403),
        (json!({ "to": TO, "channel": "fax" }), 400),
        (json!({ "to": TO, "service_sid": "VA00000000000000000000000000000000" }), 404),
        (json!({ "To": TO }), 400),
    ] {
        control.send(Method::POST, "verifications", Some(&body), status).await;
    }
}

#[tokio::test]
async fn an_outcome_is_for_the_next_send_or_for_all() {
    let api = Api::start().await;
    let control = Control::of(&api.emulator).await;
    let service = api.service(&[]).await;
    let verifications = format!("{service}/Verifications");
    let form = [("To", TO), ("Channel", "sms")];
    let set = async |outcome: Value, once: bool| {
        let body = json!({ "to": TO, "outcome": outcome, "once": once });
        control.send(Method::PUT, "outcomes", Some(&body), 204).await
    };
    set(json!("blocked"), true).await;
    let listed = control.get("outcomes").await;
    assert_eq!(listed["outcomes"], json!([{ "to": TO, "outcome": "blocked", "once": true }]));
    assert_eq!(listed["magic"][0], json!({ "to": "+15005550001", "outcome": "invalid_number" }));
    api.post(&verifications, &form).await.error(403, 60410);
    let sid = api.post(&verifications, &form).await.created()["sid"].clone();
    assert_eq!(control.get("outcomes").await["outcomes"], json!([]));

    set(json!("undelivered"), true).await;
    let path = format!("verifications/{}", sid.as_str().unwrap());
    let shown = control.get(&path).await;
    assert_eq!((&shown["outcome"], &shown["outcome_once"]), (&json!("undelivered"), &json!(true)));
    api.post(&verifications, &form).await.created();
    let shown = control.get(&path).await;
    assert_eq!((&shown["outcome"], &shown["outcome_once"]), (&json!("delivered"), &json!(false)));
    let delivered: Vec<&Value> =
        shown["messages"].as_array().unwrap().iter().map(|message| &message["delivered"]).collect();
    assert_eq!(delivered, [&json!(true), &json!(false)]);
    assert_eq!(api.emulator.outbox().len(), 1);

    // A request that is invalid does not use it up.
    set(json!({ "slow": 0 }), true).await;
    api.post(&verifications, &[("To", TO), ("Channel", "fax")]).await.error(400, 60200);
    assert_eq!(control.get("outcomes").await["outcomes"].as_array().unwrap().len(), 1);
    set(json!("busy"), false).await;
    for _ in 0..2 {
        api.post(&verifications, &form).await.error(429, 60212);
    }
    assert_eq!(control.get("code").await, json!({ "code": null }));
    let code = json!({ "code": "424242" });
    control.send(Method::PUT, "code", Some(&code), 204).await;
    assert_eq!(control.get("code").await, code);
}

#[tokio::test]
async fn who_waits_for_a_message_gets_it_as_it_is_sent() {
    let api = Api::start().await;
    let control = Control::of(&api.emulator).await;
    let service = api.service(&[]).await;
    let began = Instant::now();
    let wait = control.get("outbox?wait=60&to=%2B573003003030");
    let sends = async {
        send(&api, &service, "+573053003030").await;
        send(&api, &service, TO).await;
    };
    let (waited, ()) = tokio::join!(wait, sends);
    assert_eq!(waited["messages"].as_array().unwrap().len(), 1);
    assert_eq!(waited["messages"][0]["to"], TO);
    // One that is there already.
    assert_eq!(control.get("outbox?wait=60&after=1").await["messages"][0]["number"], 2);
    assert!(began.elapsed() < Duration::from_secs(30));
    assert_eq!(control.get("outbox?wait=1&after=2").await["messages"], json!([]));
    for wrong in ["wait=61", "wait=-1", "wait=x"] {
        control.send(Method::GET, &format!("outbox?{wrong}"), None, 400).await;
    }

    // Longer than an idle connection may take.
    let short = Duration::from_millis(100);
    let other = Api::with(|builder| builder.read_timeout(short).write_timeout(short)).await;
    let waited = Control::of(&other.emulator).await.get("outbox?wait=1").await;
    assert_eq!(waited["messages"], json!([]));

    let began = Instant::now();
    let end = async {
        send(&api, &service, "+573053003030").await;
        api.emulator.shutdown().await;
    };
    let (waited, ()) = tokio::join!(control.get("outbox?wait=60&after=99"), end);
    assert_eq!(waited["messages"], json!([]));
    assert!(began.elapsed() < Duration::from_secs(30));
}

#[tokio::test]
async fn requests_that_wait_have_a_bound_and_do_not_keep_others_out() {
    let api = Api::start().await;
    let url = format!("{}/_emulator/outbox?wait=60", api.emulator.url());
    let http = http();
    let mut waiting = tokio::task::JoinSet::new();
    for _ in 0..257 {
        waiting.spawn(http.get(&url).send());
    }
    // One is too many.
    let rejected = waiting.join_next().await.unwrap().unwrap().unwrap();
    let message = support::assert_error(rejected, 503, 20503).await;
    assert!(message.contains("256"), "{message}");
    let service = api.service(&[]).await;
    send(&api, &service, TO).await;
    while let Some(answer) = waiting.join_next().await {
        assert_eq!(answer.unwrap().unwrap().status(), 200);
    }
}

#[tokio::test]
async fn a_request_is_shown_with_its_bodies_and_without_secrets() {
    let api = Api::start().await;
    let control = Control::of(&api.emulator).await;
    let service = api.service(&[]).await;
    let entity = format!("{service}/Entities/ff483d1f-ada");
    let totp = [("FriendlyName", "Codes"), ("FactorType", "totp")];
    let factor = api.post(&format!("{entity}/Factors"), &totp).await.created();
    let secret = factor["binding"]["secret"].as_str().unwrap();
    let token = [("Identity", "ff483d1f-ada"), ("FactorType", "push")];
    let token = api.post(&format!("{service}/AccessTokens"), &token).await.created();
    api.emulator
        .faults()
        .add("CreateVerification:429,retry-after=2,on=1".parse().unwrap())
        .unwrap();
    api.post(&format!("{service}/Verifications"), &[("To", TO), ("Channel", "sms")]).await;
    api.post(&format!("{service}/Verifications"), &[("Channel", "sms")]).await.error(400, 20001);
    let path = format!("/v2/Services?PageSize={}", api.emulator.auth_token());
    let _ = support::get(&api.emulator, &path).await;

    let listed = control.get("requests").await;
    let requests = listed["requests"].as_array().unwrap();
    let operations: Vec<_> = requests.iter().map(|request| &request["operation"]).collect();
    let expected = [
        "CreateService",
        "CreateNewFactor",
        "CreateAccessToken",
        "CreateVerification",
        "CreateVerification",
        "ListService",
    ];
    assert_eq!(operations, expected.map(Value::from).iter().collect::<Vec<_>>());
    assert_eq!((&requests[3]["status"], &requests[3]["code"]), (&json!(429), &json!(20429)));
    assert!(requests[3]["fault"].as_str().unwrap().contains("retry-after=2"));
    assert_eq!((&requests[4]["status"], &requests[4]["code"]), (&json!(400), &json!(20001)));
    let later = control.get("requests?after=3&limit=1").await;
    assert_eq!(later["requests"], json!([requests[5]]));

    let mut all = listed.to_string();
    for request in requests {
        let shown = control.get(&format!("requests/{}", request["id"].as_str().unwrap())).await;
        all.push_str(&shown.to_string());
        let header = |name: &str| {
            let headers = shown["request_headers"].as_array().unwrap();
            headers.iter().find(|header| header["name"] == name).unwrap()["value"].clone()
        };
        assert_eq!(header("authorization"), "Basic [hidden]");
    }
    assert!(all.contains("Channel=sms") && all.contains("%2B573003003030"));
    assert!(all.contains("Missing required parameter To"));
    for secret in [secret, token["token"].as_str().unwrap(), api.emulator.auth_token(), "QUMwMDAw"]
    {
        assert!(!all.contains(secret), "{secret}");
    }
    control.send(Method::GET, "requests/RQ1", None, 404).await;
    control.send(Method::GET, "requests?limit=0", None, 400).await;
}

#[tokio::test]
async fn a_long_body_is_not_kept() {
    let api = Api::start().await;
    let control = Control::of(&api.emulator).await;
    api.emulator.store().extend((0..500).map(|number| attempt(number, 60))).unwrap();
    api.get("/v2/Attempts?PageSize=500").await.ok();
    let id = api.emulator.requests()[0].id().to_owned();
    let body = &control.get(&format!("requests/{id}")).await["response_body"];
    assert!(body["length"].as_u64().unwrap() > 64 * 1024);
    assert_eq!(body["text"], Value::Null);
}

#[tokio::test]
async fn an_event_is_delivered_once_more() {
    let api = Api::start().await;
    let control = Control::of(&api.emulator).await;
    let service = api.service(&[]).await;
    let receiver = Receiver::answering(&[500, 404]).await;
    webhook(&api, &service, &receiver.url, &["factor.created"], &[]).await;
    Device::new().register(&api, &format!("{service}/Entities/ff483d1f-ada")).await;
    api.emulator.wait_for_deliveries().await;
    let delivery = control.get("deliveries").await["deliveries"][0].clone();
    assert_eq!((&delivery["number"], &delivery["tries"]), (&json!(1), &json!(2)));
    assert_eq!(delivery["outcome"], json!({ "refused": { "status": 404 } }));
    let statuses: Vec<&Value> =
        delivery["responses"].as_array().unwrap().iter().map(|own| &own["status"]).collect();
    assert_eq!(statuses, [&json!(500), &json!(404)]);

    let new = control.send(Method::POST, "deliveries/1/redeliver", None, 201).await;
    assert_eq!((&new["number"], &new["redelivery_of"]), (&json!(2), &json!(1)));
    api.emulator.wait_for_deliveries().await;
    let deliveries = control.get("deliveries").await;
    assert_eq!(deliveries["deliveries"][1]["outcome"], json!({ "delivered": { "status": 200 } }));
    assert_eq!(deliveries["deliveries"][0], delivery);
    // The same event, signed, so that a program can tell it from another one.
    let received = receiver.received();
    assert_eq!(received.len(), 3);
    assert_eq!(new["parameters"], delivery["parameters"]);
    assert_eq!(receiver.types(&api).len(), 3);
    for number in ["0", "3", "x"] {
        let path = format!("deliveries/{number}/redeliver");
        control.send(Method::POST, &path, None, 404).await;
    }
}
