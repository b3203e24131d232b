//! Made-up attempts for detectors.

use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use rust_decimal::Decimal;
use twilio_verify_insights::{History, Observation};

/// Splitmix64: the same numbers on every machine.
#[derive(Clone)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    pub(crate) fn is(&mut self, probability: f64) -> bool {
        ((self.next() >> 11) as f64) < probability * (1_u64 << 53) as f64
    }
}

/// A Monday.
pub(crate) fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 3, 30, 15, 20, 0).unwrap()
}

/// Countries, the first digits of numbers, the share of attempts in percent, the rate, the price of an SMS in 1/10000 USD.
pub(crate) const COUNTRIES: [(&str, &str, u64, f64, i64); 4] = [
    ("US", "+1202555", 50, 0.80, 79),
    ("CO", "+57300000", 25, 0.72, 50),
    ("GB", "+44770090", 15, 0.78, 405),
    ("NG", "+234803000", 10, 0.58, 2900),
];

/// An attempt by SMS, which converted after 30 seconds, if it did.
pub(crate) fn attempt(
    sid: u64,
    created: DateTime<Utc>,
    country: &str,
    to: &str,
    converted: bool,
    price: i64,
) -> Observation {
    let mut attempt = Observation::new(format!("VL{sid:032x}"), created).to(to);
    let after = if converted { 30 } else { 600 };
    attempt.updated = Some(created + TimeDelta::seconds(after));
    attempt.country = country.into();
    attempt.channel = "sms".into();
    attempt.converted = Some(converted);
    attempt.price = Some(("USD".parse().unwrap(), Decimal::new(price, 4)));
    attempt
}

/// Attempts of the days before [`now`], `a_day` a day, more by day than by night; the oldest first.
pub(crate) fn usual(seed: u64, days: i64, a_day: u64) -> Vec<Observation> {
    let mut random = Random::new(seed);
    let mut attempts = Vec::new();
    let end = now().timestamp();
    for number in 0..days.unsigned_abs() * a_day {
        let created = loop {
            let second = end - 1 - random.below(days.unsigned_abs() * 86_400) as i64;
            let hour = second.div_euclid(3600).rem_euclid(24);
            if random.is(if (7..22).contains(&hour) { 1.0 } else { 0.2 }) {
                break second;
            }
        };
        let mut drawn = random.below(100);
        let country = COUNTRIES.iter().find(|(_, _, share, ..)| {
            let is_it = drawn < *share;
            drawn = drawn.saturating_sub(*share);
            is_it
        });
        let (country, prefix, _, rate, price) = country.unwrap();
        let to = format!("{prefix}{:04}", random.below(10_000));
        let created = Utc.timestamp_opt(created, 0).unwrap();
        let converts = random.is(*rate) && created + TimeDelta::seconds(30) <= now();
        let sid = (seed << 32) + number;
        attempts.push(attempt(sid, created, country, &to, converts, *price));
    }
    attempts.sort_by_key(|attempt| attempt.created);
    attempts
}

/// Attempts to the numbers of a block, one after the other and evenly spaced, up to [`now`].
pub(crate) fn pumped(country: &str, block: &str, count: u64, minutes: i64) -> Vec<Observation> {
    let begin = now() - TimeDelta::minutes(minutes);
    let spacing = 60 * minutes / count as i64;
    let numbers = 0..count;
    numbers
        .map(|number| {
            let created = begin + TimeDelta::seconds(number as i64 * spacing);
            let mut attempt = attempt(
                (9 << 40) + number,
                created,
                country,
                &format!("{block}{number:04}"),
                false,
                3130,
            );
            attempt.carrier = "Beeline".into();
            attempt
        })
        .collect()
}

/// A history of these, of which everything is known for four weeks.
pub(crate) fn history(attempts: impl IntoIterator<Item = Observation>) -> History {
    let mut history = History::new().known_from(now() - TimeDelta::days(28));
    attempts.into_iter().for_each(|attempt| history.record(attempt));
    history
}
