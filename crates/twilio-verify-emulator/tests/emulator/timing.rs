//! When what attempts hold becomes known: to the list, to summaries, by the clock.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use twilio_verify_emulator::{
    Attempt, AttemptSid, ChannelData, Emulator, EmulatorBuilder, ErrorCode, ManualClock, Price,
    sample,
};

use crate::support::{
    attempt, converted, date, error, iso, json as get_json, now, sids, with_query,
};

const LIST: &str = "/v2/Attempts";
const SUMMARY: &str = "/v2/Attempts/Summary";

const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

async fn start(builder: EmulatorBuilder, attempts: impl IntoIterator<Item = Attempt>) -> Emulator {
    builder.clock(ManualClock::at(now())).attempts(attempts).start().await.unwrap()
}

fn advance(emulator: &Emulator, seconds: i64) {
    emulator.advance_clock(TimeDelta::seconds(seconds));
}

async fn listed(emulator: &Emulator, query: &[(&str, &str)]) -> usize {
    sids(&get_json(emulator, &with_query(LIST, query)).await).len()
}

/// Attempts and conversions of the summary.
async fn counted(emulator: &Emulator) -> (u64, u64) {
    let summary = get_json(emulator, SUMMARY).await;
    let count = |name: &str| summary[name].as_u64().unwrap();
    assert_eq!(count("total_unconverted"), count("total_attempts") - count("total_converted"));
    (count("total_attempts"), count("total_converted"))
}

async fn fetched(emulator: &Emulator, number: u128) -> Value {
    get_json(emulator, &format!("{LIST}/{}", AttemptSid::from_u128(number))).await
}

fn updated(mut attempt: Attempt, date: DateTime<Utc>) -> Attempt {
    attempt.date_updated = date;
    attempt
}

#[tokio::test]
async fn a_list_that_lags_shows_an_attempt_and_its_conversion_later() {
    let late = updated(converted(attempt(2, 40)), date(10));
    let emulator =
        start(Emulator::builder().list_lag(seconds(30)), [attempt(1, 29), late, attempt(3, 30)])
            .await;
    assert_eq!(counted(&emulator).await, (3, 1));
    assert_eq!(fetched(&emulator, 1).await["sid"], AttemptSid::from_u128(1).to_string());
    assert_eq!(listed(&emulator, &[]).await, 2);
    assert_eq!(listed(&emulator, &[("Status", "converted")]).await, 0);
    assert_eq!(listed(&emulator, &[("Status", "unconverted")]).await, 2);
    advance(&emulator, 1);
    assert_eq!(listed(&emulator, &[]).await, 3);
    advance(&emulator, 18);
    assert_eq!(listed(&emulator, &[("Status", "converted")]).await, 0);
    advance(&emulator, 1);
    assert_eq!(listed(&emulator, &[("Status", "converted")]).await, 1);
    assert_eq!(listed(&emulator, &[("Status", "unconverted")]).await, 2);
}

#[tokio::test]
async fn a_summary_that_lags_counts_an_attempt_and_its_conversion_later() {
    let late = updated(converted(attempt(2, 40)), date(10));
    let emulator =
        start(Emulator::builder().summary_lag(seconds(30)), [attempt(1, 29), late]).await;
    assert_eq!(listed(&emulator, &[("Status", "converted")]).await, 1);
    assert_eq!(listed(&emulator, &[]).await, 2);
    assert_eq!(counted(&emulator).await, (1, 0));
    advance(&emulator, 1);
    assert_eq!(counted(&emulator).await, (2, 0));
    advance(&emulator, 19);
    assert_eq!(counted(&emulator).await, (2, 1));
}

