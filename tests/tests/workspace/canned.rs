//! Tests of a program without a server.

use std::time::Duration;

use serde_json::json;
use twilio_verify::blocking::Wait;
use twilio_verify::testing::{Canned, Reply};
use twilio_verify::{Channel, ErrorKind, Method, RetryPolicy, codes};

const SERVICE: &str = "VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

#[tokio::test]
async fn responses_come_in_order_and_requests_are_recorded() {
    let canned = Canned::new()
        .json(201, r#"{"status":"pending"}"#)
        .json(200, r#"{"status":"approved"}"#)
        .json(200, r#"{"total_attempts":1}"#);
    let client = canned.client().unwrap();
    let verify = client.service(SERVICE).verifications();
    verify.start("+573003003030", Channel::Sms).locale("es").await.unwrap();
    assert!(verify.check("+573003003030", "123456").await.unwrap().is_approved());
    assert_eq!(client.attempts().summary().country("CO").await.unwrap().total_attempts, 1);

    let requests = canned.requests();
    let operations: Vec<_> = requests.iter().map(|request| request.operation()).collect();
    assert_eq!(
        operations,
        ["CreateVerification", "CreateVerificationCheck", "FetchVerificationAttemptsSummary"]
    );
    let [start, check, summary] = &*requests else { panic!("{requests:?}") };
    assert_eq!(start.method(), Method::POST);
    assert_eq!(start.path(), format!("/v2/Services/{SERVICE}/Verifications"));
    assert_eq!(start.form("To").as_deref(), Some("+573003003030"));
    assert_eq!(start.form("Locale").as_deref(), Some("es"));
    assert_eq!(start.form("Code"), None);
    assert_eq!(start.body(), b"Channel=sms&Locale=es&To=%2B573003003030");
    assert_eq!(check.form("Code").as_deref(), Some("123456"));
    assert_eq!(summary.query("Country").as_deref(), Some("CO"));
    assert!(summary.body().is_empty());
    assert_eq!(summary.header("accept"), Some("application/json"));
    assert_eq!(summary.header("authorization"), None);
    // What a test prints may be in a log.
    let debug = format!("{canned:?} {requests:?}");
    assert!(!debug.contains("573003003030") && !debug.contains("123456"), "{debug}");
}

#[tokio::test]
async fn errors_are_those_of_a_server() {
    let canned = Canned::new()
        .reply(Reply::error(403, codes::LANDLINE))
        .reply(Reply::json(429, "{}").header("Retry-After", "7"))
        .reply(Reply::lost())
        .json(200, "<html>")
        .json(42, "{}");
    let client = canned.client().unwrap();
    let start = || client.service(SERVICE).verifications().start("+573003003030", "sms");
    let error = start().await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::Refused, Some(codes::LANDLINE)));
    let error = start().await.unwrap_err();
    assert!(error.is_rate_limited());
    assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
    assert_eq!(start().await.unwrap_err().kind(), ErrorKind::NoAnswer);
    assert_eq!(start().await.unwrap_err().kind(), ErrorKind::Unreadable);
    // Two mistakes of the test itself: no such status, and no response for the last request.
    for _ in 0..2 {
        let error = start().await.unwrap_err();
        assert_eq!((error.kind(), error.field()), (ErrorKind::Config, Some("canned")), "{error}");
    }
    let before = canned.requests().len();
    assert_eq!(before, 6);
    // An invalid value is rejected before it is a request.
    let invalid = client.service(SERVICE).verifications().start("573003003030", "sms");
    assert_eq!(invalid.await.unwrap_err().field(), Some("to"));
    assert_eq!(canned.requests().len(), before);
}

#[tokio::test]
async fn requests_are_sent_again_by_the_policy() {
    let canned = Canned::new().reply(Reply::error(503, 20503)).json(200, r#"{"total_attempts":5}"#);
    let short = Duration::from_millis(1);
    let policy = RetryPolicy::default().min_delay(short).max_delay(short);
    let client = canned.builder().retry(policy).build().unwrap();
    assert_eq!(client.attempts().summary().await.unwrap().total_attempts, 5);
    assert_eq!(canned.requests().len(), 2);
}

#[tokio::test]
async fn lists_raw_requests_and_responses_that_are_added_later() {
    let page = json!({
        "services": [{ "friendly_name": "One" }],
        "meta": { "next_page_url": "https://verify.twilio.com/v2/Services?Page=1&PageToken=P" },
    });
    let canned = Canned::new().json(200, page.to_string());
    let client = canned.client().unwrap();
    let mut services = client.services().list().items();
    assert_eq!(services.try_next().await.unwrap().unwrap().friendly_name.as_deref(), Some("One"));
    canned.push(Reply::json(200, r#"{"services":[],"meta":{}}"#));
    assert!(services.try_next().await.unwrap().is_none());
    assert_eq!(canned.requests()[1].query("PageToken").as_deref(), Some("P"));

    canned.push(Reply::json(200, r#"{"new":true}"#));
    let sent = client.request(Method::POST, "/v2/New").json(&json!({ "a": 1 })).await.unwrap();
    assert_eq!(sent["new"], true);
    let request = canned.requests().pop().unwrap();
    assert_eq!((request.operation(), request.json()), ("raw", Some(json!({ "a": 1 }))));
}

#[test]
fn without_async() {
    let canned = Canned::new().json(200, r#"{"total_attempts":2}"#);
    let client = canned.client().unwrap();
    assert_eq!(client.attempts().summary().send().wait().unwrap().total_attempts, 2);
}
