//! Responses that are not as the document says: no response is lost because of one field.

use serde_json::{Value, json};
use tests::client::builder;
use tests::scripted::{Reply, Scripted};
use twilio_verify::{
    Attempt, Challenge, Channel, Client, Error, ErrorKind, Factor, RetryPolicy, Verification,
    parse_date,
};

const SERVICE: &str = "VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

async fn client(reply: Reply) -> (Scripted, Client) {
    let server = Scripted::start([reply]).await.unwrap();
    let client = builder(server.url(), "token").retry(RetryPolicy::never()).build().unwrap();
    (server, client)
}

async fn start(reply: Reply) -> Result<Verification, Error> {
    let (_server, client) = client(reply).await;
    let verify = client.service(SERVICE);
    verify.verifications().start("+573003003030", Channel::Sms).send().await
}

async fn started(field: &str, value: Value) -> Verification {
    let mut body = json!({
        "sid": "VEaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "status": "pending", "channel": "sms",
    });
    body[field] = value;
    start(Reply::json(201, &body.to_string())).await.unwrap()
}

async fn attempt(body: &str) -> Result<Attempt, Error> {
    let (_server, client) = client(Reply::json(200, body)).await;
    client.attempts().fetch("VLaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa").await
}

#[tokio::test]
async fn any_status_of_success_is_one() {
    for status in [200, 201, 202, 203] {
        let body = r#"{"sid":"VEaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","status":"pending"}"#;
        let verification = start(Reply::json(status, body)).await.unwrap();
        assert_eq!(verification.status.unwrap().as_str(), "pending", "{status}");
    }
    for reply in [
        Reply::json(200, r#"{"sid":"VA"}"#),
        Reply::json(200, ""),
        Reply::with(202, &[], "deleted"),
        Reply::with(204, &[], ""),
    ] {
        let (_server, client) = client(reply).await;
        client.services().delete(SERVICE).await.unwrap();
    }
}

#[tokio::test]
async fn dates_in_every_form() {
    let expected = parse_date("2015-07-30T20:00:00Z");
    for date in [
        json!("2015-07-30T20:00:00Z"),
        json!("2015-07-30T20:00:00+0000"),
        json!("2015-07-30 20:00:00"),
        json!("2015-07-30T22:00:00.000+02:00"),
        json!("20150730T200000Z"),
        json!("Thu, 30 Jul 2015 20:00:00 +0000"),
        json!(1_438_286_400),
        json!("1438286400"),
        json!(1_438_286_400_000_i64),
    ] {
        let verification = started("date_created", date.clone()).await;
        assert_eq!(verification.date_created, expected, "{date}");
        assert!(verification.unread.is_empty(), "{date}");
    }
    let verification = started("date_created", json!("last Thursday")).await;
    assert_eq!(verification.date_created, None);
    assert_eq!(verification.unread.get("date_created"), Some(&json!("last Thursday")));
}

#[tokio::test]
async fn a_field_that_can_not_be_understood_is_absent_and_kept() {
    for (field, value, path, kept) in [
        ("lookup", json!([]), "lookup", json!([])),
        ("lookup", json!(""), "lookup", json!("")),
        ("lookup", json!({ "carrier": 7 }), "lookup.carrier", json!(7)),
        ("send_code_attempts", json!({}), "send_code_attempts", json!({})),
        ("amount", json!({ "of": 1 }), "amount", json!({ "of": 1 })),
        ("valid", json!("maybe"), "valid", json!("maybe")),
        ("sna", json!(true), "sna", json!(true)),
    ] {
        let verification = started(field, value.clone()).await;
        assert_eq!(verification.unread.get(path), Some(&kept), "{field} {value}");
        assert_eq!(verification.unread.iter().count(), 1, "{field} {value}");
        assert_eq!(verification.status.as_ref().unwrap().as_str(), "pending");
        assert_eq!(verification.channel, Some(Channel::Sms));
    }

    let attempts = json!([
        { "time": "2015-07-30T20:00:00.268Z", "channel": "SMS", "attempt_sid": "VL1" },
        null,
        { "time": "soon", "channel": "" },
    ]);
    let verification = started("send_code_attempts", attempts).await;
    assert_eq!(verification.send_code_attempts.len(), 2);
    assert!(verification.send_code_attempts[0].time.is_some());
    assert!(verification.send_code_attempts[1].time.is_none());
    assert_eq!(verification.unread.iter().count(), 2);
    assert!(verification.unread.iter().any(|(_, value)| value == "soon"));
    let shown = format!("{verification:?}");
    assert!(shown.contains("send_code_attempts[1]") && !shown.contains("soon"), "{shown}");

    // An empty text is as good as none.
    let verification = started("channel", json!("")).await;
    assert!(verification.channel.is_none() && verification.unread.is_empty());
}

#[tokio::test]
async fn an_object_can_be_a_text() {
    async fn challenge(details: Value) -> Challenge {
        let body = json!({ "sid": "YCaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "details": details });
        let (_server, client) = client(Reply::json(200, &body.to_string())).await;
        let entity = client.service(SERVICE).entity("ff483d1f");
        let sid = "YCaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
        entity.challenges().fetch(sid).await.unwrap()
    }
    let read = challenge(json!("{\"message\":\"Log in?\",\"fields\":[]}")).await;
    assert_eq!(read.details.unwrap().message.unwrap().expose(), "Log in?");
    assert!(read.unread.is_empty());
    let read = challenge(json!("Log in?")).await;
    assert!(read.details.is_none());
    assert_eq!(read.unread.get("details"), Some(&json!("Log in?")));
}

#[tokio::test]
async fn what_callers_decide_by_must_be_understood() {
    for (body, field) in [
        (r#"{"sid":{},"status":"pending"}"#, "sid: "),
        (r#"{"sid":"VE1","status":["pending"]}"#, "status: "),
    ] {
        let error = start(Reply::json(201, body)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unreadable, "{body}");
        assert!(error.to_string().contains(field), "{error}");
    }
    for field in ["total_attempts", "total_converted", "total_unconverted"] {
        let mut body = json!({ "total_attempts": 2, "conversion_rate_percentage": {} });
        body[field] = json!("many");
        let (_server, client) = client(Reply::json(200, &body.to_string())).await;
        let error = client.attempts().summary().send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unreadable);
        assert!(
            error.to_string().contains(field) && !error.to_string().contains("many"),
            "{error}"
        );
    }
    let (_server, client) =
        client(Reply::json(200, r#"{"total_attempts":2,"conversion_rate_percentage":{}}"#)).await;
    let summary = client.attempts().summary().send().await.unwrap();
    assert_eq!((summary.total_attempts, summary.conversion_rate), (2, None));
}

#[tokio::test]
async fn fields_beside_one_that_can_not_be_understood_stay() {
    let read = attempt(
        r#"{"sid":"VLaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","price":{"value":"a lot","currency":"usd"},
        "channel_data":{"to":"+573003003030","message_status":7,"carrier":{"mcc":1}}}"#,
    )
    .await
    .unwrap();
    assert_eq!(read.price.unwrap().currency.as_deref(), Some("usd"));
    assert_eq!(read.unread.get("price.value"), Some(&json!("a lot")));
    assert_eq!(read.channel_data.unwrap().to.unwrap().expose(), "+573003003030");
}

#[tokio::test]
async fn one_odd_item_does_not_cost_the_page() {
    let page = json!({
        "attempts": [
            { "sid": "VLaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "date_created": {} },
            null,
            7,
            { "sid": [] },
            { "sid": "VLbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb" },
        ],
        "meta": { "page": "first", "next_page_url": "" },
    });
    let (_server, client) = client(Reply::json(200, &page.to_string())).await;
    let mut pages = client.attempts().list().pages();
    let page = pages.try_next().await.unwrap().unwrap();
    let sids: Vec<_> = page.items.iter().map(|item| item.sid.as_ref().unwrap().as_str()).collect();
    assert_eq!(sids, ["VLaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "VLbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"]);
    assert_eq!(page.items[0].unread.get("date_created"), Some(&json!({})));
    let unread: Vec<_> = page.unread.iter().map(|(path, _)| path).collect();
    assert_eq!(unread, ["attempts[1]", "attempts[2]", "attempts[3]", "meta.page"]);
    assert!(pages.try_next().await.unwrap().is_none(), "an empty URL is the end");

    // Without the next page's URL, items would be lost.
    let page = json!({ "attempts": [], "meta": { "next_page_url": {} } });
    let (_server, client) = self::client(Reply::json(200, &page.to_string())).await;
    let error = client.attempts().list().pages().try_next().await.unwrap_err();
    assert!(error.to_string().contains("next_page_url"), "{error}");
}

#[tokio::test]
async fn a_byte_order_mark_is_skipped() {
    let (_server, client) = client(Reply::json(200, "\u{feff}{\"total_attempts\":11}")).await;
    assert_eq!(client.attempts().summary().send().await.unwrap().total_attempts, 11);
    let (_server, client) = self::client(Reply::json(404, "\u{feff}{\"code\":20404}")).await;
    assert_eq!(client.attempts().summary().send().await.unwrap_err().code(), Some(20404));
}

#[tokio::test]
async fn an_error_keeps_its_code_whatever_stands_beside_it() {
    for body in [
        r#"{"code":60203,"message":{"en":"too many"}}"#,
        r#"{"code":"60203","message":null,"status":"429 Too Many"}"#,
        r#"{"message":[],"code":60203.0,"more_info":{}}"#,
    ] {
        let server = Scripted::start([Reply::json(429, body)]).await.unwrap();
        let client = tests::client::client(server.url());
        let verify = client.service(SERVICE);
        let request = verify.verifications().start("+573003003030", Channel::Sms);
        let error = request.send().await.unwrap_err();
        assert_eq!((error.status(), error.code()), (Some(429), Some(60203)), "{body}");
        assert_eq!(server.received().len(), 1, "a POST that was refused for good is sent once");
    }
}

#[tokio::test]
async fn a_factor_with_an_odd_config_is_read() {
    let body = json!({
        "sid": "YFaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "status": "unverified",
        "config": "{\"alg\":\"sha1\",\"code_length\":6}", "metadata": "null",
    });
    let (_server, client) = client(Reply::json(200, &body.to_string())).await;
    let entity = client.service(SERVICE).entity("ff483d1f");
    let sid = "YFaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    let factor: Factor = entity.factors().fetch(sid).await.unwrap();
    assert_eq!(factor.config.unwrap().code_length, Some(6));
    assert_eq!(factor.status.unwrap().as_str(), "unverified");
}