#[tokio::test]
async fn a_price_comes_late() {
    let mut own = attempt(1, 0);
    own.price = Some(Price::new("0.1234".parse().unwrap(), "eur"));
    let emulator = start(Emulator::builder().price_delay(seconds(60)), [own, attempt(2, 0)]).await;
    for number in [1, 2] {
        let early = fetched(&emulator, number).await;
        assert_eq!(early["price"], Value::Null);
        assert_eq!(early["date_updated"], iso(now()));
    }
    advance(&emulator, 59);
    assert_eq!(fetched(&emulator, 1).await["price"], Value::Null);
    advance(&emulator, 1);
    let price = fetched(&emulator, 1).await;
    assert_eq!(price["price"], json!({ "value": "0.1234", "currency": "eur" }));
    assert_eq!(price["date_updated"], iso(now() + TimeDelta::seconds(60)));
    // That of a message to Colombia.
    let list = get_json(&emulator, LIST).await;
    assert_eq!(list["attempts"][0]["price"], json!({ "value": "0.0050", "currency": "usd" }));
}

#[tokio::test]
async fn a_status_changes_until_it_is_known_what_arrived() {
    let with = |number, change: fn(&mut ChannelData)| {
        let mut attempt = attempt(number, 0);
        change(&mut attempt.channel_data);
        attempt
    };
    let attempts = [
        with(1, |data| data.message_status = Some("delivered".into())),
        with(2, |data| {
            data.message_status = Some("UNDELIVERED".into());
            data.error_code = Some(ErrorCode::Text("30003".into()));
        }),
        with(3, |data| data.call_status = Some("completed".into())),
        // Not one that it ends with.
        with(4, |data| data.message_status = Some("scheduled".into())),
        with(5, |_| {}),
    ];
    let emulator = start(Emulator::builder().delivery_delay(seconds(7)), attempts).await;
    let statuses = async || {
        let list = get_json(&emulator, LIST).await;
        let mut statuses = Vec::new();
        for attempt in list["attempts"].as_array().unwrap().iter().rev() {
            let data = &attempt["channel_data"];
            let status = data["message_status"].as_str().or(data["call_status"].as_str());
            statuses.push(status.unwrap_or_default().to_owned());
            assert_eq!(data["error_code"].is_null(), status != Some("UNDELIVERED"));
        }
        let updated = list["attempts"][0]["date_updated"].as_str().unwrap().to_owned();
        (statuses, updated)
    };
    let at = |seconds| iso(now() + TimeDelta::seconds(seconds));
    let queued = ["queued", "queued", "queued", "scheduled", ""].map(str::to_owned).to_vec();
    let sent = ["sent", "sent", "in-progress", "scheduled", ""].map(str::to_owned).to_vec();
    let end =
        ["delivered", "UNDELIVERED", "completed", "scheduled", ""].map(str::to_owned).to_vec();
    assert_eq!(statuses().await, (queued.clone(), at(0)));
    advance(&emulator, 3);
    assert_eq!(statuses().await, (queued, at(0)));
    advance(&emulator, 1);
    assert_eq!(statuses().await, (sent.clone(), at(4)));
    advance(&emulator, 2);
    assert_eq!(statuses().await, (sent, at(4)));
    advance(&emulator, 1);
    assert_eq!(statuses().await, (end, at(7)));
}

#[tokio::test]
async fn as_of_the_clock_attempts_happen_one_after_the_other() {
    let attempts = [
        updated(converted(attempt(1, 5)), date(-10)),
        updated(converted(attempt(2, -20)), date(-30)),
    ]
    .map(|mut attempt| {
        attempt.channel_data.status = Some("confirmed".into());
        attempt
    });
    let emulator = start(Emulator::builder().as_of_clock(true), attempts).await;
    let second = format!("{LIST}/{}", AttemptSid::from_u128(2));
    assert_eq!(counted(&emulator).await, (1, 0));
    assert_eq!(listed(&emulator, &[]).await, 1);
    let first = fetched(&emulator, 1).await;
    assert_eq!(first["conversion_status"], "unconverted");
    assert_eq!(first["channel_data"]["status"], "unconfirmed");
    assert_eq!(first["date_updated"], first["date_created"]);
    error(&emulator, &second, 404, 20404).await;
    let control = get_json(&emulator, "/_emulator/attempts").await;
    assert_eq!(sids(&control).len(), 1);
    assert_eq!(control["attempts"][0]["conversion_status"], "unconverted");
    assert_eq!(get_json(&emulator, "/_emulator/summary").await["total_attempts"], 1);

    advance(&emulator, 10);
    assert_eq!(counted(&emulator).await, (1, 1));
    let first = fetched(&emulator, 1).await;
    assert_eq!(first["channel_data"]["status"], "confirmed");
    assert_eq!(first["date_updated"], iso(date(-10)));
    advance(&emulator, 10);
    assert_eq!(counted(&emulator).await, (2, 1));
    advance(&emulator, 10);
    assert_eq!(counted(&emulator).await, (2, 2));
    assert_eq!(fetched(&emulator, 2).await["conversion_status"], "converted");
    // A clock that is set back shows what was there before.
    advance(&emulator, -30);
    assert_eq!(counted(&emulator).await, (1, 0));
}

