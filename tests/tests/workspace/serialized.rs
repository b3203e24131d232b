//! What a program can store or send on.

use serde_json::{Value, json};
use tests::client::client;
use tests::scripted::{Reply, Scripted};
use twilio_verify::types::{Attempt, DestinationPrefix, Meta, Service};
use twilio_verify::{Page, WebhookEvent, WebhookEventType};

#[tokio::test]
async fn a_page_is_written_as_the_api_writes_it() {
    let body = json!({
        "services": [{ "sid": "VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "friendly_name": "Shop" }],
        "meta": {
            "page": 0,
            "page_size": 1,
            "previous_page_url": null,
            "next_page_url": "https://verify.twilio.com/v2/Services?PageSize=1&Page=1&PageToken=P",
        },
    });
    let server = Scripted::start([Reply::json(200, &body.to_string())]).await.unwrap();
    let mut pages = client(server.url()).services().list().limit(2).page_size(1).pages();
    let page = pages.try_next().await.unwrap().unwrap();
    let written = serde_json::to_value(&page).unwrap();
    assert_eq!(written["meta"], body["meta"]);
    assert_eq!(written["services"][0]["friendly_name"], "Shop");
    assert_eq!(serde_json::from_value::<Page<Service>>(written).unwrap(), page);

    let meta = serde_json::to_value(Meta::default()).unwrap();
    assert_eq!(meta, json!({ "next_page_url": null, "previous_page_url": null }));
    let empty: Page<Attempt> = serde_json::from_value(json!({ "meta": {} })).unwrap();
    assert_eq!(serde_json::to_value(&empty).unwrap()["attempts"], json!([]));
}

#[test]
fn an_event_is_written_as_it_is_read() {
    let body = json!({
        "type": "challenge.approved",
        "uuid": "5f0c",
        "account_sid": "ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "service_sid": "VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "entity_identity": "customer-4f1d27a0",
        "factor_sid": "YFaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "factor_type": "push",
        "friendly_name": "Maria's phone",
        "challenge_sid": "YCaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "date_created": "2026-03-02T21:02:33Z",
        "metadata": { "os": "Android 15" },
        "newer": [1, null],
    });
    let event = WebhookEvent::from_json(body.to_string().as_bytes()).unwrap();
    let written = serde_json::to_value(&event).unwrap();
    assert_eq!(written, body);
    assert_eq!(WebhookEvent::from_json(written.to_string().as_bytes()).unwrap(), event);

    // A form with the other names, and one parameter twice.
    let form = b"type=factor.renamed&uid=1&identity=customer-1&a=1&a=2&date_created=yesterday";
    let event = WebhookEvent::from_form(form).unwrap();
    assert_eq!(event.event_type, WebhookEventType::Unknown("factor.renamed".to_owned()));
    let written = serde_json::to_value(&event).unwrap();
    assert_eq!(
        written,
        json!({
            "type": "factor.renamed",
            "uuid": "1",
            "entity_identity": "customer-1",
            "a": ["1", "2"],
            "date_created": "yesterday",
        })
    );
    let read: Value = serde_json::from_str(&serde_json::to_string(&event).unwrap()).unwrap();
    assert_eq!(read, written);
}

#[test]
fn a_prefix_round_trips() {
    let prefix: DestinationPrefix = "+57305".parse().unwrap();
    let written = serde_json::to_string(&prefix).unwrap();
    assert_eq!(written, "\"+57305\"");
    assert_eq!(serde_json::from_str::<DestinationPrefix>(&written).unwrap(), prefix);
}

/// The crates whose types are part of the interface, in the versions that it has.
#[test]
fn dates_and_numbers_of_the_same_version() {
    use twilio_verify::{chrono, rust_decimal};
    let date: chrono::DateTime<chrono::Utc> = "2026-03-02T21:02:33Z".parse().unwrap();
    let credentials = twilio_verify::Credentials::bearer("token");
    let client = twilio_verify::Client::builder().credentials(credentials);
    let client = client.base_url("http://127.0.0.1:1").build().unwrap();
    drop(client.attempts().summary().created_after(date));
    let summary: twilio_verify::types::AttemptsSummary = serde_json::from_value(json!({
        "total_attempts": 3, "total_converted": 2, "total_unconverted": 1,
        "conversion_rate_percentage": "66.67",
    }))
    .unwrap();
    assert_eq!(summary.conversion_rate, Some(rust_decimal::Decimal::new(6667, 2)));
}
