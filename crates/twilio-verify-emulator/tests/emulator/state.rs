//! The whole state under `/_emulator/state`: export, import, and what they hold. The clock and the summary by period.

use reqwest::Method;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::api::Api;
use crate::deliveries::webhook;
use crate::device::Device;
use crate::documented::Control;
use crate::http::http;
use crate::support::{attempt, converted, start};

const TO: &str = "+573003003030";

/// An emulator that holds something of each kind.
async fn filled() -> (Api, String) {
    let api =
        Api::with(|builder| builder.attempts([attempt(1, 60), converted(attempt(2, 90))]).seed(7))
            .await;
    let service = api.service(&[("CodeLength", "8")]).await;
    let limit = api.post(&format!("{service}/RateLimits"), &[("UniqueName", "ip")]).await.created();
    let buckets = limit["links"]["buckets"].as_str().unwrap();
    api.post(buckets, &[("Max", "5"), ("Interval", "600")]).await.created();
    webhook(&api, &service, "http://127.0.0.1:1/", &["factor.deleted"], &[]).await;
    let entity = format!("{service}/Entities/ff483d1f-ada");
    let factor = Device::new().register(&api, &entity).await;
    let challenge = [("FactorSid", factor.as_str()), ("Details.Message", "Is it you?")];
    api.post(&format!("{entity}/Challenges"), &challenge).await.created();
    let form = [("To", TO), ("Channel", "sms"), ("RateLimits", r#"{"ip":"1"}"#)];
    api.post(&format!("{service}/Verifications"), &form).await.created();
    (api, service)
}

async fn check(api: &Api, service: &str, code: &str) -> Value {
    let form = [("To", TO), ("Code", code)];
    api.post(&format!("{service}/VerificationCheck"), &form).await.ok()["status"].clone()
}

#[tokio::test]
async fn a_state_is_imported_as_it_was_exported() {
    let (api, service) = filled().await;
    let control = Control::of(&api.emulator).await;
    for (path, body) in [
        ("code", json!({ "code": "424242" })),
        ("outcomes", json!({ "to": "+15005550004", "outcome": "delivered" })),
        ("outcomes", json!({ "to": TO, "outcome": { "slow": 5 }, "once": true })),
    ] {
        control.send(Method::PUT, path, Some(&body), 204).await;
    }
    let fault = json!({ "operation": "ListService", "effect": 503, "on": "9.." });
    control.send(Method::POST, "faults", Some(&fault), 201).await;
    let clock = json!({ "advance_seconds": 90 });
    control.send(Method::POST, "clock", Some(&clock), 200).await;
    let code = api.emulator.outbox().code_for(TO).unwrap();
    let exported = control.get("state").await;
    assert_eq!(exported["attempts"].as_array().unwrap().len(), 3);

    let folder = TempDir::new().unwrap();
    let path = folder.path().join("data");
    let other = Api::with(|builder| builder.data(&path)).await;
    other.service(&[]).await;
    let control = Control::of(&other.emulator).await;
    control.send(Method::PUT, "state", Some(&exported), 204).await;
    assert_eq!(control.get("state").await, exported);
    assert_eq!(control.get("clock").await["ahead_seconds"], 90);
    assert_eq!(control.get("code").await["code"], "424242");
    let shown = control.get("verifications").await["verifications"][0].clone();
    assert_eq!((&shown["code"], &shown["status"]), (&json!(code), &json!("pending")));
    assert_eq!(shown["messages"][0]["text"], Value::Null);
    // New SIDs are other ones, and what was pending goes on.
    let before = other.get("/v2/Services").await.ok()["services"].as_array().unwrap().len();
    other.service(&[]).await;
    assert_eq!(before, 1);
    assert_eq!(check(&other, &service, &code).await, "approved");
    let after = control.get("state").await;
    other.emulator.shutdown().await;

    // It is in the data file too.
    let again = Api::with(|builder| builder.data(&path)).await;
    let restarted = Control::of(&again.emulator).await.get("state").await;
    assert_eq!(restarted["tables"], after["tables"]);
    assert_eq!(restarted["attempts"], after["attempts"]);
}

#[tokio::test]
async fn a_state_that_is_invalid_changes_nothing() {
    let (api, _) = filled().await;
    let control = Control::of(&api.emulator).await;
    let exported = control.get("state").await;
    let change = |pointer: &str, value: Value| {
        let mut state = exported.clone();
        *state.pointer_mut(pointer).unwrap() = value;
        state
    };
    let attempts = exported["attempts"].clone();
    for (state, part) in [
        (json!({}), "line 1"),
        (change("/format", json!(2)), "format"),
        (change("/settings/code", json!("1")), "settings.code"),
        (
            change(
                "/settings/outcomes",
                json!([{ "to": "a".repeat(321), "outcome": "busy", "once": true }]),
            ),
            "settings.outcomes",
        ),
        (
            change(
                "/settings/faults",
                json!([{ "operation": "Nothing", "effect": 503, "after": false }]),
            ),
            "operation",
        ),
        (change("/attempts/0/sid", json!("+573003003030")), "attempt 0"),
        (change("/attempts/0/sid", attempts[1]["sid"].clone()), "attempt 1"),
        (change("/tables/services/0/value/sid", json!("+573003003030")), "tables.services: row 1"),
        (change("/tables/services/0/key", json!("xyz")), "tables.services: row 1"),
        (change("/tables", json!({ "others": [] })), "tables.others"),
    ] {
        let error = control.send(Method::PUT, "state", Some(&state), 400).await;
        let message = error["message"].as_str().unwrap();
        assert!(message.contains(part) && !message.contains("57300"), "{message}");
    }
    assert_eq!(control.get("state").await, exported);
}

#[tokio::test]
async fn the_clock_is_set_forward_and_back_and_stopped() {
    let emulator = start([]).await;
    let control = Control::of(&emulator).await;
    let set =
        async |body: Value, status| control.send(Method::PUT, "clock", Some(&body), status).await;
    // The test's clock does not move by itself.
    assert_eq!(control.get("clock").await["running"], false);
    for date in ["2026-03-03T09:41:00Z", "2025-03-03T09:41:00Z"] {
        let shown = set(json!({ "now": date }), 200).await;
        assert_eq!(shown["now"], date);
    }
    let stopped = set(json!({ "now": "2026-03-02T22:00:00+01:00", "running": false }), 200).await;
    assert_eq!(
        (&stopped["now"], &stopped["ahead_seconds"]),
        (&json!("2026-03-02T21:00:00Z"), &json!(0))
    );
    set(json!({ "running": true }), 200).await;
    for wrong in [
        json!({}),
        json!({ "now": "soon" }),
        json!({ "now": "+10000-01-01T00:00:00Z" }),
        json!({ "at": 1 }),
    ] {
        set(wrong, 400).await;
    }

    let real = twilio_verify_emulator::Emulator::start().await.unwrap();
    let control = Control::of(&real).await;
    assert_eq!(control.get("clock").await["running"], true);
    let body = json!({ "running": false });
    let stopped = control.send(Method::PUT, "clock", Some(&body), 200).await;
    assert_eq!(stopped["running"], false);
    control.send(Method::POST, "reset", None, 204).await;
    assert_eq!(control.get("clock").await["running"], true);
}

#[tokio::test]
async fn attempts_are_counted_by_period_channel_and_country() {
    const HOUR: i64 = 60 * 60;
    let emulator = start([
        attempt(1, 30),
        converted(attempt(2, 3 * HOUR)),
        attempt(3, 50 * HOUR),
        attempt(4, 40 * 24 * HOUR),
    ])
    .await;
    let control = Control::of(&emulator).await;
    for (period, parts, total) in [("1h", 60, 1), ("24h", 24, 2), ("30d", 30, 3)] {
        let summary = control.get(&format!("summary?period={period}")).await;
        assert_eq!(summary["total_attempts"], total);
        let buckets = summary["buckets"].as_array().unwrap();
        assert_eq!(buckets.len(), parts);
        let sum: u64 = buckets.iter().map(|own| own["total_attempts"].as_u64().unwrap()).sum();
        assert_eq!(sum, total);
        assert_eq!(summary["countries"]["CO"]["total_attempts"], total);
        assert_eq!(summary["channels"]["sms"]["total_attempts"], total);
    }
    let all = control.get("summary").await;
    assert_eq!((&all["total_attempts"], &all["total_converted"]), (&json!(4), &json!(1)));
    let other = control.get("summary?channel=call&country=CO").await;
    assert_eq!((&other["total_attempts"], &other["countries"]), (&json!(0), &json!({})));
    for (query, count) in
        [("status=converted", 1), ("country=CO&channel=sms", 4), ("limit=2", 2), ("to=nobody", 0)]
    {
        let attempts = control.get(&format!("attempts?{query}")).await;
        assert_eq!(attempts["attempts"].as_array().unwrap().len(), count, "{query}");
    }
    for wrong in
        ["summary?period=2h", "summary?country=co", "attempts?channel=fax", "attempts?status=x"]
    {
        control.send(Method::GET, wrong, None, 400).await;
    }
}

#[tokio::test]
async fn each_documented_request_works() {
    let (api, service) = filled().await;
    let control = Control::of(&api.emulator).await;
    let send = async |method: Method, path: &str, body: Option<Value>, status| {
        control.send(method, path, body.as_ref(), status).await
    };
    for path in ["", "icon.svg", "page.css", "page.js", "page/inbox.js", "openapi.json", "changes"]
    {
        control.get(path).await;
    }
    for path in [
        "clock",
        "code",
        "health",
        "outcomes",
        "faults",
        "requests",
        "deliveries",
        "summary",
        "attempts",
        "state",
    ] {
        control.get(path).await;
    }
    let info = control.get("info").await;
    assert_eq!(
        (&info["url"], &info["auth_token"]),
        (&json!(api.emulator.url()), &json!(api.emulator.auth_token()))
    );
    assert_eq!(info["services"][0]["friendly_name"], "Shop");
    let request = api.emulator.requests()[0].id().to_owned();
    control.get(&format!("requests/{request}")).await;
    let entity = format!("{service}/Entities/ff483d1f-ada");
    let factor = api.get(&format!("{entity}/Factors")).await.ok()["factors"][0]["url"].clone();
    api.delete(factor.as_str().unwrap()).await.deleted();
    api.emulator.wait_for_deliveries().await;
    send(Method::POST, "deliveries/1/redeliver", None, 201).await;
    for token in 0..2 {
        let form = [("To", "+573053003030"), ("Channel", "sna")];
        let started = api.post(&format!("{service}/Verifications"), &form).await.created();
        let url = started["sna"]["url"].as_str().unwrap().to_owned();
        let path = url.split_once("/_emulator/").unwrap().1;
        let method = if token == 0 { Method::GET } else { Method::POST };
        send(method, path, None, 200).await;
    }
    let to = json!({ "to": "+15005550006" });
    let sid = send(Method::POST, "verifications", Some(to), 201).await["sid"].clone();
    let path = format!("verifications/{}", sid.as_str().unwrap());
    control.get(&path).await;
    control.get("verifications").await;
    control.get("outbox").await;
    control.get("truth").await;
    send(Method::POST, &format!("{path}/messages"), None, 201).await;
    send(Method::PATCH, &path, Some(json!({ "status": "approved" })), 200).await;
    send(Method::PUT, "code", Some(json!({ "code": null })), 204).await;
    send(Method::PUT, "outcomes", Some(json!({ "to": TO, "outcome": null })), 204).await;
    let fault = send(
        Method::POST,
        "faults",
        Some(json!([{ "effect": "latency", "duration": "1ms..2ms" }])),
        201,
    )
    .await;
    send(Method::DELETE, &format!("faults/{}", fault["faults"][0]["id"]), None, 204).await;
    send(Method::DELETE, "faults", None, 204).await;
    send(Method::DELETE, "outbox", None, 204).await;
    send(Method::POST, "attempts", Some(json!([attempt(9, 0)])), 201).await;
    send(Method::POST, "clock", Some(json!({ "advance_seconds": 1 })), 200).await;
    send(Method::PUT, "clock", Some(json!({ "running": true })), 200).await;
    let state = control.get("state").await;
    send(Method::PUT, "state", Some(state), 204).await;
    send(Method::POST, "reset", None, 204).await;
    assert_eq!(control.unseen(), Vec::<String>::new());
    // Nothing else is there.
    let http = http();
    for path in ["nothing", "page/nothing.js", "faults/1/2"] {
        let url = format!("{}/_emulator/{path}", api.emulator.url());
        assert_eq!(http.get(url).send().await.unwrap().status(), 404, "{path}");
    }
    for (path, operations) in control.document["paths"].as_object().unwrap() {
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
            if operations.get(method.to_lowercase()).is_none() {
                let url = format!("{}{path}", api.emulator.url());
                let request = http.request(method.parse().unwrap(), url);
                assert_eq!(request.send().await.unwrap().status(), 405, "{method} {path}");
            }
        }
    }
}

#[tokio::test]
async fn an_auth_token_that_was_chosen_is_not_shown() {
    let api = Api::with(|builder| builder.auth_token("of-my-own")).await;
    let control = Control::of(&api.emulator).await;
    assert_eq!(control.get("info").await["auth_token"], Value::Null);
}
