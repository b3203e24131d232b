//! `GET /v2/Attempts/Summary`.

use std::time::Duration;

use proptest::prelude::*;
use serde_json::{Value, json};
use twilio_verify_emulator::{
    Bound, Channel, Emulator, ManualClock, RateOfNone, Rounding, ServiceSid,
};

use crate::support::{
    DAY, attempt, attempts, converted, date, iso, json as get_json, now, runtime, start,
    summary_filters, with_query,
};

const SUMMARY: &str = "/v2/Attempts/Summary";

#[tokio::test]
async fn nine_of_eleven_is_twilios_own_example() {
    let emulator = start((0..11).map(|number| {
        let attempt = attempt(number, 60);
        if number < 9 { converted(attempt) } else { attempt }
    }))
    .await;
    assert_eq!(
        get_json(&emulator, &format!("{SUMMARY}?Country=CO")).await,
        json!({
            "total_attempts": 11,
            "total_converted": 9,
            "total_unconverted": 2,
            "conversion_rate_percentage": "81.818181818",
            "url": format!("{}{SUMMARY}", emulator.url()),
        })
    );
}

#[tokio::test]
async fn of_nothing_the_rate_is_null_unless_set() {
    let emulator = start([]).await;
    let summary = get_json(&emulator, SUMMARY).await;
    assert_eq!(summary["total_attempts"], 0);
    assert_eq!(summary["conversion_rate_percentage"], Value::Null);

    let emulator = Emulator::builder().rate_of_none(RateOfNone::Zero).start().await.unwrap();
    assert_eq!(get_json(&emulator, SUMMARY).await["conversion_rate_percentage"], "0.000000000");
}

#[tokio::test]
async fn decimals_and_rounding_can_be_set() {
    let attempts = [converted(attempt(1, 0)), converted(attempt(2, 0)), attempt(3, 0)];
    for (rounding, expected) in [(Rounding::HalfUp, "66.67"), (Rounding::Down, "66.66")] {
        let builder =
            Emulator::builder().attempts(attempts.clone()).rate_decimals(2).rate_rounding(rounding);
        let emulator = builder.start().await.unwrap();
        assert_eq!(get_json(&emulator, SUMMARY).await["conversion_rate_percentage"], expected);
    }
}

#[tokio::test]
async fn adjacent_periods_add_up_and_bounds_can_be_set() {
    let instant = iso(date(60));
    let count = async |emulator: &Emulator, name: &str| {
        get_json(emulator, &with_query(SUMMARY, &[(name, &instant)])).await["total_attempts"]
            .as_u64()
            .unwrap()
    };
    let attempts = [attempt(1, 59), attempt(2, 60), attempt(3, 61)];
    let emulator = start(attempts.clone()).await;
    assert_eq!(count(&emulator, "DateCreatedAfter").await, 2);
    assert_eq!(count(&emulator, "DateCreatedBefore").await, 1);

    let builder = Emulator::builder().attempts(attempts);
    let builder = builder.created_after(Bound::Exclusive).created_before(Bound::Inclusive);
    let emulator = builder.start().await.unwrap();
    assert_eq!(count(&emulator, "DateCreatedAfter").await, 1);
    assert_eq!(count(&emulator, "DateCreatedBefore").await, 2);
}

#[tokio::test]
async fn a_period_that_ends_before_it_begins_is_empty() {
    let emulator = start([attempt(1, 60)]).await;
    let query = [("DateCreatedAfter", iso(date(0))), ("DateCreatedBefore", iso(date(120)))];
    assert_eq!(get_json(&emulator, &with_query(SUMMARY, &query)).await["total_attempts"], 0);
}

