//! The rate limit of the summary.

use std::time::Duration;

use chrono::TimeDelta;
use twilio_verify_emulator::{Emulator, ManualClock, RateLimit};

use crate::http::http;
use crate::support::{assert_error, attempt, get, json, now};

const SUMMARY: &str = "/v2/Attempts/Summary";

async fn limited(limit: impl Into<Option<RateLimit>>) -> (Emulator, ManualClock) {
    let clock = ManualClock::at(now());
    let builder =
        Emulator::builder().clock(clock.clone()).attempts([attempt(1, 0)]).summary_limit(limit);
    (builder.start().await.unwrap(), clock)
}

async fn retry_after(emulator: &Emulator) -> u64 {
    let response = get(emulator, SUMMARY).await;
    let seconds = response.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert_eq!(assert_error(response, 429, 20429).await, "Too many requests");
    seconds
}

#[tokio::test]
async fn the_window_slides() {
    let (emulator, clock) = limited(RateLimit::per_minute(2)).await;
    json(&emulator, SUMMARY).await;
    clock.advance(TimeDelta::milliseconds(20_500));
    json(&emulator, SUMMARY).await;
    // 39.5 seconds, rounded up; a rejected request does not prolong it.
    for _ in 0..3 {
        assert_eq!(retry_after(&emulator).await, 40);
    }
    clock.advance(TimeDelta::milliseconds(39_499));
    assert_eq!(retry_after(&emulator).await, 1);
    clock.advance(TimeDelta::milliseconds(1));
    json(&emulator, SUMMARY).await;
    // The second request still counts: a fixed window would allow this one.
    assert_eq!(retry_after(&emulator).await, 21);
}

#[tokio::test]
async fn who_waits_as_told_is_served() {
    let (emulator, clock) = limited(RateLimit::new(1, Duration::from_millis(1_700))).await;
    json(&emulator, SUMMARY).await;
    let seconds = retry_after(&emulator).await;
    assert_eq!(seconds, 2);
    clock.advance(TimeDelta::seconds(seconds as i64));
    json(&emulator, SUMMARY).await;
}

#[tokio::test]
async fn a_hundred_a_minute_are_served_by_default() {
    let clock = ManualClock::at(now());
    let emulator = Emulator::builder().clock(clock).start().await.unwrap();
    for _ in 0..100 {
        json(&emulator, SUMMARY).await;
    }
    assert_eq!(retry_after(&emulator).await, 60);
    // Other operations have no limit, and a wrong token is checked first.
    json(&emulator, "/v2/Attempts").await;
    let stranger = http().get(format!("{}{SUMMARY}", emulator.url())).send().await.unwrap();
    assert_eq!(stranger.status(), 401);
}

#[tokio::test]
async fn a_request_with_a_bad_parameter_counts() {
    let (emulator, _clock) = limited(RateLimit::per_minute(1)).await;
    assert_eq!(get(&emulator, "/v2/Attempts/Summary?Country=x").await.status(), 400);
    assert_eq!(retry_after(&emulator).await, 60);
}

#[tokio::test]
async fn the_limit_can_be_off() {
    let (emulator, _clock) = limited(None).await;
    for _ in 0..150 {
        json(&emulator, SUMMARY).await;
    }
}
