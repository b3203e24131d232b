//! Generates sample attempts: a plausible month of traffic.

use std::cmp::Reverse;
use std::collections::VecDeque;

use chrono::{DateTime, Datelike, TimeDelta, Timelike, Utc, Weekday};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::attempts::data::attempt::{Attempt, ChannelData, ErrorCode, Price};
use crate::values::channel::Channel;
use crate::values::conversion_status::ConversionStatus;
use crate::values::country::Country;
use crate::values::market::{MARKETS, Market, price};
use crate::values::sid::{AttemptSid, ServiceSid, VerificationSid};

/// The services that [`sample`] generates attempts for: a sign-up, a log-in and a payment; the log-in is the busiest.
pub const SAMPLE_SERVICES: [ServiceSid; 3] = [
    ServiceSid::from_u128(0xa000_0000_0000_0000_0000_0000_0000_0001),
    ServiceSid::from_u128(0xa000_0000_0000_0000_0000_0000_0000_0002),
    ServiceSid::from_u128(0xa000_0000_0000_0000_0000_0000_0000_0003),
];

/// The share of each service in percent, and its difference of conversion in points.
const SERVICES: [(u32, f64); 3] = [(30, -0.04), (55, 0.02), (15, 0.05)];

const SECONDS: i64 = 30 * 24 * 60 * 60;
/// The number of seconds after which a code is no longer valid (documented by Twilio).
const CODE_VALID: i64 = 10 * 60;

/// The channels, how often each is used in percent, and the rate at which its codes are submitted.
const CHANNELS: [(Channel, u32, f64); 5] = [
    (Channel::Sms, 68, 0.76),
    (Channel::Whatsapp, 14, 0.85),
    (Channel::Email, 8, 0.66),
    (Channel::Call, 7, 0.55),
    (Channel::Rbm, 3, 0.81),
];

/// How busy each hour of the day is, by local time, in percent of the busiest hour.
const HOURS: [u8; 24] =
    [18, 11, 7, 5, 5, 8, 18, 36, 58, 76, 86, 90, 92, 88, 85, 86, 88, 92, 97, 100, 98, 84, 58, 34];

/// Generates `n` attempts of the 30 days before `now`, newest first. The same arguments generate the same attempts.
///
/// They spread over fourteen countries, five channels and [`SAMPLE_SERVICES`], follow each country's day and week, and
/// convert at rates that differ by country, channel and service. A code that is not submitted is often sent again; only
/// the latest attempt of a verification converts (assumed). Statuses and error codes agree with the conversion:
/// `message_status` on SMS, WhatsApp and RBM, `call_status` on calls. Prices are of a plausible size, not Twilio's; the
/// prices of the last hours are not known yet.
///
/// The destinations belong to nobody: e-mail addresses are at `example.com`; numbers come from ranges reserved for
/// fiction (US, GB, DE, FR, AU), or have their country's format with an unused prefix (IN) or zeros after the prefix.
///
/// ```
/// use chrono::{TimeZone, Utc};
/// use twilio_verify_emulator::sample;
///
/// let now = Utc.with_ymd_and_hms(2026, 3, 2, 21, 0, 0).unwrap();
/// assert_eq!(sample(1, now, 100), sample(1, now, 100));
/// ```
#[must_use]
pub fn sample(seed: u64, now: DateTime<Utc>, n: usize) -> Vec<Attempt> {
    let mut attempts: Vec<_> = samples(seed, now, n).collect();
    attempts.sort_by_key(|attempt| Reverse((attempt.date_created, attempt.sid)));
    attempts
}

/// Generates the attempts of [`sample`] one verification at a time, so that millions need not be in memory together.
///
/// ```
/// use twilio_verify_emulator::{Emulator, samples};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), twilio_verify_emulator::StartError> {
/// let emulator = Emulator::builder().attempts(samples(1, chrono::Utc::now(), 1_000)).start().await?;
/// assert_eq!(emulator.store().len(), 1_000);
/// # Ok(())
/// # }
/// ```
pub fn samples(seed: u64, now: DateTime<Utc>, n: usize) -> impl Iterator<Item = Attempt> {
    Samples {
        rng: ChaCha8Rng::seed_from_u64(seed),
        // Whole seconds, as Twilio's, rounded down so that no attempt is later than `now`.
        now: now.timestamp(),
        missing: n,
        pending: VecDeque::new(),
    }
}

struct Samples {
    rng: ChaCha8Rng,
    now: i64,
    /// The number of attempts still to be generated.
    missing: usize,
    /// The attempts of the latest verification that were not returned yet.
    pending: VecDeque<Attempt>,
}

impl Iterator for Samples {
    type Item = Attempt;

    fn next(&mut self) -> Option<Attempt> {
        if self.pending.is_empty() && self.missing > 0 {
            verification(&mut self.rng, self.now, self.missing, &mut self.pending);
            self.missing -= self.pending.len();
        }
        self.pending.pop_front()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.missing + self.pending.len();
        (left, Some(left))
    }
}

