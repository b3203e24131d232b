//! The facade against the emulator: what it lists is what there is, and what
//! it summarises is what it lists.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use rust_decimal::{Decimal, RoundingStrategy};
use twilio_verify::{Attempt, Channel, Client, ConversionStatus, Country, Error, RetryPolicy};
use twilio_verify_emulator::{Emulator, ManualClock, RateLimit, sample};

fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 3, 2, 21, 0, 0).unwrap()
}

async fn emulator(attempts: usize) -> (Emulator, Client) {
    let emulator = Emulator::builder()
        .attempts_limit(None)
        .clock(ManualClock::at(now()))
        .attempts(sample(7, now(), attempts))
        .start()
        .await
        .unwrap();
    let client = Client::builder()
        .credentials(emulator.credentials())
        .base_url(emulator.url())
        .no_documented_limits()
        .build()
        .unwrap();
    (emulator, client)
}

async fn all(mut items: twilio_verify::Items<Attempt>) -> Result<Vec<Attempt>, Error> {
    let mut attempts = Vec::new();
    while let Some(attempt) = items.try_next().await? {
        attempts.push(attempt);
    }
    Ok(attempts)
}

#[tokio::test]
async fn pages_of_any_size_make_the_whole_list() {
    let (_emulator, client) = emulator(357).await;
    let whole = all(client.attempts().list().page_size(1000).items()).await.unwrap();
    assert_eq!(whole.len(), 357);
    assert!(whole.is_sorted_by(|a, b| a.date_created >= b.date_created), "newest first");
    for size in [1, 7, 50, 357] {
        let paged = all(client.attempts().list().page_size(size).items()).await.unwrap();
        assert!(paged == whole, "pages of {size}");
    }
    let some = all(client.attempts().list().limit(120).page_size(50).items()).await.unwrap();
    assert!(some == whole[..120]);
    let by_default = client.attempts().list().pages().try_next().await.unwrap().unwrap();
    assert_eq!(by_default.items.len(), 50);
}

#[tokio::test]
async fn a_summary_counts_what_the_list_shows() {
    let (_emulator, client) = emulator(2_000).await;
    let attempts = client.attempts();
    let whole = all(attempts.list().page_size(1000).items()).await.unwrap();
    let after = now() - TimeDelta::days(9);
    let mut by_country: BTreeMap<Country, (u64, u64)> = BTreeMap::new();
    for attempt in &whole {
        let data = attempt.channel_data.as_ref().unwrap();
        let is_sms = attempt.channel == Some(Channel::Sms);
        let country = data.country.clone().filter(|_| is_sms);
        if let Some(country) = country.filter(|_| attempt.date_created >= Some(after)) {
            let counts = by_country.entry(country).or_default();
            counts.0 += 1;
            counts.1 += u64::from(attempt.conversion_status == Some(ConversionStatus::Converted));
        }
    }
    assert!(by_country.len() >= 10);
    for (country, (total, converted)) in by_country {
        let summary = attempts
            .summary()
            .country(country.clone())
            .channel(Channel::Sms)
            .created_after(after)
            .send()
            .await
            .unwrap();
        assert_eq!(
            (summary.total_attempts, summary.total_converted),
            (total, converted),
            "{country}"
        );
        assert_eq!(summary.total_unconverted, total - converted);
        let rate = Decimal::from(converted) * Decimal::from(100) / Decimal::from(total);
        let rate = rate.round_dp_with_strategy(9, RoundingStrategy::MidpointAwayFromZero);
        assert_eq!(summary.conversion_rate, Some(rate), "{country}");
    }
}

#[tokio::test]
async fn an_attempt_is_the_one_of_the_list() {
    let (_emulator, client) = emulator(3).await;
    for attempt in all(client.attempts().list().items()).await.unwrap() {
        let fetched = client.attempts().fetch(attempt.sid.clone().unwrap()).await.unwrap();
        assert!(fetched == attempt);
        let to = attempt.channel_data.as_ref().unwrap().to.clone().unwrap();
        let found = all(client.attempts().list().to(to.into_inner()).items()).await.unwrap();
        assert!(found.contains(&attempt));
    }
}

#[tokio::test]
async fn refusals_of_the_emulator_are_told_apart() {
    let clock = ManualClock::at(now());
    let emulator = Emulator::builder()
        .attempts_limit(None)
        .clock(clock.clone())
        .summary_limit(RateLimit::per_minute(2))
        .start()
        .await
        .unwrap();
    let with_token = |token: &str| {
        let account = emulator.account_sid();
        Client::builder()
            .credentials(twilio_verify::Credentials::auth_token(account, token))
            .base_url(emulator.url())
            .retry(RetryPolicy::never())
            .request_limit("FetchVerificationAttemptsSummary", None)
            .build()
            .unwrap()
    };
    let error = with_token("wrong").attempts().summary().send().await.unwrap_err();
    assert!(error.is_auth(), "{error}");
    assert_eq!(error.code(), Some(twilio_verify::codes::AUTHENTICATE));
    assert!(error.request_id().is_some_and(|id| id.starts_with("RQ")));

    let client = with_token(emulator.auth_token());
    let missing = "VLffffffffffffffffffffffffffffffff";
    assert!(client.attempts().fetch(missing).await.unwrap_err().is_not_found());

    let summary = client.attempts().summary();
    summary.clone().send().await.unwrap();
    summary.clone().send().await.unwrap();
    let error = summary.clone().send().await.unwrap_err();
    assert!(error.is_rate_limited() && error.is_retryable(), "{error}");
    clock.advance(TimeDelta::from_std(error.retry_after().unwrap()).unwrap());
    summary.send().await.unwrap();
}
