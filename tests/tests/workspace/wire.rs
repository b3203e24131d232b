//! What every request has, and what is never sent. The bytes of each
//! operation are in `operations`.

use chrono::{DateTime, TimeDelta, Utc};
use tests::client::builder;
use tests::scripted::{Reply, Scripted};
use twilio_verify::{Channel, Client};

const SUMMARY: &str = r#"{"total_attempts":11,"total_converted":9,"total_unconverted":2,
    "conversion_rate_percentage":"81.818181818","url":"https://verify.twilio.com/v2/Attempts/Summary"}"#;

async fn server(reply: &str) -> (Scripted, Client) {
    let server = Scripted::start([Reply::json(200, reply)]).await.unwrap();
    let client = builder(server.url(), "the token").build().unwrap();
    (server, client)
}

#[tokio::test]
async fn a_summary_without_filters_has_no_query() {
    let (server, client) = server(SUMMARY).await;
    client.attempts().summary().send().await.unwrap();
    let received = server.received();
    let [request] = received.as_slice() else {
        panic!("one request is expected: {received:?}");
    };
    assert!(request.head.starts_with("GET /v2/Attempts/Summary HTTP/1.1\r\n"));
    // ACaa…:the token, as Basic credentials.
    let basic = "Basic QUNhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYTp0aGUgdG9rZW4=";
    assert_eq!(request.header("authorization"), Some(basic));
    assert_eq!(request.header("accept"), Some("application/json"));
    assert_eq!(request.header("api-version"), None);
    let agent = request.header("user-agent").unwrap();
    assert!(agent.starts_with("twilio-verify/0."), "{agent}");
    assert_eq!(request.body, "");
}

#[tokio::test]
async fn a_limit_asks_for_no_more_than_it_needs() {
    let list = r#"{"attempts":[{},{},{}],"meta":{"next_page_url":"/v2/Attempts?PageToken=x"}}"#;
    let (server, client) = server(list).await;
    let mut items = client.attempts().list().limit(2).items();
    assert!(items.try_next().await.unwrap().is_some());
    assert!(items.try_next().await.unwrap().is_some());
    assert!(items.try_next().await.unwrap().is_none());
    let mut none = client.attempts().list().limit(0).items();
    assert!(none.try_next().await.unwrap().is_none());
    let targets: Vec<_> = server.received().iter().map(|r| r.target().to_owned()).collect();
    assert_eq!(targets, ["/v2/Attempts?PageSize=2"]);
}

#[tokio::test]
async fn nothing_is_sent_when_a_value_is_wrong() {
    let (server, client) = server(SUMMARY).await;
    let now = Utc::now();
    let attempts = client.attempts();
    let long_ago = DateTime::<Utc>::MIN_UTC;
    let empty = Channel::Unknown(String::new());
    let summaries = [
        (
            attempts.summary().created_after(now).created_before(now - TimeDelta::seconds(1)),
            "created_before",
            "precedes created_after",
        ),
        (attempts.summary().created_after(long_ago), "created_after", "four digits"),
        (attempts.summary().channel(empty), "channel", "empty"),
    ];
    for (summary, field, reason) in summaries {
        let error = summary.send().await.unwrap_err();
        assert_eq!(error.field(), Some(field));
        assert_eq!(error.kind(), twilio_verify::ErrorKind::InvalidRequest);
        assert!(error.to_string().contains(reason), "{error}");
        assert!(error.to_string().starts_with(field), "{error}");
    }
    let lists = [
        (attempts.list().page_size(0), "page_size", "1 to 1000"),
        (attempts.list().page_size(1001), "page_size", "1 to 1000"),
        (attempts.list().to("573003003030"), "to", "does not begin with `+`"),
        (attempts.list().to("+57 300"), "to", "space"),
        (attempts.list().to(""), "to", "empty"),
        (attempts.list().to("+5730030030301234"), "to", "1 to 15 digits"),
    ];
    for (list, field, reason) in lists {
        let error = list.items().try_next().await.unwrap_err();
        assert_eq!(error.field(), Some(field));
        assert!(error.to_string().contains(reason), "{error}");
        assert!(!error.to_string().contains("573003"), "{error}");
    }
    assert!(server.received().is_empty());
}

/// A SID of a response can have any format; it is not sent unchecked.
#[tokio::test]
async fn a_malformed_sid_of_an_answer_is_not_sent_on() {
    let (server, client) = server(r#"{"sid":"..","service_sid":"VA1"}"#).await;
    let sid = "VLaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    let attempt = client.attempts().fetch(sid).await.unwrap();
    let error = client.attempts().fetch(attempt.sid.unwrap()).await.unwrap_err();
    assert_eq!(error.field(), Some("sid"));
    let summary = client.attempts().summary().service(attempt.service_sid.unwrap());
    let error = summary.send().await.unwrap_err();
    assert!(error.to_string().contains("a service SID is `VA` and 32"), "{error}");
    assert_eq!(server.received().len(), 1);
}
