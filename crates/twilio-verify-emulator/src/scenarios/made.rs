//! Generates the attempts of a scenario.

use chrono::{DateTime, TimeDelta, Utc};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::attempts::data::attempt::{Attempt, Price};
use crate::scenarios::scenario::{Scenario, ScenarioNumbers};
use crate::values::calling_code;
use crate::values::channel::Channel;
use crate::values::conversion_status::ConversionStatus;
use crate::values::market::{self, Market};
use crate::values::sid::{AttemptSid, VerificationSid};

/// The number of seconds after which a code is no longer valid (documented by Twilio).
const CODE_VALID: i64 = 10 * 60;

/// The number of digits in a phone number without a known market.
const DIGITS: usize = 12;

/// The minimum number of digits after a prefix: a block of 10,000 numbers.
const BLOCK: usize = 4;

const DEFAULT_LOCALE: &str = "en";

/// An iterator that generates the attempts of one scenario, oldest first.
pub(crate) struct Made<'s> {
    scenario: &'s Scenario,
    rng: ChaCha8Rng,
    from: DateTime<Utc>,
    length: f64,
    count: u32,
    done: u32,
    prefix: &'s str,
    /// The number of digits after the prefix.
    digits: usize,
    /// The first of the sequential numbers.
    first: u64,
}

/// Creates the random generator of a scenario, independent of other scenarios, the sample and the emulator.
pub(crate) fn random(seed: u64, scenario: usize) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(2 + scenario as u64);
    rng
}

impl<'s> Made<'s> {
    /// Generates the attempts of a scenario in an emulator that starts now.
    pub(crate) fn of(scenario: &'s Scenario, mut rng: ChaCha8Rng, now: DateTime<Utc>) -> Self {
        let prefix = scenario.prefix.as_deref().unwrap_or("+");
        let shape = market::of_number(prefix).and_then(|market| market.numbers.first());
        let all = shape.map_or(DIGITS, |shape| shape.len() - 1);
        let digits = all.saturating_sub(prefix.len() - 1).max(BLOCK);
        Self {
            first: rng.random_range(0..10_u64.pow(BLOCK as u32)),
            rng,
            from: scenario.window(now).0,
            length: scenario.length_or_default().as_seconds_f64(),
            // A checked scenario generates at most a million attempts.
            count: scenario.count().round() as u32,
            done: 0,
            scenario,
            prefix,
            digits,
        }
    }

    fn number(&mut self) -> String {
        let numbers = 10_u64.pow(self.digits as u32);
        let number = match self.scenario.numbers_or_default() {
            ScenarioNumbers::Sequential => (self.first + u64::from(self.done)) % numbers,
            ScenarioNumbers::Random => self.rng.random_range(0..numbers),
        };
        format!("{}{number:0width$}", self.prefix, width = self.digits)
    }

    /// Returns the MCC, the MNC and the name of a number's network.
    fn carrier(&self, to: &str) -> Option<(String, String, Option<String>)> {
        let market = market::of_number(to);
        let Some(code) = &self.scenario.carrier else {
            // Adjacent numbers share a network.
            let of = match self.scenario.numbers_or_default() {
                ScenarioNumbers::Sequential => self.prefix,
                ScenarioNumbers::Random => to,
            };
            let (mcc, mnc, name) = market::carrier(of)?;
            return Some(((*mcc).into(), (*mnc).into(), Some((*name).into())));
        };
        let (mcc, mnc) = code.split_at_checked(3)?;
        let known = market.map_or(&[][..], |market| market.carriers);
        let known = known.iter().find(|carrier| (carrier.0, carrier.1) == (mcc, mnc));
        Some((mcc.into(), mnc.into(), known.map(|carrier| carrier.2.to_owned())))
    }

    fn attempt(&mut self) -> Attempt {
        let part = (f64::from(self.done) + self.rng.random::<f64>()) / f64::from(self.count);
        let created = self.from.timestamp() + (part * self.length) as i64;
        let is_converted = self.rng.random_bool(self.scenario.share());
        let submitted = self.rng.random_range(8..95);
        let to = self.number();
        let carrier = self.carrier(&to);
        let channel = self.scenario.channel_or_default();
        let market = market::of_number(&to);

        let mut attempt = Attempt::new(
            AttemptSid::from_u128(self.rng.random()),
            self.scenario.service_or_default(),
            VerificationSid::from_u128(self.rng.random()),
            channel,
            date(created, self.from),
        );
        let after = if is_converted { submitted } else { CODE_VALID };
        attempt.date_updated += TimeDelta::seconds(after);
        if is_converted {
            attempt.conversion_status = ConversionStatus::Converted;
        }
        attempt.price = Some(Price::new(market::price(channel, market), "usd"));
        let data = &mut attempt.channel_data;
        data.country = calling_code::country(&to);
        data.to = Some(to);
        data.status = Some(if is_converted { "confirmed" } else { "expired" }.into());
        data.code_length = Some(6);
        data.locale = Some(locale(market).into());
        if let Some((mcc, mnc, name)) = carrier {
            (data.mcc, data.mnc, data.carrier) = (Some(mcc), Some(mnc), name);
        }
        match channel {
            Channel::Call => data.call_status = Some("completed".into()),
            _ => data.message_status = Some("delivered".into()),
        }
        attempt
    }
}

impl Iterator for Made<'_> {
    type Item = Attempt;

    fn next(&mut self) -> Option<Attempt> {
        (self.done < self.count).then(|| {
            let attempt = self.attempt();
            self.done += 1;
            attempt
        })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = (self.count - self.done) as usize;
        (left, Some(left))
    }
}

fn locale(market: Option<&Market>) -> &'static str {
    market.map_or(DEFAULT_LOCALE, |market| market.locale)
}

/// Converts a second to a date, or returns another date if it is out of range.
fn date(second: i64, near: DateTime<Utc>) -> DateTime<Utc> {
    DateTime::from_timestamp(second, 0).unwrap_or(near)
}
