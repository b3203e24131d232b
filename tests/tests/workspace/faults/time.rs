//! Slow servers.

use std::time::{Duration, Instant};

use tests::faults::{ATTEMPTS, BODY, BOUND, Fault, Method, bounded, check, hasty};
use tests::scripted::{Reply, Scripted};
use tests::tls::Identity;
use twilio_verify::{ErrorKind, RetryPolicy};

const SHORT: Duration = Duration::from_millis(250);
/// Time enough for the head of a response to arrive on a busy machine.
const LONGER: Duration = Duration::from_secs(1);
const HEAD: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n";

#[tokio::test]
async fn heads_that_come_too_late() {
    let each = Duration::from_millis(20);
    let interim = b"HTTP/1.1 100 Continue\r\n\r\n";
    check(
        [
            Fault::no_answer("the request is not read", Reply::Deaf),
            Fault::no_answer("nothing comes", Reply::Stall(Vec::new())),
            Fault::no_answer("half a head", Reply::Stall(HEAD[..20].to_vec())),
            Fault::no_answer("byte by byte", Reply::Drip(HEAD.to_vec(), each)),
            Fault::no_answer("an interim answer", Reply::Stall(interim.to_vec())),
            Fault::no_answer(
                "interim answers without an end",
                Reply::Endless(Vec::new(), interim.to_vec()),
            ),
        ]
        .map(|fault| fault.timed_out(SHORT)),
    )
    .await;
}

#[tokio::test]
async fn bodies_that_come_too_late() {
    let half = [HEAD, &BODY.as_bytes()[..10]].concat();
    let byte = format!("{BODY}{}", " ".repeat(979)).into_bytes();
    let chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n15\r\n{".to_vec();
    check(
        [
            Fault::cut("nothing of it", Reply::Stall(HEAD.to_vec())),
            Fault::cut("half of it", Reply::Stall(half)),
            Fault::cut("half a chunk", Reply::Stall(chunked)),
        ]
        .map(|fault| fault.timed_out(LONGER)),
    )
    .await;
    // The head at once, the rest byte by byte.
    let server = Scripted::start([Reply::Drip([HEAD, &byte].concat(), Duration::from_millis(5))])
        .await
        .unwrap();
    let client = hasty(server.url()).attempt_timeout(LONGER).build().unwrap();
    let error = bounded("byte by byte", Method::Get.call(&client)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unreadable, "{error:?}");
    assert!(error.is_timeout(), "{error:?}");
    assert_eq!((error.status(), error.attempts()), (Some(200), 3));
    assert_eq!(server.received().len(), 3);
}

/// A user's HTTP client may have timeouts of its own.
#[tokio::test]
async fn the_times_of_a_users_client() {
    for (name, reply, time, kind) in [
        ("no head", Reply::Stall(Vec::new()), SHORT, ErrorKind::NoAnswer),
        ("no body", Reply::Stall(HEAD.to_vec()), LONGER, ErrorKind::Unreadable),
    ] {
        for total in [true, false] {
            let http = Identity::new("127.0.0.1").trusted();
            let http = match total {
                true => http.timeout(time),
                false => http.read_timeout(time),
            };
            let server = Scripted::start([reply.clone()]).await.unwrap();
            let client = hasty(server.url()).http_client(http.build().unwrap()).build().unwrap();
            let error = bounded(name, Method::Post.call(&client)).await.unwrap_err();
            assert_eq!(error.kind(), kind, "{name}: {error:?}");
            assert!(error.is_timeout(), "{name}: {error:?}");
            server.settled().await;
            assert_eq!(server.received().len(), 1, "{name}");
        }
    }
}

#[tokio::test]
async fn the_total_time_bounds_an_attempt() {
    for method in Method::ALL {
        let server = Scripted::start([Reply::Stall(Vec::new())]).await.unwrap();
        let client = hasty(server.url()).timeout(SHORT).build().unwrap();
        let error = bounded("in total", method.call(&client)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NoAnswer, "{error:?}");
        assert!(error.is_timeout(), "{error:?}");
        assert_eq!(error.attempts(), 1, "{error:?}");
        server.settled().await;
        assert_eq!(server.connections(), 1);
    }
}

/// The overall timeout ends retries that the policy would continue; the error is the last attempt's.
#[tokio::test]
async fn the_total_time_bounds_all_attempts() {
    let server = Scripted::start([Reply::with(503, &[], "")]).await.unwrap();
    let delay = Duration::from_millis(50);
    let policy = RetryPolicy::default().max_attempts(u32::MAX);
    let client = hasty(server.url())
        .retry(policy.min_delay(delay).max_delay(delay).seed(1))
        .timeout(Duration::from_millis(500))
        .build()
        .unwrap();
    let began = Instant::now();
    let error = bounded("all attempts", Method::Delete.call(&client)).await.unwrap_err();
    assert!(began.elapsed() < BOUND);
    server.settled().await;
    // It is either the last response, or the timeout while the client waited for one more.
    match error.status() {
        Some(status) => assert_eq!(status, 503, "{error:?}"),
        None => assert!(error.is_timeout(), "{error:?}"),
    }
    assert!(error.attempts() > ATTEMPTS as u32, "{error:?}");
    assert_eq!(server.connections(), error.attempts() as usize);
}
