//! What is usual in a cell: its attempts by hour.

use chrono::{DateTime, Utc};

use crate::detect::store::bins::{HOUR, WEEK};
use crate::detect::store::weeks::Weeks;
use crate::detect::usual::{Profile, Usual};

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
    hours: Weeks,
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

impl Hours {
    /// Adds attempts of an hour.
    pub fn add(&mut self, hour: DateTime<Utc>, attempts: u64, converted: u64) {
        let hour = hour.timestamp().div_euclid(HOUR);
        let signed = |count| i64::try_from(count).unwrap_or(i64::MAX);
        self.hours.change(hour, signed(attempts), signed(converted));
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
        let parent =
            parent.and_then(|parent| Profile::of(&parent.hours, known_from, before, weeks));
        let usual = Usual::of(&self.hours, parent.as_ref(), known_from, before, weeks)?;
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