#[tokio::test]
async fn a_sample_that_ends_later_goes_on_with_the_clock() {
    let end = now() + TimeDelta::days(2);
    let attempts = sample(7, end, 5_000);
    let emulator = start(Emulator::builder().as_of_clock(true), attempts.clone()).await;
    for hours in [0, 1, 7, 48] {
        advance(&emulator, hours * 3600);
        let at = get_json(&emulator, "/_emulator/clock").await["now"].as_str().unwrap().to_owned();
        let at: DateTime<Utc> = at.parse().unwrap();
        let made = attempts.iter().filter(|attempt| attempt.date_created <= at);
        let done = made.clone().filter(|attempt| {
            attempt.conversion_status.as_str() == "converted" && attempt.date_updated <= at
        });
        assert_eq!(counted(&emulator).await, (made.count() as u64, done.count() as u64));
    }
}

/// What a request made is the same as what was loaded.
#[tokio::test]
async fn attempts_of_verifications_change_too() {
    let builder = Emulator::builder()
        .service("VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa".parse().unwrap(), "Shop")
        .price_delay(seconds(60))
        .delivery_delay(seconds(4))
        .list_lag(seconds(2));
    let emulator = start(builder, []).await;
    let url = format!("{}/_emulator/verifications", emulator.url());
    let body = json!({ "to": "+573003003030" }).to_string();
    let sent = crate::http::http()
        .post(url)
        .header("content-type", "application/json")
        .body(body)
        .send()
        .await
        .unwrap();
    assert_eq!(sent.status(), 201);
    assert_eq!(listed(&emulator, &[]).await, 0);
    assert_eq!(counted(&emulator).await, (1, 0));
    let mut seen = Vec::new();
    for _ in 0..3 {
        advance(&emulator, 2);
        let attempt = get_json(&emulator, LIST).await["attempts"][0].clone();
        seen.push(attempt["channel_data"]["message_status"].as_str().unwrap().to_owned());
        assert_eq!(attempt["price"], Value::Null);
    }
    assert_eq!(seen, ["queued", "sent", "delivered"]);
    advance(&emulator, 60);
    assert!(get_json(&emulator, LIST).await["attempts"][0]["price"]["value"].is_string());
}

#[tokio::test]
async fn the_settings_are_shown() {
    let builder = Emulator::builder()
        .created_after(twilio_verify_emulator::Bound::Exclusive)
        .summary_retention(seconds(86_400))
        .list_lag(Duration::from_millis(500))
        .price_delay(seconds(60))
        .as_of_clock(true);
    let emulator = start(builder, []).await;
    assert_eq!(
        get_json(&emulator, "/_emulator/info").await["attempts"],
        json!({
            "created_after_is_inclusive": false,
            "created_before_is_inclusive": false,
            "retention": 2_592_000.0,
            "summary_retention": 86_400.0,
            "as_of_clock": true,
            "list_lag": 0.5,
            "summary_lag": 0.0,
            "price_delay": 60.0,
            "delivery_delay": null,
        })
    );
}

#[tokio::test]
async fn extreme_delays_do_not_panic() {
    for delay in [Duration::MAX, Duration::from_nanos(1)] {
        let builder = Emulator::builder()
            .list_lag(delay)
            .summary_lag(delay)
            .price_delay(delay)
            .delivery_delay(delay);
        let emulator = start(builder, [converted(attempt(1, 5))]).await;
        let is_short = u64::from(delay < seconds(1));
        assert_eq!(counted(&emulator).await, (is_short, is_short));
        assert_eq!(listed(&emulator, &[]).await as u64, is_short);
    }
}
