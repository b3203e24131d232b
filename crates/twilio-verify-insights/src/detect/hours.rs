//! What is usual in a cell: its attempts by hour.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::detect::store::bins::{DAY, HOUR, WEEK};

/// The attempts of a cell by hour, and what is to be expected of it by them.
///
/// ```
/// use chrono::{TimeDelta, TimeZone, Utc};
/// use twilio_verify_insights::Hours;
///
/// let now = Utc.with_ymd_and_hms(2026, 3, 30, 0, 0, 0).unwrap();
/// let from = now - TimeDelta::days(28);
/// let mut hours = Hours::default();
/// for hour in 0..28 * 24 {
///     hours.add(from + TimeDelta::hours(hour), 60, 45);
/// }
/// let usual = hours.expected(None, from, now, now + TimeDelta::minutes(30), 4).unwrap();
/// assert!((usual.attempts - 30.0).abs() < 0.01);
/// assert!((usual.rate - 0.75).abs() < 0.01);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Hours {
    /// By weeks since the epoch.
    weeks: BTreeMap<i64, Box<[Count; WEEK as usize]>>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Count {
    attempts: u64,
    converted: u64,
}

/// What is usual in a period.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Expected {
    /// How many attempts.
    pub attempts: f64,
    /// The share of them that convert, 0 to 1.
    pub rate: f64,
    /// The variance of the number of attempts over its mean, at least 1.
    pub dispersion: f64,
}

/// Attempts that the usual day of a cell, or the usual rate of the cell above, is worth.
const PRIOR_ATTEMPTS: f64 = 10.0;
/// Attempts that the rate of the cell above is worth.
pub(crate) const PRIOR_RATE: f64 = 20.0;
/// No hour says more about the dispersion than this.
const MOST_DISPERSED: f64 = 12.0;
/// An hour of so many times the others, and some more, is left out.
const OUTLIER: (f64, f64) = (4.0, 10.0);

impl Hours {
    /// Adds attempts of an hour.
    pub fn add(&mut self, hour: DateTime<Utc>, attempts: u64, converted: u64) {
        let hour = hour.timestamp().div_euclid(HOUR);
        let signed = |count| i64::try_from(count).unwrap_or(i64::MAX);
        self.change(hour, signed(attempts), signed(converted));
    }

    pub(crate) fn change(&mut self, hour: i64, attempts: i64, converted: i64) {
        let week = self.weeks.entry(hour.div_euclid(WEEK)).or_insert_with(|| Box::new([Count::default(); WEEK as usize]));
        if let Some(count) = week.get_mut(hour.rem_euclid(WEEK) as usize) {
            count.attempts = count.attempts.saturating_add_signed(attempts);
            count.converted = count.converted.saturating_add_signed(converted);
        }
    }

    pub(crate) fn forget_before(&mut self, hour: i64) {
        self.weeks = self.weeks.split_off(&hour.div_euclid(WEEK));
    }

    fn at(&self, hour: i64) -> Count {
        let week = self.weeks.get(&hour.div_euclid(WEEK));
        week.and_then(|week| week.get(hour.rem_euclid(WEEK) as usize)).copied().unwrap_or_default()
    }

    /// What is to be expected from one instant to another: by the same hours of the week in up to
    /// `weeks` earlier weeks, shrunk towards the usual day of the cell, and the rate towards the one of
    /// the cell above. With less than a week, by the same hours of the days before; with less than a
    /// day, by the mean. An hour that stands out from those of the other weeks is left out. `None` if
    /// nothing is known of earlier hours.
    pub fn expected(
        &self,
        parent: Option<&Self>,
        known_from: DateTime<Utc>,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
        weeks: u8,
    ) -> Option<Expected> {
        let known_from = first_whole_hour(known_from);
        let before = from.timestamp().div_euclid(HOUR);
        let usual = Usual::of(self, parent, known_from, before, weeks)?;
        let period = (from.timestamp(), to.timestamp());
        // Half a year of hours says it all.
        let hours = before..=to.timestamp().div_euclid(HOUR).min(before.saturating_add(26 * WEEK));
        let attempts = hours.map(|hour| usual.attempts(hour) * part(hour, period)).sum();
        let is_long = to.timestamp() - from.timestamp() > 12 * HOUR;
        let dispersion = if is_long { usual.dispersion.1 } else { usual.dispersion.0 };
        Some(Expected { attempts, rate: usual.rate, dispersion })
    }
}

