//! What is sent again and what isn't: the rows of the policy's table about responses. Those without
//! a response are in `faults`.

use std::time::{Duration, Instant};

use tests::client::builder;
use tests::scripted::{Reply, Scripted};
use twilio_verify::{Channel, Client, Error, ErrorKind, RequestLimit, RetryPolicy};

const EMPTY: &str = "{}";

fn quick() -> RetryPolicy {
    let short = Duration::from_millis(1);
    RetryPolicy::default().min_delay(short).max_delay(short).seed(1)
}

fn client(server: &Scripted, policy: RetryPolicy) -> Client {
    builder(server.url(), "token")
        .retry(policy)
        .attempt_timeout(Duration::from_millis(300))
        .build()
        .unwrap()
}

async fn get(client: &Client) -> Result<(), Error> {
    client.attempts().summary().send().await.map(drop)
}

async fn delete(client: &Client) -> Result<(), Error> {
    let sid = "VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    client.services().delete(sid).await
}

async fn post(client: &Client) -> Result<(), Error> {
    let service = client.service("VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
    let start = service.verifications().start("+573003003030", Channel::Sms);
    start.send().await.map(drop)
}

/// How many requests the server saw when the first one got this reply and the second one a good
/// response, for GET, DELETE and POST.
async fn seen(reply: &Reply) -> [usize; 3] {
    let mut seen = [0; 3];
    for (method, seen) in seen.iter_mut().enumerate() {
        let success = if method == 2 { 201 } else { 200 + 4 * (method as u16 % 2) };
        let body = if success == 204 { "" } else { EMPTY };
        let server =
            Scripted::start([reply.clone(), Reply::with(success, &[], body)]).await.unwrap();
        let client = client(&server, quick());
        let result = match method {
            0 => get(&client).await,
            1 => delete(&client).await,
            _ => post(&client).await,
        };
        *seen = server.received().len();
        assert_eq!(result.is_ok(), *seen == 2, "{reply:?}: {result:?}");
        if let Err(error) = result {
            assert!(!error.is_retryable());
            assert_eq!(error.attempts(), 1);
        }
    }
    seen
}

#[tokio::test]
async fn each_row_of_the_table() {
    let refused = |status, code| Reply::json(status, &format!(r#"{{"code":{code}}}"#));
    for (reply, expected) in [
        (refused(429, 20429), [2, 2, 2]),
        (Reply::with(429, &[], ""), [2, 2, 2]),
        (refused(429, 60202), [1, 1, 1]),
        (refused(429, 60203), [1, 1, 1]),
        (refused(429, 60212), [1, 1, 1]),
        (Reply::with(500, &[], ""), [2, 2, 1]),
        (Reply::with(502, &[], ""), [2, 2, 1]),
        (Reply::with(503, &[], ""), [2, 2, 1]),
        (Reply::with(504, &[], ""), [2, 2, 1]),
        (Reply::with(501, &[], ""), [1, 1, 1]),
        (refused(400, 60200), [1, 1, 1]),
        (refused(401, 20003), [1, 1, 1]),
        (refused(404, 20404), [1, 1, 1]),
    ] {
        assert_eq!(seen(&reply).await, expected, "{reply:?}");
    }
}

#[tokio::test]
async fn attempts_are_counted_and_the_last_error_is_told() {
    let server =
        Scripted::start([Reply::with(503, &[("Twilio-Request-Id", "RQ1")], ""), Reply::Close])
            .await
            .unwrap();
    let error = get(&client(&server, quick().max_attempts(3))).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::NoAnswer, 3));
    // Of the first attempt, which got a response.
    assert_eq!((error.status(), error.request_id()), (None, None));
    assert_eq!(server.received().len(), 3);
}

/// The second attempt times out, or the call does while it waits for that attempt.
#[tokio::test]
async fn when_time_runs_out_the_last_failure_is_told() {
    let failed = Reply::with(503, &[("Twilio-Request-Id", "RQ1")], "");
    let server = Scripted::start([failed.clone(), Reply::Stall(Vec::new())]).await.unwrap();
    let client = client(&server, quick())
        .with_attempt_timeout(Duration::from_secs(60))
        .with_timeout(Duration::from_secs(1));
    let error = get(&client).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::NoAnswer, 2));
    assert!(error.is_timeout());
    assert_eq!((error.status(), error.request_id()), (None, None));
    assert_eq!(
        error.to_string(),
        "FetchVerificationAttemptsSummary: there was no response before the timeout (after 2 \
         attempts); before that: status 503: the server failed (request RQ1)"
    );
    assert_eq!(server.received().len(), 2);

    let server = Scripted::start([failed]).await.unwrap();
    let limited = builder(server.url(), "token")
        .retry(quick())
        .request_limit("FetchVerificationAttemptsSummary", RequestLimit::per_minute(1))
        .timeout(Duration::from_secs(5))
        .build()
        .unwrap();
    let error = get(&limited).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Refused, 1));
    assert_eq!((error.status(), error.request_id()), (Some(503), Some("RQ1")));
    assert!(error.is_retryable());
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn retry_after_is_heeded() {
    let refused = Reply::with(429, &[("Retry-After", "1")], "");
    let server = Scripted::start([refused, Reply::json(200, EMPTY)]).await.unwrap();
    let began = Instant::now();
    get(&client(&server, quick())).await.unwrap();
    assert!(began.elapsed() >= Duration::from_secs(1));
}

#[tokio::test]
async fn clones_share_the_limit() {
    let server = Scripted::start([Reply::json(200, EMPTY)]).await.unwrap();
    let client = builder(server.url(), "token")
        .request_limit("FetchVerificationAttemptsSummary", RequestLimit::per_minute(1))
        .timeout(Duration::from_secs(5))
        .build()
        .unwrap();
    get(&client).await.unwrap();
    let error = get(&client.clone()).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::NotSent, 0));
    assert!(error.is_timeout());
    // Other operations are not affected.
    delete(&client).await.unwrap();
    assert_eq!(server.received().len(), 2);
}

#[test]
fn a_limit_of_nothing_is_refused() {
    let error = builder("http://localhost", "token")
        .request_limit("NoSuchOperation", None)
        .build()
        .unwrap_err();
    assert_eq!(error.field(), Some("request_limit"));
    assert_eq!(RequestLimit::per_minute(0), None);
}

#[tokio::test]
async fn a_limit_of_one_number_pauses_no_other_call() {
    for code in [60202, 60203, 60212] {
        let body = format!(r#"{{"code":{code},"message":"Max attempts reached"}}"#);
        let refused = Reply::with(429, &[("Retry-After", "600")], &body);
        let server = Scripted::start([refused, Reply::json(200, EMPTY)]).await.unwrap();
        let client = client(&server, quick());
        let error = get(&client).await.unwrap_err();
        assert_eq!((error.code(), error.is_retryable()), (Some(code), false));
        get(&client).await.unwrap();
        assert_eq!(server.received().len(), 2, "{code}");
    }
}
