//! Connections of HTTP/2 that break: silence, GOAWAY, REFUSED_STREAM.

use std::time::Duration;

use tests::client::builder;
use tests::http2::{Action, BrokenHttp2};
use tokio::task::JoinSet;
use twilio_verify::{Channel, Client, ClientBuilder, Error, ErrorKind, RetryPolicy};

async fn start(action: impl Fn(usize) -> Action + Send + Sync + 'static) -> BrokenHttp2 {
    BrokenHttp2::start(action).await.unwrap()
}

/// A client that knows the server's certificate, and hardly waits.
fn client_of(server: &BrokenHttp2) -> ClientBuilder {
    let policy = RetryPolicy::default()
        .min_delay(Duration::from_millis(1))
        .max_delay(Duration::from_millis(2));
    builder(server.url(), "token")
        .root_certificate(server.certificate())
        .retry(policy)
        .no_documented_limits()
}

async fn post(client: &Client) -> Result<(), Error> {
    let service = client.service("VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
    service.verifications().start("+573003003030", Channel::Sms).send().await.map(drop)
}

async fn get(client: &Client) -> Result<(), Error> {
    client.attempts().summary().send().await.map(drop)
}

#[tokio::test]
async fn what_the_server_has_not_processed_is_sent_again() {
    let server = start(|number| match number {
        number if number % 7 == 0 => Action::Refuse,
        number if number % 11 == 0 => Action::GoAway,
        _ => Action::Answer,
    })
    .await;
    let client = client_of(&server).build().unwrap();
    for _ in 0..100 {
        post(&client).await.unwrap();
    }
    let seen = server.seen();
    assert_eq!(seen.answered, 100, "each POST is processed once");
    assert!(seen.requests > 120 && seen.connections > 5, "{seen:?}");
}

#[tokio::test]
async fn at_once_too() {
    let server = start(|number| match number {
        number if number % 13 == 0 => Action::GoAway,
        number if number % 5 == 0 => Action::Refuse,
        _ => Action::Answer,
    })
    .await;
    let client = client_of(&server).retry(RetryPolicy::default().max_attempts(20)).build().unwrap();
    let calls = (0..60).map(|_| {
        let client = client.clone();
        async move { post(&client).await }
    });
    for result in calls.collect::<JoinSet<_>>().join_all().await {
        result.unwrap();
    }
    assert_eq!(server.seen().answered, 60, "each POST is processed once");
}

#[tokio::test]
async fn a_post_that_may_have_been_processed_is_not_sent_again() {
    let server = start(|number| match number {
        2 => Action::Close,
        _ => Action::Answer,
    })
    .await;
    let client = client_of(&server).build().unwrap();
    post(&client).await.unwrap();
    assert_eq!(post(&client).await.unwrap_err().kind(), ErrorKind::NoAnswer);
    post(&client).await.unwrap();
    assert_eq!(server.seen().requests, 3);
}

#[tokio::test]
async fn a_connection_that_goes_silent_costs_one_call() {
    let server = start(|number| match number {
        3 => Action::Silence,
        _ => Action::Answer,
    })
    .await;
    let client = client_of(&server).attempt_timeout(Duration::from_millis(300)).build().unwrap();
    let mut lost = 0;
    for _ in 0..20 {
        if let Err(error) = post(&client).await {
            assert!(error.is_timeout(), "{error}");
            lost += 1;
        }
    }
    assert_eq!(lost, 1);
    assert_eq!(server.seen().connections, 2, "the calls after it are on another connection");
}

#[tokio::test]
async fn what_can_be_repeated_is_not_lost_to_silence() {
    let server = start(|number| match number {
        3 => Action::Silence,
        _ => Action::Answer,
    })
    .await;
    let client = client_of(&server).attempt_timeout(Duration::from_millis(300)).build().unwrap();
    for _ in 0..5 {
        get(&client).await.unwrap();
    }
    let seen = server.seen();
    assert_eq!((seen.connections, seen.requests, seen.answered), (2, 6, 5));
}

/// A clock that is paused moves on to the next timer whenever nothing else is left to do, and so it
/// does not wait for the network: a connection is made before.
#[tokio::test]
async fn pings_find_a_silent_connection_before_the_timeout() {
    let server = start(|number| match number {
        2 => Action::Silence,
        _ => Action::Answer,
    })
    .await;
    let client = client_of(&server).attempt_timeout(Duration::from_secs(60)).build().unwrap();
    post(&client).await.unwrap();

    tokio::time::pause();
    let began = tokio::time::Instant::now();
    let error = post(&client).await.unwrap_err();
    let waited = began.elapsed();
    tokio::time::resume();
    assert_eq!(error.kind(), ErrorKind::NoAnswer, "{error}");
    assert!(waited < Duration::from_secs(20), "{waited:?}");

    post(&client).await.unwrap();
    assert_eq!(server.seen().connections, 2, "the calls after it are on another connection");
}
