//! Traffic of a few seconds around midnight, what each endpoint shows of it, and its naive count.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use proptest::prelude::*;
use proptest::sample::select;
use twilio_verify_emulator::{
    Attempt, AttemptSid, Channel, ConversionStatus, Price, ServiceSid, VerificationSid,
};
use twilio_verify_insights::By;

/// The first second that has attempts: three seconds before midnight.
pub(crate) fn start() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 3, 2, 23, 59, 57).unwrap()
}

/// An instant, in seconds since the start.
pub(crate) fn at(seconds: i64) -> DateTime<Utc> {
    start() + TimeDelta::seconds(seconds)
}

/// How many seconds have attempts.
pub(crate) const SECONDS: i64 = 7;

/// Country, destination and carrier. Some share a prefix, one is as short as a prefix, one is no number.
const PLACES: [(Option<&str>, &str, Option<&str>); 7] = [
    (Some("CO"), "+573003003030", Some("Claro")),
    (Some("CO"), "+573103003030", Some("Tigo")),
    (Some("CO"), "+57", None),
    (Some("US"), "+12025550123", Some("Verizon")),
    (Some("US"), "+13055550123", None),
    (Some("BR"), "+5511900000000", Some("Vivo")),
    (None, "someone@example.com", None),
];

pub(crate) const PREFIXES: [&str; 5] = ["+5", "+57", "+5730", "+1", "+7"];

pub(crate) fn services() -> [ServiceSid; 2] {
    [ServiceSid::from_u128(0xa), ServiceSid::from_u128(0xb)]
}

/// Attempts without their SIDs.
pub(crate) fn traffic(most: usize) -> impl Strategy<Value = Vec<Attempt>> {
    // Many in few seconds, or as many in each.
    let second = prop_oneof![3 => 0..SECONDS, 2 => 2..4_i64, 1 => Just(3_i64)];
    let place = (select(&PLACES[..]), select(Channel::ALL), 0..2_usize);
    let made = (second, place, prop::option::of(0..9_i64), select(vec!["usd", "eur"]));
    let one =
        made.prop_map(|(second, ((country, to, carrier), channel, service), delay, currency)| {
            let channel = if to.contains('@') { Channel::Email } else { channel };
            let mut attempt = Attempt::new(
                AttemptSid::from_u128(0),
                services()[service],
                VerificationSid::from_u128(0),
                channel,
                at(second),
            );
            if let Some(delay) = delay {
                attempt.conversion_status = ConversionStatus::Converted;
                attempt.date_updated += TimeDelta::seconds(delay);
            }
            attempt.price = Some(Price::new("0.01".parse().unwrap(), currency));
            attempt.channel_data.to = Some(to.into());
            attempt.channel_data.country = country.map(|country| country.parse().unwrap());
            attempt.channel_data.carrier = carrier.map(str::to_owned);
            attempt.channel_data.message_status = Some("delivered".into());
            attempt
        });
    prop::collection::vec(one, 0..most)
}

/// With SIDs from a number on.
pub(crate) fn numbered(attempts: &[Attempt], first: usize) -> Vec<Attempt> {
    let mut attempts = attempts.to_vec();
    for (number, attempt) in (first as u128 + 1..).zip(&mut attempts) {
        attempt.sid = AttemptSid::from_u128(number);
        attempt.verification_sid = VerificationSid::from_u128(number);
    }
    attempts
}

/// What an endpoint shows: what was made from a second on, as of another one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct View {
    pub(crate) from: i64,
    pub(crate) as_of: i64,
}

/// Attempts, conversions and the rest.
pub(crate) type Numbers = [u64; 3];

impl View {
    /// What it shows of an attempt.
    pub(crate) fn of(self, attempt: &Attempt) -> Option<Numbers> {
        let (created, updated) =
            (attempt.date_created.timestamp(), attempt.date_updated.timestamp());
        (self.from <= created && created <= self.as_of).then(|| {
            let is_converted =
                attempt.conversion_status == ConversionStatus::Converted && updated <= self.as_of;
            [1, u64::from(is_converted), u64::from(!is_converted)]
        })
    }
}

/// The label of an attempt.
fn label(by: By, attempt: &Attempt) -> Option<String> {
    let data = &attempt.channel_data;
    match by {
        By::Country => data.country.map(|country| country.to_string()),
        By::Channel => Some(attempt.channel.to_string()),
        By::Service => Some(attempt.service_sid.to_string()),
        By::Day => Some(attempt.date_created.format("%Y-%m-%d").to_string()),
        By::Hour => Some(attempt.date_created.format("%Y-%m-%dT%H").to_string()),
        By::Carrier => data.carrier.clone(),
        By::Prefix(digits) => {
            let number = data.to.as_deref().filter(|to| to.starts_with('+'))?;
            Some(number.chars().take(usize::from(digits) + 1).collect())
        }
        _ => unreachable!("not one of the dimensions of these tests"),
    }
}

pub(crate) type Cells = BTreeMap<Vec<Option<String>>, Numbers>;

/// Counts what a view shows, one by one.
pub(crate) fn count<'a>(
    attempts: impl IntoIterator<Item = &'a Attempt>,
    view: View,
    by: &[By],
) -> Cells {
    let mut cells = Cells::new();
    for attempt in attempts {
        if let Some(numbers) = view.of(attempt) {
            let labels = by.iter().map(|by| label(*by, attempt)).collect();
            add(cells.entry(labels).or_default(), numbers);
        }
    }
    cells
}

pub(crate) fn add(sum: &mut Numbers, numbers: Numbers) {
    for (sum, number) in sum.iter_mut().zip(numbers) {
        *sum += number;
    }
}
