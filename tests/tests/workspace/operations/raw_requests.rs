//! Raw requests: the bytes that are sent, and how they are treated.

use std::time::Duration;

use serde::{Deserialize, Serialize, Serializer};
use serde_json::{Value, json};
use tests::client::builder;
use tests::privacy::{ADDRESS, NUMBER, TOKEN, assert_private, describe};
use tests::scripted::{Received, Reply, Scripted};
use twilio_verify::{Client, Error, ErrorKind, Method, RequestLimit, RetryPolicy};

const SUMMARY: &str = "FetchVerificationAttemptsSummary";

fn quick() -> RetryPolicy {
    let short = Duration::from_millis(1);
    RetryPolicy::default().min_delay(short).max_delay(short)
}

async fn server(replies: impl IntoIterator<Item = Reply>) -> (Scripted, Client) {
    let server = Scripted::start(replies).await.unwrap();
    let builder = builder(server.url(), TOKEN).retry(quick());
    let client = builder.build().unwrap();
    (server, client)
}

fn only(server: &Scripted) -> Received {
    let received = server.received();
    let [request] = received.as_slice() else {
        panic!("one request is expected: {received:?}");
    };
    request.clone()
}

#[tokio::test]
async fn a_query_is_encoded_and_the_path_is_sent_as_it_is() {
    let (server, client) = server([Reply::json(200, r#"{"sid":"x"}"#)]).await;
    let value: Value = client
        .request(Method::GET, "/v2/SafeList/Numbers/%2B573003003030/a+b,c:@~")
        .query("To", NUMBER)
        .query("Name", "a b&c=d/é")
        .query("Name", 7)
        .send()
        .await
        .unwrap();
    assert_eq!(value, json!({ "sid": "x" }));
    let request = only(&server);
    assert_eq!(
        request.head.lines().next(),
        Some(
            "GET /v2/SafeList/Numbers/%2B573003003030/a+b,c:@~?\
             To=%2B573003003030&Name=a+b%26c%3Dd%2F%C3%A9&Name=7 HTTP/1.1"
        )
    );
    let agent = request.header("user-agent").unwrap();
    assert!(agent.starts_with("twilio-verify/0."), "{agent}");
    assert!(request.header("authorization").unwrap().starts_with("Basic "));
    assert_eq!(request.header("accept"), Some("application/json"));
    assert_eq!(request.header("content-type"), None);
    assert_eq!(request.body, "");
}

#[tokio::test]
async fn a_body_is_a_form_or_json() {
    let (server, client) = server([Reply::json(201, "{}")]).await;
    let send = || client.request(Method::POST, "/v2/Services");
    let form = send().form("FriendlyName", "a b+c").form("Tag", 1).form("Tag", true);
    form.send::<Value>().await.unwrap();
    let json = send().json(&Unwritable).json(&"replaced").json(&json!({ "a": [1, null] }));
    json.send::<Value>().await.unwrap();
    send().send::<Value>().await.unwrap();
    let received = server.received();
    let sent: Vec<_> = received
        .iter()
        .map(|request| (request.header("content-type"), request.body.as_str()))
        .collect();
    let form = "FriendlyName=a+b%2Bc&Tag=1&Tag=true";
    assert_eq!(
        sent,
        [
            (Some("application/x-www-form-urlencoded"), form),
            (Some("application/json"), r#"{"a":[1,null]}"#),
            (None, ""),
        ]
    );
}

#[tokio::test]
async fn the_path_is_appended_to_that_of_the_base_url() {
    let server = Scripted::start([Reply::json(200, "{}")]).await.unwrap();
    let url = format!("{}/proxy/", server.url());
    let client = builder(&url, TOKEN).build().unwrap();
    let request = client.request(Method::DELETE, "/v2/Services/VA1");
    request.send_raw().await.unwrap();
    assert_eq!(only(&server).target(), "/proxy/v2/Services/VA1");
}

#[tokio::test]
async fn a_path_that_could_name_another_resource_is_not_sent() {
    let (server, client) = server([Reply::json(200, "{}")]).await;
    for path in [
        "",
        "/",
        "v2/Services",
        "https://example.com/v2/Services",
        "//example.com/v2/Services",
        "/\\example.com",
        "/v2//Services",
        "/v2/Services/",
        "/v2/Services/.",
        "/v2/../Services",
        "/v2/%2e%2E/Services",
        "/v2/.%2e/Services",
        "/v2/Services?To=+573003003030",
        "/v2/Services#+573003003030",
        "/v2/ana@example.com /x",
        "/v2/é",
        "/v2/%",
        "/v2/%4",
        "/v2/%zz",
        "/v2/a\tb",
        "/v2/a\r\nb",
    ] {
        let request = client.request(Method::GET, path);
        assert_private(&format!("{request:?}"));
        let error = request.send_raw().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{path}: {error}");
        assert_eq!(error.field(), Some("path"), "{path}");
        assert_private(&describe(&error));
    }
    assert!(server.received().is_empty());
}

/// A type that can't be written.
struct Unwritable;

impl Serialize for Unwritable {
    fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        Err(serde::ser::Error::custom(NUMBER))
    }
}

#[tokio::test]
async fn a_body_that_can_not_be_written_is_not_sent() {
    let (server, client) = server([Reply::json(200, "{}")]).await;
    let request = || client.request(Method::POST, "/v2/Services");
    for request in [
        request().json(&Unwritable),
        request().json(&1).json(&Unwritable),
        request().form("a", 1).json(&1),
        request().json(&1).form("a", 1),
        request().json(&Unwritable).form("a", 1),
    ] {
        let error = request.send::<Value>().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert_eq!(error.field(), Some("body"));
        assert_private(&describe(&error));
    }
    assert!(server.received().is_empty());
}

#[tokio::test]
async fn a_response_is_read_as_the_callers_type() {
    #[derive(Debug, Deserialize, PartialEq)]
    struct Answer {
        count: u64,
    }
    let (_server, client) = server([
        Reply::json(200, r#"{"count":7,"more":[]}"#),
        Reply::json(200, "[1,2]"),
        Reply::with(204, &[], ""),
        Reply::with(202, &[("X-Test", "yes")], "<html>+573003003030</html>"),
    ])
    .await;
    let request = || client.request(Method::GET, "/v2/Attempts/Summary");
    assert_eq!(request().send::<Answer>().await.unwrap(), Answer { count: 7 });
    assert_eq!(request().send::<Vec<u8>>().await.unwrap(), [1, 2]);
    request().send::<()>().await.unwrap();
    let raw = request().send_raw().await.unwrap();
    assert_private(&format!("{raw:?} {raw:#?}"));
    assert_eq!((raw.status(), &raw.headers()["x-test"]), (202, &"yes".parse().unwrap()));
    let error = raw.json::<Value>().unwrap_err();
    assert_eq!((error.kind(), error.status()), (ErrorKind::Unreadable, Some(202)));
    assert_private(&describe(&error));
    assert_eq!(raw.clone().into_body(), raw.body());
}

/// A type whose own error repeats what it reads.
#[derive(Debug)]
struct Chatty;

impl<'de> Deserialize<'de> for Chatty {
    fn deserialize<D: serde::Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(reader)?;
        Err(serde::de::Error::custom(format!("{value} is not my type")))
    }
}

#[tokio::test]
async fn an_error_repeats_nothing_private() {
    let body =
        format!(r#"{{"to":"{NUMBER}","email":"{ADDRESS}","code":60200,"message":"{NUMBER}"}}"#);
    let (_server, client) = server([
        Reply::with(200, &[("Twilio-Request-Id", "RQ1")], &body),
        Reply::with(200, &[], &body),
        Reply::json(400, &body),
    ])
    .await;
    let request = || {
        let request = client.request(Method::POST, format!("/v2/New/{NUMBER}"));
        request.query("To", ADDRESS).form("To", NUMBER)
    };
    assert_private(&format!("{:?}", request()));
    let error = request().send::<Chatty>().await.unwrap_err();
    assert_eq!(error.request_id(), Some("RQ1"));
    assert!(error.to_string().starts_with("raw: "), "{error}");
    assert_private(&describe(&error));
    let error = request().send::<Vec<u8>>().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unreadable);
    assert_private(&describe(&error));
    let error = request().send_raw().await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::Refused, Some(60200)));
    assert_private(&describe(&error));
}

#[tokio::test]
async fn what_is_sent_again_depends_on_the_method() {
    for (method, status, requests) in [
        (Method::GET, 503, 4),
        (Method::PUT, 503, 4),
        (Method::DELETE, 503, 4),
        (Method::POST, 503, 1),
        (Method::PATCH, 503, 1),
        (Method::POST, 429, 4),
        (Method::GET, 404, 1),
        (Method::GET, 301, 1),
    ] {
        let (server, client) = server([Reply::json(status, "")]).await;
        let request = client.request(method.clone(), "/v2/New").query("To", NUMBER);
        let error = request.send_raw().await.unwrap_err();
        assert_eq!(error.status(), Some(status), "{method}");
        assert_eq!(server.received().len(), requests, "{method} {status}");
        assert_eq!(error.attempts() as usize, requests, "{method} {status}");
    }
}

#[tokio::test]
async fn a_known_operation_has_its_limit_and_its_name() {
    let server = Scripted::start([Reply::json(200, "{}")]).await.unwrap();
    let client = builder(server.url(), TOKEN)
        .request_limit(SUMMARY, RequestLimit::per_minute(1))
        .timeout(Duration::from_secs(1))
        .build()
        .unwrap();
    let get = async |path: &str| -> Result<Value, Error> {
        client.request(Method::GET, path).send().await
    };
    get("/v2/Attempts/Summary").await.unwrap();
    let error = get("/v2/Attempts/Summary").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotSent, "{error}");
    assert!(error.is_timeout());
    assert!(error.to_string().starts_with(SUMMARY), "{error}");
    // The same limit as for the operation itself, and for no other.
    let error = client.attempts().summary().send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotSent, "{error}");
    for path in ["/v2/Attempts/VL1", "/v2/Attempts", "/v2/Attempts/Summary/New"] {
        get(path).await.unwrap();
    }
    let post = client.request(Method::POST, "/v2/Attempts/Summary");
    post.send_raw().await.unwrap();
    assert_eq!(server.received().len(), 5);
}
