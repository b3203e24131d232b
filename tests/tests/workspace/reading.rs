//! Responses are read in every format that Twilio is known to use.

use rust_decimal::Decimal;
use tests::scripted::{Reply, Scripted};
use twilio_verify::{Attempt, AttemptsSummary, Channel, Client, ErrorKind, MessageStatus};

async fn client(reply: Reply) -> (Scripted, Client) {
    let server = Scripted::start([reply]).await.unwrap();
    let client = tests::client::client(server.url());
    (server, client)
}

async fn summary(body: &str) -> Result<AttemptsSummary, twilio_verify::Error> {
    let (_server, client) = client(Reply::json(200, body)).await;
    client.attempts().summary().send().await
}

async fn attempt(body: &str) -> Result<Attempt, twilio_verify::Error> {
    let (_server, client) = client(Reply::json(200, body)).await;
    let sid = "VLaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    client.attempts().fetch(sid).await
}

fn decimal(text: &str) -> Option<Decimal> {
    Some(text.parse().unwrap())
}

#[tokio::test]
async fn both_published_shapes_of_the_summary() {
    let today = summary(
        r#"{"total_attempts":11,"total_converted":9,"total_unconverted":2,"conversion_rate_percentage":"81.818181818","url":"https://verify.twilio.com/v2/Attempts/Summary"}"#,
    )
    .await
    .unwrap();
    assert_eq!((today.total_attempts, today.total_converted, today.total_unconverted), (11, 9, 2));
    assert_eq!(today.conversion_rate, decimal("81.818181818"));
    let older = summary(
        r#"{"conversion_rate_percentage":42.0,"total_attempts":42,"total_converted":42,"total_unconverted":42,"url":"https://example.com"}"#,
    )
    .await
    .unwrap();
    assert_eq!(older.total_attempts, 42);
    assert_eq!(older.conversion_rate, decimal("42"));
    assert_eq!(older.url.as_deref(), Some("https://example.com"));
}

#[tokio::test]
async fn a_summary_with_gaps_nulls_and_more() {
    for body in [
        "{}",
        r#"{"total_attempts":null,"total_converted":null,"total_unconverted":null,"conversion_rate_percentage":null,"url":null}"#,
        r#"{"conversion_rate_percentage":"","new":{"deep":[1]}}"#,
    ] {
        let summary = summary(body).await.unwrap();
        assert_eq!(summary.total_attempts, 0, "{body}");
        assert_eq!(summary.conversion_rate, None, "{body}");
    }
    let beyond_32_bits = r#"{"total_attempts":"5000000000","total_converted":4294967296.0}"#;
    let summary = summary(beyond_32_bits).await.unwrap();
    assert_eq!(summary.total_attempts, 5_000_000_000);
    assert_eq!(summary.total_converted, 4_294_967_296);
}

#[tokio::test]
async fn an_attempt_that_is_richer_than_the_document() {
    let attempt = attempt(
        r#"{"sid":"XX1","account_sid":"","channel":"telegram","conversion_status":"CONVERTED",
        "date_created":"Wed, 02 Mar 2022 21:02:33 +0000","date_updated":"",
        "price":{"value":0.005,"currency":"USD","unit":"message"},
        "channel_data":{"to":"+573003003030","message_status":"DELIVERED","call_status":"teleported",
            "error_code":0,"country":"ZZ","code_length":"6","lang":"es"},
        "url":null,"extra":true}"#,
    )
    .await
    .unwrap();
    assert_eq!(attempt.sid.unwrap().as_str(), "XX1");
    assert_eq!(attempt.account_sid, None);
    assert_eq!(attempt.channel, Some(Channel::Unknown("telegram".to_owned())));
    assert_eq!(attempt.conversion_status.unwrap().as_str(), "converted");
    assert_eq!(attempt.date_created.unwrap().to_rfc3339(), "2022-03-02T21:02:33+00:00");
    assert_eq!(attempt.date_updated, None);
    let price = attempt.price.unwrap();
    assert_eq!(price.value, decimal("0.005"));
    assert_eq!(price.extra["unit"], "message");
    let data = attempt.channel_data.unwrap();
    assert_eq!(data.to.unwrap().expose(), "+573003003030");
    assert_eq!(data.message_status, Some(MessageStatus::Delivered));
    assert_eq!(data.call_status.unwrap().as_str(), "teleported");
    assert_eq!(data.error_code.as_deref(), Some("0"));
    assert_eq!(data.country.unwrap().code(), "ZZ");
    assert_eq!(data.code_length, Some(6));
    assert_eq!(data.extra["lang"], "es");
}

#[tokio::test]
async fn what_was_read_is_written_as_it_was() {
    let text = r#"{"channel":"telegram","channel_data":{"country":"CO","to":"+573003003030","x":1},"date_created":"2022-03-02T21:02:33Z","price":{"currency":"usd","value":"0.0050"}}"#;
    let attempt = attempt(text).await.unwrap();
    assert_eq!(serde_json::to_string(&attempt).unwrap(), text);
}

#[tokio::test]
async fn what_can_not_be_read_names_the_field_and_not_the_value() {
    for (body, field) in [
        (r#"{"sid":["+573003003030"]}"#, "sid: "),
        (r#"{"sid":{"+573003003030":"+573003003030"}}"#, "sid: "),
        (r#"{"sid":"+573003003030""#, "it is not JSON"),
    ] {
        let error = attempt(body).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unreadable);
        let text = format!("{error} {error:?}");
        assert!(text.contains(field), "{text}");
        assert!(!text.contains("57300"), "{text}");
    }
}
