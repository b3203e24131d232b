//! Computes what is usual in a cell from its attempts by hour.

use chrono::{DateTime, Utc};

use crate::detect::store::bins::{HOUR, WEEK};
use crate::detect::store::weeks::Weeks;
use crate::detect::usual::{Profile, Usual};

/// The attempts of a cell by hour, from which the expected attempts are computed.
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

/// The usual attempts of a period.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Expected {
    /// The number of attempts.
    pub attempts: f64,
    /// The share of these attempts that converts, 0 to 1.
    pub rate: f64,
    /// The variance of the number of attempts divided by its mean, at least 1.
    pub dispersion: f64,
}

impl Hours {
    /// Adds the attempts of an hour.
    pub fn add(&mut self, hour: DateTime<Utc>, attempts: u64, converted: u64) {
        let hour = hour.timestamp().div_euclid(HOUR);
        let signed = |count| i64::try_from(count).unwrap_or(i64::MAX);
        self.hours.change(hour, signed(attempts), signed(converted));
    }

    /// Returns the expected attempts between `from` and `to`. They are estimated from the same hours of
    /// the week in up to `weeks` earlier weeks, shrunk towards the usual day of the cell; the rate is
    /// shrunk towards that of `parent`, the cell above. With less than a week, the same hours of
    /// earlier days are used; with less than a day, the mean. An hour that is an outlier among those of
    /// the other weeks is left out. Returns `None` if no earlier hours are known.
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
        // Half a year of hours is enough.
        let hours = before..=to.timestamp().div_euclid(HOUR).min(before.saturating_add(26 * WEEK));
        let attempts = hours.map(|hour| usual.attempts(hour) * part(hour, period)).sum();
        let is_long = to.timestamp() - from.timestamp() > 12 * HOUR;
        let dispersion = if is_long { usual.dispersion.1 } else { usual.dispersion.0 };
        Some(Expected { attempts, rate: usual.rate, dispersion })
    }
}

/// Returns the first hour that begins at a date or later.
pub(crate) fn first_whole_hour(date: DateTime<Utc>) -> i64 {
    date.timestamp().saturating_add(HOUR - 1).div_euclid(HOUR)
}

/// Returns the part of an hour, 0 to 1, that is in a period, given in seconds since the epoch.
pub(crate) fn part(hour: i64, (from, to): (i64, i64)) -> f64 {
    let first = hour.saturating_mul(HOUR);
    let seconds = to.min(first.saturating_add(HOUR)) - from.max(first);
    seconds.max(0) as f64 / HOUR as f64
}
