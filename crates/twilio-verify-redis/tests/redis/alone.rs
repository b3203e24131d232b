//! Gates of one process: pauses, and what is done while Redis is away.

use std::error::Error as _;
use std::time::{Duration, Instant};

use tests::client::builder;
use tests::scripted::{Reply, Scripted};
use twilio_verify::{Client, ErrorKind, RequestLimit, RetryPolicy};
use twilio_verify_redis::{Away, RedisGate, RedisGateError};

use super::server::RedisServer;

/// The body of a summary.
pub(crate) const SUMMARY: &str = r#"{"total_attempts": 3, "total_converted": 2,
    "total_unconverted": 1, "conversion_rate_percentage": 66.67}"#;

fn client(server: &str, gate: RedisGate) -> Client {
    builder(server, "token").request_gate(gate).build().unwrap()
}

#[tokio::test]
async fn a_pause_holds_for_all_clients() {
    let Some(redis) = RedisServer::start().await else { return };
    let refused = Reply::with(
        429,
        &[("Content-Type", "application/json"), ("Retry-After", "1")],
        r#"{"code": 20429, "status": 429, "message": "Too many requests"}"#,
    );
    let twilio = Scripted::start([refused, Reply::json(200, SUMMARY)]).await.unwrap();
    let one = RedisGate::connect(redis.url()).await.unwrap();
    let one = builder(twilio.url(), "token").request_gate(one).retry(RetryPolicy::never());
    let error = one.build().unwrap().attempts().summary().send().await.unwrap_err();
    assert!(error.is_rate_limited(), "{error}");
    let began = Instant::now();
    let other = client(twilio.url(), RedisGate::connect(redis.url()).await.unwrap());
    other.attempts().summary().send().await.unwrap();
    assert!(began.elapsed() > Duration::from_millis(800), "{:?}", began.elapsed());
    // Another limit goes on.
    let began = Instant::now();
    let sid = "VLaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    let _ = other.attempts().fetch(sid).await;
    assert!(began.elapsed() < Duration::from_millis(800), "{:?}", began.elapsed());
}

#[tokio::test]
async fn a_gate_refuses_while_redis_is_away_if_it_is_to() {
    let Some(mut redis) = RedisServer::start().await else { return };
    let twilio = Scripted::start([Reply::json(200, SUMMARY)]).await.unwrap();
    let gate = RedisGate::builder(redis.url()).when_away(Away::Refuse).connect().await.unwrap();
    let client = client(twilio.url(), gate);
    client.attempts().summary().send().await.unwrap();
    redis.kill();
    let error = client.attempts().summary().send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotSent, "{error:?}");
    assert!(error.to_string().contains("request gate"), "{error}");
    assert!(format!("{error:?}").contains("Redis can't be reached"), "{error:?}");
    // What has no limit is sent.
    client.services().list().page_size(1).pages().try_next().await.unwrap_err();
    assert_eq!(twilio.received().len(), 2);
    redis.restart().await;
    // It is not tried again at once.
    let began = Instant::now();
    while client.attempts().summary().send().await.is_err() {
        assert!(began.elapsed() < Duration::from_secs(10), "it is not reached again");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn a_program_starts_while_redis_is_away() {
    let twilio = Scripted::start([Reply::json(200, SUMMARY)]).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let url = format!("redis+unix://{}", folder.path().join("nothing").display());
    let gate = RedisGate::connect(url.clone()).await.unwrap_err();
    assert!(matches!(gate, RedisGateError::Away(_)), "{gate:?}");
    let gate = RedisGate::builder(url).connect_later().unwrap();
    let limit = RequestLimit::per(10, Duration::from_secs(1));
    let client = builder(twilio.url(), "token")
        .request_gate(gate)
        .request_limit("FetchVerificationAttemptsSummary", limit)
        .build()
        .unwrap();
    client.attempts().summary().send().await.unwrap();
    assert_eq!(twilio.received().len(), 1);
}

#[tokio::test]
async fn redis_learns_no_numbers() {
    let Some(redis) = RedisServer::start().await else { return };
    let twilio = Scripted::start([Reply::json(200, r#"{"status": "pending"}"#)]).await.unwrap();
    let client = client(twilio.url(), RedisGate::connect(redis.url()).await.unwrap());
    let verify = client.service("VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
    verify.verifications().fetch("+573003003030").await.unwrap();
    let keys = redis.keys().await;
    assert_eq!(keys.len(), 2, "due and callers: {keys:?}");
    for key in keys {
        assert!(key.starts_with("twilio-verify:{http://127.0.0.1:"), "{key}");
        assert!(!key.contains("3003003030"), "{key}");
    }
}

#[test]
fn a_url_is_not_shown() {
    let url = "redis://user:s3cret@127.0.0.1:notaport/";
    let builder = RedisGate::builder(url);
    assert!(!format!("{builder:?}").contains("s3cret"), "{builder:?}");
    let error = builder.connect_later().unwrap_err();
    assert!(matches!(error, RedisGateError::Url), "{error:?}");
    assert!(error.to_string().starts_with("the URL of Redis is invalid; expected redis://"));
    assert!(!format!("{error:?} {error}").contains("s3cret") && error.source().is_none());
}