/// Adds the attempts of one verification: at least one, at most `most`.
fn verification(rng: &mut ChaCha8Rng, now: i64, most: usize, attempts: &mut VecDeque<Attempt>) {
    let service = pick(rng, SERVICES.iter().map(|service| service.0));
    let country = &MARKETS[pick(rng, MARKETS.iter().map(|country| country.share))];
    let mut channel = CHANNELS[pick(rng, CHANNELS.iter().map(|channel| channel.1))];
    let verification_sid = VerificationSid::from_u128(rng.random());
    let to = match channel.0 {
        Channel::Email => format!("user{}@example.com", rng.random_range(1..1_000_000_u32)),
        _ => number(rng, country),
    };
    let carrier = &country.carriers[pick(rng, (1..=country.carriers.len() as u32).rev())];
    let mut created = instant(rng, now, country.offset);

    for sent in 1.. {
        let attempt_sid = AttemptSid::from_u128(rng.random());
        let probability =
            channel.2 + country.conversion + SERVICES[service].1 - 0.12 * f64::from(sent - 1);
        let submitted = created + rng.random_range(8..95);
        let converted = rng.random_bool(probability.clamp(0.05, 0.97)) && submitted <= now;
        let again = created + rng.random_range(30..120);
        let resent = !converted
            && sent < 4
            && (sent as usize) < most
            && again <= now
            && rng.random_bool(0.45);

        let expired = created + CODE_VALID <= now;
        let status = if converted {
            "confirmed"
        } else if expired {
            "expired"
        } else {
            "unconfirmed"
        };
        let mut data = ChannelData {
            to: Some(to.clone()),
            status: Some(status.into()),
            country: country.code.parse::<Country>().ok(),
            code_length: Some(6),
            locale: Some(country.locale.into()),
            ..ChannelData::default()
        };
        deliver(rng, channel.0, converted, &mut data);
        if channel.0 != Channel::Email {
            data.mcc = Some(carrier.0.into());
            data.mnc = Some(carrier.1.into());
            data.carrier = Some(carrier.2.into());
        }

        let updated = if converted { submitted } else { (created + CODE_VALID).min(now) };
        let mut attempt = Attempt::new(
            attempt_sid,
            SAMPLE_SERVICES[service],
            verification_sid,
            channel.0,
            date(created),
        );
        attempt.date_updated = date(updated);
        attempt.conversion_status =
            if converted { ConversionStatus::Converted } else { ConversionStatus::Unconverted };
        // A price is known after one to twelve hours.
        let priced = created + rng.random_range(3_600..43_200) <= now;
        attempt.price = priced.then(|| Price::new(price(channel.0, Some(country)), "usd"));
        attempt.channel_data = data;
        attempts.push_back(attempt);

        if !resent {
            return;
        }
        created = again;
        // A recipient who got no message may ask for a call.
        if channel.0 != Channel::Email && rng.random_bool(0.25) {
            channel = CHANNELS[3];
        }
    }
}

/// Draws an index by shares.
fn pick(rng: &mut ChaCha8Rng, shares: impl Iterator<Item = u32> + Clone) -> usize {
    let mut drawn = rng.random_range(0..shares.clone().sum());
    for (index, share) in shares.enumerate() {
        if drawn < share {
            return index;
        }
        drawn -= share;
    }
    0
}

/// Draws a second of the 30 days that end at `now`; nights and weekends are less likely.
fn instant(rng: &mut ChaCha8Rng, now: i64, offset: i64) -> i64 {
    loop {
        let second = now - rng.random_range(0..SECONDS);
        let local = date(second) + TimeDelta::hours(offset);
        let weekend = matches!(local.weekday(), Weekday::Sat | Weekday::Sun);
        let busy = u32::from(HOURS[local.hour() as usize]) * if weekend { 7 } else { 10 };
        if rng.random_range(0..1000) < busy {
            return second;
        }
    }
}

fn number(rng: &mut ChaCha8Rng, country: &Market) -> String {
    let shape = country.numbers[rng.random_range(0..country.numbers.len())];
    let digit = |place| {
        if place == '#' { char::from(b'0' + rng.random_range(0..10_u8)) } else { place }
    };
    shape.chars().map(digit).collect()
}

/// Sets the delivery status. A converted attempt was delivered.
fn deliver(rng: &mut ChaCha8Rng, channel: Channel, converted: bool, data: &mut ChannelData) {
    let arrived = converted || rng.random_bool(0.55);
    let mut failed = |codes: &[&'static str]| codes[rng.random_range(0..codes.len())].to_owned();
    match channel {
        Channel::Email => {}
        Channel::Call if arrived => data.call_status = Some("completed".into()),
        Channel::Call => {
            data.call_status = Some(failed(&["no-answer", "no-answer", "busy", "failed"]))
        }
        Channel::Sms if arrived => data.message_status = Some("delivered".into()),
        Channel::Sms => {
            data.message_status = Some("undelivered".into());
            data.error_code =
                Some(ErrorCode::Text(failed(&["30003", "30005", "30006", "30007", "30008"])));
        }
        _ if arrived => {
            data.message_status = Some(if converted { "read" } else { "delivered" }.into())
        }
        _ => {
            data.message_status = Some("undelivered".into());
            data.error_code = Some(ErrorCode::Text(failed(&["63003", "63024"])));
        }
    }
}

/// Converts seconds to a date, or returns the epoch if they are out of range.
fn date(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::tables::draw::Draw;

    #[test]
    fn a_sample_of_the_same_seed_has_other_sids() {
        let sample = sample(1, chrono::Utc::now(), 1000);
        let mut draw = Draw::new(1);
        let drawn: HashSet<String> =
            (0..10_000).map(|_| draw.sid::<AttemptSid>().to_string()[2..].to_owned()).collect();
        for attempt in sample {
            let verification: VerificationSid = attempt.verification_sid;
            assert!(!drawn.contains(&attempt.sid.to_string()[2..]));
            assert!(!drawn.contains(&verification.to_string()[2..]));
        }
    }
}