/// The first hour that begins at a date or later.
pub(crate) fn first_whole_hour(date: DateTime<Utc>) -> i64 {
    date.timestamp().saturating_add(HOUR - 1).div_euclid(HOUR)
}

/// The part of an hour that is in a period, in seconds since the epoch.
pub(crate) fn part(hour: i64, (from, to): (i64, i64)) -> f64 {
    let first = hour.saturating_mul(HOUR);
    let seconds = to.min(first.saturating_add(HOUR)) - from.max(first);
    seconds.max(0) as f64 / HOUR as f64
}

/// What is usual in a cell, by what is known before an hour.
#[derive(Clone, Debug)]
pub(crate) struct Usual<'h> {
    hours: &'h Hours,
    known_from: i64,
    before: i64,
    weeks: i64,
    /// Attempts of each hour of the day.
    day: [f64; DAY as usize],
    /// By how much the hours of the week of the cell above differ from its hours of the day.
    factors: Option<Box<[f64; WEEK as usize]>>,
    /// Attempts and conversions that are known.
    pub(crate) attempts: f64,
    pub(crate) rate: f64,
    /// Of hours, and of days.
    pub(crate) dispersion: (f64, f64),
}

impl<'h> Usual<'h> {
    /// By the hours from `known_from` on and before another one. `None` if there are none.
    pub(crate) fn of(
        hours: &'h Hours,
        parent: Option<&Hours>,
        known_from: i64,
        before: i64,
        weeks: u8,
    ) -> Option<Self> {
        let weeks = i64::from(weeks.clamp(1, 52));
        let known_from = known_from.max(before.saturating_sub(weeks * WEEK));
        if known_from >= before {
            return None;
        }
        let (day, attempts, converted) = hours.day(known_from, before);
        let (factors, parent_rate) = match parent {
            Some(parent) => {
                let (of_day, attempts, converted) = parent.day(known_from, before);
                let rate = (converted + PRIOR_RATE / 2.0) / (attempts + PRIOR_RATE);
                (parent.factors(&of_day, known_from, before), rate)
            }
            None => (hours.factors(&day, known_from, before), 0.5),
        };
        let strength = if parent.is_some() { PRIOR_RATE } else { 1.0 };
        let rate = (converted + strength * parent_rate) / (attempts + strength);
        let dispersion = hours.dispersion(known_from, before);
        Some(Self { hours, known_from, before, weeks, day, factors, attempts, rate, dispersion })
    }

    /// The attempts that are usual in an hour.
    pub(crate) fn attempts(&self, hour: i64) -> f64 {
        let of_day = self.day.get(hour.rem_euclid(DAY) as usize).copied().unwrap_or_default();
        let factor = self.factors.as_ref().and_then(|all| all.get(hour.rem_euclid(WEEK) as usize));
        let prior = of_day * factor.copied().unwrap_or(1.0);
        let (sum, weeks) = self.hours.same_hours(hour, self.known_from, self.before, self.weeks);
        if prior <= 0.0 || weeks == 0.0 {
            return if weeks > 0.0 { sum / weeks } else { prior };
        }
        (sum + PRIOR_ATTEMPTS) / (weeks + PRIOR_ATTEMPTS / prior)
    }
}

