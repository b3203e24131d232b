//! Starting, stopping, and the log of requests.

use std::sync::Arc;
use std::time::{Duration, Instant};

use twilio_verify_emulator::{AttemptError, Emulator, StartError};

use crate::http::http;
use crate::support::{attempt, get, json, start};

const SUMMARY: &str = "/v2/Attempts/Summary";

fn shared<T: Send + Sync + 'static>(_: &T) {}

#[tokio::test]
async fn several_run_at_once_each_on_its_own_port() {
    let first = start([attempt(1, 0)]).await;
    let second = start([attempt(1, 0), attempt(2, 0)]).await;
    shared(&first);
    assert_ne!(first.url(), second.url());
    assert!(first.url().starts_with("http://127.0.0.1:"));
    assert_eq!(json(&first, SUMMARY).await["total_attempts"], 1);
    assert_eq!(json(&second, SUMMARY).await["total_attempts"], 2);
    assert_eq!(json(&first, SUMMARY).await["url"], format!("{}{SUMMARY}", first.url()));
}

#[tokio::test]
async fn it_starts_quickly() {
    let fastest = {
        let mut fastest = Duration::MAX;
        for _ in 0..20 {
            let begin = Instant::now();
            let _emulator = Emulator::start().await.unwrap();
            fastest = fastest.min(begin.elapsed());
        }
        fastest
    };
    assert!(fastest < Duration::from_millis(5), "{fastest:?}");
}

#[tokio::test]
async fn only_loopback_is_listened_on_unless_allowed() {
    let any = ([0, 0, 0, 0], 0).into();
    let error = Emulator::builder().address(any).start().await.unwrap_err();
    assert!(matches!(error, StartError::NotLoopback { .. }));
    assert!(error.to_string().contains("allow_non_loopback(true)"), "{error}");
    let allowed = Emulator::builder().address(any).allow_non_loopback(true).start().await.unwrap();
    // Clients cannot connect to 0.0.0.0.
    assert!(allowed.url().starts_with("http://127.0.0.1:"));
    assert_eq!(json(&allowed, SUMMARY).await["total_attempts"], 0);
}

#[tokio::test]
async fn urls_in_answers_are_those_that_clients_reach() {
    for (given, base) in [
        ("http://emulator.example:8080/", "http://emulator.example:8080"),
        ("https://example.com/twilio/", "https://example.com/twilio"),
    ] {
        let emulator = Emulator::builder().public_url(given).start().await;
        assert_eq!(emulator.unwrap().url(), base);
    }
    for given in [
        "",
        "emulator",
        "emulator:8080",
        "ftp://emulator",
        "http://user@emulator",
        "http://emulator?a=b",
        "http://emulator#a",
    ] {
        let error = Emulator::builder().public_url(given).start().await;
        let error = error.unwrap_err();
        assert!(matches!(error, StartError::InvalidPublicUrl), "{given}");
    }
}

#[tokio::test]
async fn a_port_that_is_taken_is_told() {
    let first = start([]).await;
    let address: std::net::SocketAddr =
        first.url().strip_prefix("http://").unwrap().parse().unwrap();
    let error = Emulator::builder().address(address).start().await.unwrap_err();
    assert!(matches!(error, StartError::Bind { .. }));
    assert!(error.to_string().contains(&address.to_string()), "{error}");
}

#[tokio::test]
async fn two_attempts_with_one_sid_are_told() {
    let error =
        Emulator::builder().attempts([attempt(1, 0), attempt(1, 5)]).start().await.unwrap_err();
    assert!(matches!(error, StartError::Attempt(AttemptError::DuplicateSid(_))));
    let mut late = attempt(1, 0);
    late.date_updated = chrono::DateTime::<chrono::Utc>::MAX_UTC;
    let error = Emulator::builder().attempts([late]).start().await.unwrap_err();
    assert!(matches!(
        error,
        StartError::Attempt(AttemptError::Field { field: "date_updated", .. })
    ));
}

/// Waits, for at most ten seconds, until nobody listens.
async fn assert_stops(url: &str) {
    for _ in 0..1000 {
        if http().get(url).send().await.is_err() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("still listening");
}

#[tokio::test]
async fn shutting_down_stops_it_even_with_an_idle_connection() {
    let emulator = Arc::new(start([]).await);
    let client = http();
    client.get(emulator.url()).send().await.unwrap();
    let waiting = tokio::spawn({
        let emulator = Arc::clone(&emulator);
        async move { emulator.wait().await }
    });
    emulator.shutdown().await;
    waiting.await.unwrap();
    assert!(client.get(emulator.url()).send().await.is_err());
    // A second shutdown returns too.
    emulator.shutdown().await;
    emulator.wait().await;
}

#[tokio::test]
async fn dropping_stops_it() {
    let emulator = start([]).await;
    let url = emulator.url().to_owned();
    get(&emulator, SUMMARY).await;
    drop(emulator);
    assert_stops(&url).await;
}

#[tokio::test]
async fn requests_are_noted_as_they_came() {
    let emulator = start([]).await;
    let raw =
        "/v2/Attempts/Summary?DestinationPrefix=%2B57305&DateCreatedAfter=2026-03-02T21%3A00%3A00Z";
    let request =
        http().get(format!("{}{raw}", emulator.url())).header("user-agent", "twilio-rust/0.1.0");
    request.basic_auth(emulator.account_sid(), Some(emulator.auth_token())).send().await.unwrap();
    http().delete(format!("{}/v2/Attempts/+573003003030", emulator.url())).send().await.unwrap();

    let requests = emulator.requests();
    assert_eq!(requests.len(), 2);
    let first = &requests[0];
    assert_eq!(
        (first.method(), first.path(), first.status()),
        ("GET", "/v2/Attempts/Summary", 200)
    );
    assert_eq!(first.query(), raw.split_once('?').map(|(_, query)| query));
    assert_eq!(first.header("User-Agent"), Some("twilio-rust/0.1.0"));
    assert!(first.header("authorization").unwrap().starts_with("Basic "));
    assert_eq!(first.header("content-type"), None);
    assert_eq!(
        (requests[1].method(), requests[1].query(), requests[1].status()),
        ("DELETE", None, 401)
    );

    let debug = format!("{requests:?} {emulator:?}");
    for secret in
        ["57305", "5730030", emulator.auth_token(), first.header("authorization").unwrap()]
    {
        assert!(!debug.contains(secret), "{debug}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn readers_and_a_writer_do_not_disturb_each_other() {
    let emulator = Arc::new(start([]).await);
    let readers: Vec<_> = (0..4)
        .map(|_| {
            let emulator = Arc::clone(&emulator);
            tokio::spawn(async move {
                let mut before = 0;
                for _ in 0..20 {
                    let total = json(&emulator, SUMMARY).await["total_attempts"].as_u64().unwrap();
                    assert!(total >= before);
                    before = total;
                    json(&emulator, "/v2/Attempts").await;
                }
            })
        })
        .collect();
    for number in 0..2_000 {
        emulator.store().insert(attempt(number, (number as i64 * 7919) % 1000)).unwrap();
        if number % 100 == 0 {
            tokio::task::yield_now().await;
        }
    }
    for reader in readers {
        reader.await.unwrap();
    }
    assert_eq!(json(&emulator, SUMMARY).await["total_attempts"], 2_000);
}
