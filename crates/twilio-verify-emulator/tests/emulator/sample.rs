//! Generated attempts.

use std::collections::{BTreeMap, HashSet};

use chrono::{TimeDelta, Timelike};
use proptest::prelude::*;
use twilio_verify_emulator::{
    Attempt, Channel, ConversionStatus, ErrorCode, SAMPLE_SERVICES, sample,
};

use crate::support::{json, now, start};

const N: usize = 20_000;

fn rates<K: Ord>(attempts: &[Attempt], key: impl Fn(&Attempt) -> K) -> BTreeMap<K, f64> {
    let mut counts = BTreeMap::<K, (f64, f64)>::new();
    for attempt in attempts {
        let count = counts.entry(key(attempt)).or_default();
        count.0 += 1.0;
        count.1 += f64::from(u8::from(attempt.conversion_status == ConversionStatus::Converted));
    }
    counts.into_iter().map(|(key, (total, converted))| (key, converted / total)).collect()
}

fn spread<K>(rates: &BTreeMap<K, f64>) -> f64 {
    let (least, most) = rates
        .values()
        .fold((1.0_f64, 0.0_f64), |(least, most), rate| (least.min(*rate), most.max(*rate)));
    most - least
}

#[test]
fn the_same_seed_gives_the_same_attempts() {
    let attempts = sample(1, now(), 100);
    assert_eq!(attempts, sample(1, now(), 100));
    assert_ne!(attempts, sample(2, now(), 100));
    // Pinned: users' snapshots depend on it. A change is a breaking change.
    let json = serde_json::to_string(&attempts).unwrap();
    let fingerprint = json.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    assert_eq!(fingerprint, 2_550_572_687_370_283_641, "{:?}", attempts[0]);
}

#[test]
fn it_is_a_plausible_month() {
    let attempts = sample(1, now(), N);
    assert_eq!(attempts.len(), N);
    let month = now() - TimeDelta::days(30)..=now();
    assert!(attempts.iter().all(|attempt| month.contains(&attempt.date_created)));
    assert!(
        attempts
            .iter()
            .all(|attempt| (attempt.date_created..=now()).contains(&attempt.date_updated))
    );
    assert!(attempts.is_sorted_by(|newer, older| newer.date_created >= older.date_created));
    assert_eq!(attempts.iter().map(|attempt| attempt.sid).collect::<HashSet<_>>().len(), N);

    let countries = rates(&attempts, |attempt| attempt.channel_data.country.unwrap());
    let channels = rates(&attempts, |attempt| attempt.channel);
    let services = rates(&attempts, |attempt| attempt.service_sid);
    assert!(countries.len() >= 12, "{countries:?}");
    assert_eq!(
        channels.keys().copied().collect::<HashSet<_>>(),
        Channel::ALL.iter().copied().collect()
    );
    assert_eq!(services.keys().copied().collect::<HashSet<_>>(), SAMPLE_SERVICES.into());
    assert!(spread(&countries) > 0.1, "{countries:?}");
    assert!(spread(&channels) > 0.1, "{channels:?}");
    assert!(spread(&services) > 0.02, "{services:?}");

    let day =
        attempts.iter().filter(|attempt| attempt.channel_data.country.unwrap().code() == "CO");
    let hours = day.fold([0; 24], |mut hours, attempt| {
        hours[attempt.date_created.hour() as usize] += 1;
        hours
    });
    // 20:00 and 03:00 in Bogotá.
    assert!(hours[1] > 4 * hours[8], "{hours:?}");
}

#[test]
fn a_code_that_came_back_was_the_last_one_and_arrived() {
    let attempts = sample(1, now(), N);
    let mut verifications = BTreeMap::<_, Vec<&Attempt>>::new();
    // From the oldest on.
    for attempt in attempts.iter().rev() {
        verifications.entry(attempt.verification_sid).or_default().push(attempt);
    }
    assert!(verifications.values().filter(|attempts| attempts.len() > 1).count() > N / 20);
    for attempts in verifications.values() {
        let (_, earlier) = attempts.split_last().unwrap();
        assert!(
            earlier
                .iter()
                .all(|attempt| attempt.conversion_status == ConversionStatus::Unconverted)
        );
        assert!(
            attempts.iter().all(|attempt| attempt.channel_data.to == attempts[0].channel_data.to)
        );
    }
    for attempt in &attempts {
        let converted = attempt.conversion_status == ConversionStatus::Converted;
        let data = &attempt.channel_data;
        assert_eq!(data.status.as_deref() == Some("confirmed"), converted);
        let delivered = match attempt.channel {
            Channel::Email => converted,
            Channel::Call => data.call_status.as_deref() == Some("completed"),
            _ => matches!(data.message_status.as_deref(), Some("delivered" | "read")),
        };
        assert!(delivered || !converted, "{attempt:?}");
        assert_eq!(data.call_status.is_some(), attempt.channel == Channel::Call);
        let failed = data.message_status.as_deref() == Some("undelivered");
        assert_eq!(matches!(data.error_code, Some(ErrorCode::Text(_))), failed, "{attempt:?}");
    }
}

#[test]
fn destinations_carriers_and_prices_are_plausible() {
    for attempt in sample(1, now(), N) {
        let data = &attempt.channel_data;
        let to = data.to.as_deref().unwrap();
        if attempt.channel == Channel::Email {
            assert!(to.ends_with("@example.com"));
            assert_eq!(data.mcc, None);
        } else {
            let digits = to.strip_prefix('+').unwrap();
            assert!(
                (10..=13).contains(&digits.len())
                    && digits.bytes().all(|byte| byte.is_ascii_digit()),
                "{to}"
            );
            assert_eq!(data.mcc.as_ref().unwrap().len(), 3);
            assert!((2..=3).contains(&data.mnc.as_ref().unwrap().len()));
            assert!(data.carrier.is_some());
        }
        let age = now() - attempt.date_created;
        match &attempt.price {
            Some(price) => assert!(
                price.currency == "usd"
                    && price.value.is_sign_positive()
                    && age >= TimeDelta::hours(1)
            ),
            None => assert!(age <= TimeDelta::hours(12)),
        }
    }
}

#[tokio::test]
async fn an_emulator_serves_all_of_it() {
    let emulator = start(sample(1, now(), 3_000)).await;
    assert_eq!(json(&emulator, "/v2/Attempts/Summary").await["total_attempts"], 3_000);
    let mut path = "/v2/Attempts?PageSize=1000".to_owned();
    let mut total = 0;
    loop {
        let page = json(&emulator, &path).await;
        total += page["attempts"].as_array().unwrap().len();
        match page["meta"]["next_page_url"].as_str() {
            Some(next) => path = next.to_owned(),
            None => break,
        }
    }
    assert_eq!(total, 3_000);
}

proptest! {
    #[test]
    fn any_seed_gives_as_many_as_asked_for(seed: u64, n in 0..50_usize) {
        prop_assert_eq!(sample(seed, now(), n).len(), n);
    }
}