impl Hours {
    /// The mean attempts of each hour of the day, shrunk towards the mean of all; all attempts and conversions.
    fn day(&self, known_from: i64, before: i64) -> ([f64; DAY as usize], f64, f64) {
        let mut sums = [(0.0, 0.0, 0.0_f64); DAY as usize];
        let (mut attempts, mut converted) = (0.0, 0.0);
        for hour in known_from..before {
            let count = self.at(hour);
            attempts += count.attempts as f64;
            converted += count.converted as f64;
            if let Some(sum) = sums.get_mut(hour.rem_euclid(DAY) as usize) {
                sum.0 += count.attempts as f64;
                sum.1 += 1.0;
                sum.2 = sum.2.max(count.attempts as f64);
            }
        }
        let mean = attempts / (before - known_from).max(1) as f64;
        let day = sums.map(|(sum, days, most)| {
            if mean == 0.0 || days == 0.0 {
                return mean;
            }
            let (sum, days) = without_outlier(sum, days, most);
            (sum + PRIOR_ATTEMPTS / 2.0) / (days + PRIOR_ATTEMPTS / 2.0 / mean)
        });
        (day, attempts, converted)
    }

    /// By how much each hour of the week differs from its hour of the day. `None` with less than a week.
    fn factors(&self, day: &[f64; DAY as usize], known_from: i64, before: i64) -> Option<Box<[f64; WEEK as usize]>> {
        if before - known_from < WEEK {
            return None;
        }
        // By whole days: single hours say too little.
        let mut days = [(0.0, 0.0); 7];
        for hour in known_from..before {
            if let Some((sum, usual)) = days.get_mut(hour.div_euclid(DAY).rem_euclid(7) as usize) {
                *sum += self.at(hour).attempts as f64;
                *usual += day.get(hour.rem_euclid(DAY) as usize).copied().unwrap_or_default();
            }
        }
        let mut factors = Box::new([1.0; WEEK as usize]);
        // Hours of the week are counted from the epoch, a Thursday; so are days.
        for (hour, factor) in factors.iter_mut().enumerate() {
            if let Some((sum, usual)) = days.get(hour / DAY as usize) {
                *factor = (sum + PRIOR_ATTEMPTS) / (usual + PRIOR_ATTEMPTS);
            }
        }
        Some(factors)
    }

    /// The attempts of the same hour in earlier weeks, and how many weeks these are.
    fn same_hours(&self, hour: i64, known_from: i64, before: i64, weeks: i64) -> (f64, f64) {
        let (mut sum, mut known, mut most) = (0.0, 0.0, 0.0_f64);
        for week in 1..=weeks {
            let earlier = hour - week * WEEK;
            if earlier >= known_from && earlier < before {
                let attempts = self.at(earlier).attempts as f64;
                (sum, known, most) = (sum + attempts, known + 1.0, most.max(attempts));
            }
        }
        without_outlier(sum, known, most)
    }

    /// The variance over the mean of hours and of days, by Pearson, each at least 1.
    fn dispersion(&self, known_from: i64, before: i64) -> (f64, f64) {
        let slots = |length: i64, size: usize| {
            let mut slots = vec![(0.0, 0.0, 0.0); size];
            for number in known_from.div_euclid(length) + 1..before.div_euclid(length) {
                let counts = (number * length..(number + 1) * length).map(|hour| self.at(hour).attempts);
                let attempts = counts.fold(0.0, |sum, attempts| sum + attempts as f64);
                if let Some(slot) = slots.get_mut(number.rem_euclid(size as i64) as usize) {
                    *slot = (slot.0 + attempts, slot.1 + attempts * attempts, slot.2 + 1.0);
                }
            }
            let (mut sum, mut degrees) = (0.0, 0.0);
            for (all, squares, known) in slots {
                let mean: f64 = all / known;
                if known >= 2.0 && mean >= 0.5 {
                    let of_slot: f64 = (squares - all * mean) / mean;
                    sum += of_slot.min(MOST_DISPERSED * (known - 1.0));
                    degrees += known - 1.0;
                }
            }
            // Little is known of few hours.
            f64::max(1.0, (sum + 1.5 * 10.0) / (degrees + 10.0))
        };
        (slots(1, WEEK as usize), slots(DAY, 7))
    }
}

/// A sum and its number of values, without the greatest one if that stands out from the others.
pub(crate) fn without_outlier(sum: f64, values: f64, most: f64) -> (f64, f64) {
    let others = values - 1.0;
    if others >= 2.0 && most > OUTLIER.0 * (sum - most) / others + OUTLIER.1 {
        (sum - most, others)
    } else {
        (sum, values)
    }
}