#[tokio::test]
async fn a_prefix_is_one_of_digits_not_of_numbers() {
    let mut attempts = [attempt(1, 0), attempt(2, 0), attempt(3, 0)];
    for (attempt, to) in attempts.iter_mut().zip(["+57", "+573053003030", "57305@example.com"]) {
        attempt.channel_data.to = Some(to.into());
    }
    let emulator = start(attempts).await;
    for (prefix, expected) in [
        ("+5", 2),
        ("+57", 2),
        ("+570", 0),
        ("+57305", 1),
        ("+573053003030", 1),
        ("+5730530030300", 0),
    ] {
        let summary =
            get_json(&emulator, &with_query(SUMMARY, &[("DestinationPrefix", prefix)])).await;
        assert_eq!(summary["total_attempts"], expected, "{prefix}");
    }
}

#[tokio::test]
async fn every_attempt_counts_unless_a_retention_is_set() {
    let attempts = [attempt(1, DAY), attempt(2, 400 * DAY)];
    let emulator = start(attempts.clone()).await;
    assert_eq!(get_json(&emulator, SUMMARY).await["total_attempts"], 2);

    let builder = Emulator::builder().attempts(attempts).clock(ManualClock::at(now()));
    let emulator =
        builder.summary_retention(Duration::from_secs(30 * 86_400)).start().await.unwrap();
    assert_eq!(get_json(&emulator, SUMMARY).await["total_attempts"], 1);
    let since = [("DateCreatedAfter", iso(date(500 * DAY)))];
    assert_eq!(get_json(&emulator, &with_query(SUMMARY, &since)).await["total_attempts"], 1);
}

#[tokio::test]
async fn what_is_inserted_counts_at_once() {
    let emulator = start([]).await;
    emulator.store().insert(attempt(1, 5)).unwrap();
    assert_eq!(get_json(&emulator, SUMMARY).await["total_attempts"], 1);
    let mut other = attempt(2, 10);
    other.service_sid = ServiceSid::from_u128(9);
    other.channel = Channel::Rbm;
    emulator.store().extend([other]).unwrap();
    let query =
        [("VerifyServiceSid", ServiceSid::from_u128(9).to_string()), ("Channel", "rbm".into())];
    assert_eq!(get_json(&emulator, &with_query(SUMMARY, &query)).await["total_attempts"], 1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_summary_is_what_counting_gives(
        attempts in attempts(0, 0..150),
        later in attempts(1_000, 0..5),
        filters in prop::collection::vec(summary_filters(), 12),
    ) {
        runtime().block_on(async {
            let emulator = start(attempts.clone()).await;
            for attempt in &later {
                emulator.store().insert(attempt.clone()).unwrap();
            }
            for filters in &filters {
                let matching: Vec<_> = attempts.iter().chain(&later).filter(|attempt| filters.matches(attempt)).collect();
                let converted = matching.iter().filter(|attempt| attempt.conversion_status.as_str() == "converted").count();
                let summary = get_json(&emulator, &with_query(SUMMARY, &filters.pairs())).await;
                prop_assert_eq!(&summary["total_attempts"], matching.len());
                prop_assert_eq!(&summary["total_converted"], converted);
                prop_assert_eq!(&summary["total_unconverted"], matching.len() - converted);
                prop_assert_eq!(summary["conversion_rate_percentage"].is_null(), matching.is_empty());
            }
            Ok(())
        })?;
    }
}

#[tokio::test]
async fn counting_goes_beyond_one_block() {
    // More than a few thousand: attempts are counted in blocks.
    let emulator = start((0..20_001).map(|number| {
        let attempt = attempt(number, number as i64);
        if number % 3 == 0 { converted(attempt) } else { attempt }
    }))
    .await;
    let summary = get_json(&emulator, SUMMARY).await;
    assert_eq!(
        (&summary["total_attempts"], &summary["total_converted"]),
        (&json!(20_001), &json!(6_667))
    );
    let query = [("DateCreatedAfter", iso(date(9_999))), ("DateCreatedBefore", iso(date(1_000)))];
    assert_eq!(get_json(&emulator, &with_query(SUMMARY, &query)).await["total_attempts"], 8_999);
}
