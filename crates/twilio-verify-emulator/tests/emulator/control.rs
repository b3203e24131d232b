//! `/_emulator/`: what tests in any language can do with an emulator.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use reqwest::{RequestBuilder, Response};
use serde_json::{Value, json};
use tokio::time::timeout;
use twilio_verify_emulator::{Emulator, Fault, Faults, ManualClock, Outcome, StartError};

use crate::api::Api;
use crate::http::http;
use crate::support::{self, attempt, converted, now, start};

fn control(emulator: &Emulator, method: &str, path: &str) -> RequestBuilder {
    let url = format!("{}/_emulator/{path}", emulator.url());
    http().request(method.parse().unwrap(), url)
}

async fn read(emulator: &Emulator, path: &str) -> Value {
    let response = control(emulator, "GET", path).send().await.unwrap();
    assert_eq!(response.status(), 200);
    response.json().await.unwrap()
}

async fn post(emulator: &Emulator, path: &str, body: &Value) -> Response {
    control(emulator, "POST", path).json(body).send().await.unwrap()
}

#[tokio::test]
async fn the_page_is_there_and_asks_nothing_of_other_hosts() {
    let emulator = start([]).await;
    for path in ["", "icon.svg", "page.css", "page.js"] {
        let response = control(&emulator, "GET", path).send().await.unwrap();
        assert_eq!(response.status(), 200, "{path}");
        let policy = response.headers()["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("default-src 'self'"), "{policy}");
        let text = response.text().await.unwrap();
        assert!(!text.contains("https://"), "{path}");
    }
    let without_slash = http().get(format!("{}/_emulator", emulator.url())).send().await.unwrap();
    assert_eq!(without_slash.url().path(), "/_emulator/");
    assert_eq!(without_slash.status(), 200);
}

#[tokio::test]
async fn the_summary_counts_by_channel_and_by_minute() {
    let emulator =
        start([attempt(1, 30), converted(attempt(2, 90)), attempt(3, 2 * 60 * 60)]).await;
    let summary = read(&emulator, "summary").await;
    assert_eq!((&summary["total_attempts"], &summary["total_converted"]), (&json!(3), &json!(1)));
    assert_eq!(summary["channels"]["sms"]["total_attempts"], 3);
    assert_eq!(summary["channels"]["email"]["total_attempts"], 0);
    let minutes = summary["minutes"].as_array().unwrap();
    assert_eq!(minutes.len(), 60);
    assert_eq!(
        minutes[57..],
        [
            json!({ "from": "2026-03-02T20:58:00Z", "total_attempts": 1, "total_converted": 1 }),
            json!({ "from": "2026-03-02T20:59:00Z", "total_attempts": 1, "total_converted": 0 }),
            json!({ "from": "2026-03-02T21:00:00Z", "total_attempts": 0, "total_converted": 0 }),
        ]
    );
}

#[tokio::test]
async fn attempts_are_added_all_or_none_and_shown_newest_first() {
    let emulator = start([]).await;
    let attempts = json!([attempt(1, 60), attempt(2, 30)]);
    let response = post(&emulator, "attempts", &attempts).await;
    assert_eq!(response.status(), 201);
    assert_eq!(response.json::<Value>().await.unwrap(), json!({ "added": 2 }));
    let shown = read(&emulator, "attempts").await;
    assert_eq!(shown["attempts"], json!([attempt(2, 30), attempt(1, 60)]));

    let again = post(&emulator, "attempts", &json!([attempt(3, 0), attempt(1, 0)])).await;
    assert!(
        support::assert_error(again, 400, 20001).await.contains(&attempt(1, 0).sid.to_string())
    );
    let no_date = post(&emulator, "attempts", &json!([{ "sid": attempt(3, 0).sid }])).await;
    assert!(support::assert_error(no_date, 400, 20001).await.starts_with("attempt 0: "));
    assert_eq!(emulator.store().len(), 2);
}

#[tokio::test]
async fn the_clock_goes_forth() {
    let emulator = start([]).await;
    assert_eq!(read(&emulator, "clock").await["now"], "2026-03-02T21:00:00Z");
    let response = post(&emulator, "clock", &json!({ "advance_seconds": 90 })).await;
    assert_eq!(response.json::<Value>().await.unwrap()["now"], "2026-03-02T21:01:30Z");
    emulator.advance_clock(TimeDelta::seconds(30));
    assert_eq!(read(&emulator, "clock").await["now"], "2026-03-02T21:02:00Z");
    for wrong in [json!({}), json!({ "advance_seconds": -1 }), json!({ "advance": 1 })] {
        let response = post(&emulator, "clock", &wrong).await;
        support::assert_error(response, 400, 20001).await;
    }
    assert_eq!(read(&emulator, "clock").await["now"], "2026-03-02T21:02:00Z");
}

#[tokio::test]
async fn the_clock_ends_with_the_year_9999() {
    let end: DateTime<Utc> = "9999-12-31T23:59:59Z".parse().unwrap();
    let builder = Emulator::builder().clock(ManualClock::at(end - TimeDelta::seconds(100)));
    let emulator = builder.start().await.unwrap();
    assert_eq!(post(&emulator, "clock", &json!({ "advance_seconds": 99 })).await.status(), 200);
    for seconds in [2, u32::MAX] {
        let response = post(&emulator, "clock", &json!({ "advance_seconds": seconds })).await;
        let message = support::assert_error(response, 400, 20001).await;
        assert!(message.starts_with("advance_seconds: ") && message.contains("9999"), "{message}");
    }
    assert_eq!(read(&emulator, "clock").await["now"], "9999-12-31T23:59:58Z");
    emulator.advance_clock(TimeDelta::MAX);
    assert_eq!(read(&emulator, "clock").await["now"], "9999-12-31T23:59:59Z");
}

#[tokio::test]
async fn who_follows_the_changes_leaves_places_for_others() {
    let emulator = start([]).await;
    let follow = async || control(&emulator, "GET", "changes").send().await.unwrap();
    let mut followers = Vec::new();
    let response = loop {
        let response = follow().await;
        if response.status() != 200 {
            break response;
        }
        followers.push(response);
        assert!(followers.len() <= 1000);
    };
    let message = support::assert_error(response, 503, 20503).await;
    assert!(message.contains(&followers.len().to_string()), "{message}");
    assert_eq!(support::get(&emulator, "/v2/Attempts").await.status(), 200);
    drop(followers);
    // Once the server has seen that they are gone.
    while follow().await.status() != 200 {}
}

#[tokio::test]
async fn faults_and_outcomes_have_a_bound() {
    let emulator = start([]).await;
    let faults = |count: usize| vec!["*:latency=0s"; count].join(";");
    let add = async |count| {
        control(&emulator, "POST", "faults").body(faults(count)).send().await.unwrap()
    };
    assert_eq!(add(Faults::CAPACITY).await.status(), 201);
    let message = support::assert_error(add(1).await, 400, 20001).await;
    assert!(message.contains("`faults`") && message.contains("1000"), "{message}");
    let id = emulator.faults().list()[0].id;
    emulator.faults().remove(id);
    assert_eq!(add(2).await.status(), 400);
    assert_eq!(add(1).await.status(), 201);
    let builder = Emulator::builder().faults(Fault::parse_all(&faults(1001)).unwrap());
    assert!(matches!(builder.start().await, Err(StartError::Fault(_))));

    let put = async |to: String, outcome: Value| {
        let body = json!({ "to": to, "outcome": outcome });
        control(&emulator, "PUT", "outcomes").json(&body).send().await.unwrap()
    };
    assert_eq!(put("a".repeat(320), json!("blocked")).await.status(), 204);
    let message =
        support::assert_error(put("a".repeat(321), json!("blocked")).await, 400, 20001).await;
    assert!(message.starts_with("to: "), "{message}");
    for number in 0..10_000 {
        emulator.set_outcome(format!("+57{number}"), Outcome::Blocked);
    }
    let message = support::assert_error(put("+1".into(), json!("blocked")).await, 400, 20001).await;
    assert!(message.contains("10000"), "{message}");
    assert_eq!(put("+571".into(), Value::Null).await.status(), 204);
}

#[tokio::test]
async fn attempts_do_not_exceed_their_number() {
    let emulator = Emulator::builder().max_attempts(2).start().await.unwrap();
    assert_eq!(post(&emulator, "attempts", &json!([attempt(1, 0)])).await.status(), 201);
    let full = post(&emulator, "attempts", &json!([attempt(2, 0), attempt(3, 0)])).await;
    support::assert_error(full, 507, 20507).await;
    assert_eq!(emulator.store().len(), 1);
}

#[tokio::test]
async fn the_request_log_tells_what_was_asked_and_answered() {
    let emulator = start([]).await;
    support::get(&emulator, "/v2/Attempts?Country=CO").await;
    support::get(&emulator, "/v2/Nothing").await;
    let mut log = read(&emulator, "requests").await;
    for request in log["requests"].as_array_mut().unwrap() {
        let duration = request.as_object_mut().unwrap().remove("duration_ms").unwrap();
        assert!(duration.as_f64().unwrap() > 0.0);
    }
    assert_eq!(
        log["requests"],
        json!([
            {
                "number": 1, "id": emulator.requests()[0].id(), "received": "2026-03-02T21:00:00Z", "method": "GET",
                "path": "/v2/Attempts", "query": "Country=CO", "operation": "ListVerificationAttempt", "status": 200,
                "code": null, "fault": null,
            },
            {
                "number": 2, "id": emulator.requests()[1].id(), "received": "2026-03-02T21:00:00Z", "method": "GET",
                "path": "/v2/Nothing", "query": null, "operation": null, "status": 404, "code": 20404, "fault": null,
            },
        ])
    );
}

#[tokio::test]
async fn a_reset_forgets_everything_but_who_may_come_in() {
    let emulator = start([attempt(1, 30)]).await;
    for _ in 0..101 {
        support::get(&emulator, "/v2/Attempts/Summary").await;
    }
    assert_eq!(support::get(&emulator, "/v2/Attempts/Summary").await.status(), 429);
    post(&emulator, "clock", &json!({ "advance_seconds": 10 })).await;
    assert_eq!(post(&emulator, "reset", &Value::Null).await.status(), 204);
    assert_eq!(read(&emulator, "clock").await["now"], "2026-03-02T21:00:00Z");
    assert_eq!(emulator.requests().len(), 0);
    let summary = support::json(&emulator, "/v2/Attempts/Summary").await;
    assert_eq!(summary["total_attempts"], 0);
}

#[tokio::test]
async fn another_sites_page_controls_nothing() {
    let emulator = start([attempt(1, 30)]).await;
    for (name, value) in [("host", "rebound.example.com"), ("origin", "https://example.com")] {
        let response =
            control(&emulator, "POST", "reset").header(name, value).send().await.unwrap();
        support::assert_error(response, 403, 20403).await;
    }
    assert_eq!(emulator.store().len(), 1);
}

#[tokio::test]
async fn an_emulator_that_others_can_reach_asks_for_credentials() {
    let emulator = Emulator::builder()
        .address("0.0.0.0:0".parse().unwrap())
        .allow_non_loopback(true)
        .clock(ManualClock::at(now()))
        .start()
        .await
        .unwrap();
    let url = emulator.url().replace("0.0.0.0", "127.0.0.1");
    let ask = || http().get(format!("{url}/_emulator/clock"));
    support::assert_error(ask().send().await.unwrap(), 401, 20003).await;
    let known = ask().basic_auth(emulator.account_sid(), Some(emulator.auth_token()));
    assert_eq!(known.send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn changes_are_told_as_they_happen_and_do_not_keep_it_from_ending() {
    let emulator = start([]).await;
    let mut changes = control(&emulator, "GET", "changes").send().await.unwrap();
    assert_eq!(changes.headers()["content-type"], "text/event-stream");
    let mut next = async || {
        changes.chunk().await.unwrap().map(|chunk| String::from_utf8(chunk.to_vec()).unwrap())
    };
    assert_eq!(next().await.unwrap(), "event: change\ndata: look\n\n");
    support::get(&emulator, "/v2/Attempts").await;
    assert_eq!(next().await.unwrap(), "event: change\ndata: look\n\n");
    // Well before the timeout of a shutdown.
    timeout(Duration::from_secs(2), emulator.shutdown()).await.unwrap();
    assert_eq!(next().await, None);
}

#[tokio::test]
async fn the_outbox_holds_what_was_sent() {
    let api = Api::start().await;
    let emulator = &api.emulator;
    let service = api.service(&[]).await;
    for to in ["+573003003030", "+573053003030"] {
        api.post(&format!("{service}/Verifications"), &[("To", to), ("Channel", "sms")])
            .await
            .created();
    }
    let outbox = read(emulator, "outbox").await;
    assert_eq!(outbox["messages"].as_array().unwrap().len(), 2);
    let one = read(emulator, "outbox?to=%2B573053003030").await;
    assert_eq!(one["messages"], json!([outbox["messages"][1]]));
    assert_eq!(one["messages"][0]["code"], json!(emulator.outbox().code_for("+573053003030")));
    assert_eq!(read(emulator, "outbox?after=1").await, one);
    let wrong = control(emulator, "GET", "outbox?number=1").send().await.unwrap();
    support::assert_error(wrong, 400, 20001).await;

    assert_eq!(control(emulator, "DELETE", "outbox").send().await.unwrap().status(), 204);
    assert_eq!(read(emulator, "outbox").await["messages"], json!([]));
}

#[tokio::test]
async fn code_and_outcomes_are_chosen_by_http_too() {
    let api = Api::start().await;
    let put = async |path, body: Value| {
        control(&api.emulator, "PUT", path).json(&body).send().await.unwrap()
    };
    let service = api.service(&[]).await;
    let verifications = format!("{service}/Verifications");
    let form = [("To", "+573003003030"), ("Channel", "sms")];

    assert_eq!(put("code", json!({ "code": "424242" })).await.status(), 204);
    api.post(&verifications, &form).await.created();
    assert_eq!(api.emulator.outbox().code_for("+573003003030").unwrap(), "424242");
    support::assert_error(put("code", json!({ "code": "1" })).await, 400, 20001).await;
    assert_eq!(put("code", json!({ "code": null })).await.status(), 204);

    let blocked = json!({ "to": "+573003003030", "outcome": "blocked" });
    assert_eq!(put("outcomes", blocked).await.status(), 204);
    api.post(&verifications, &form).await.error(403, 60410);
    let default = json!({ "to": "+573003003030", "outcome": null });
    assert_eq!(put("outcomes", default).await.status(), 204);
    api.post(&verifications, &form).await.created();
    let wrong = put("outcomes", json!({ "to": "+573003003030", "outcome": "lost" })).await;
    assert!(support::assert_error(wrong, 400, 20001).await.contains("landline"));
}
