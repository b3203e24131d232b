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
        let parent = parent.and_then(|parent| Profile::of(parent, known_from, before, weeks));
        let usual = Usual::of(self, parent.as_ref(), known_from, before, weeks)?;
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

/// The hours that are known, one after the other.
#[derive(Clone, Debug)]
struct Known {
    first: i64,
    hours: Vec<Count>,
}

/// How attempts are spread over the day and the week.
#[derive(Clone, Debug)]
pub(crate) struct Profile {
    /// Attempts of each hour of the day.
    day: [f64; DAY as usize],
    /// By how much the days of the week differ from that, counted from the epoch's. `None` with less than a week.
    week: Option<[f64; 7]>,
    attempts: f64,
    converted: f64,
}

/// What is usual in a cell, by what is known before an hour.
#[derive(Clone, Debug)]
pub(crate) struct Usual {
    known: Known,
    weeks: i64,
    day: [f64; DAY as usize],
    week: Option<[f64; 7]>,
    /// Attempts that are known.
    pub(crate) attempts: f64,
    pub(crate) rate: f64,
    /// Of hours, and of days.
    pub(crate) dispersion: (f64, f64),
}

impl Profile {
    /// Of the hours from `known_from` on and before another one. `None` if there are none.
    pub(crate) fn of(hours: &Hours, known_from: i64, before: i64, weeks: u8) -> Option<Self> {
        Some(hours.known(known_from, before, i64::from(weeks.clamp(1, 52)))?.profile())
    }
}

impl Usual {
    /// By the hours from `known_from` on and before another one. `None` if there are none.
    pub(crate) fn of(
        hours: &Hours,
        parent: Option<&Profile>,
        known_from: i64,
        before: i64,
        weeks: u8,
    ) -> Option<Self> {
        let weeks = i64::from(weeks.clamp(1, 52));
        let known = hours.known(known_from, before, weeks)?;
        let profile = known.profile();
        let (prior, strength) = match parent {
            Some(parent) => {
                let rate = (parent.converted + PRIOR_RATE / 2.0) / (parent.attempts + PRIOR_RATE);
                (rate, PRIOR_RATE)
            }
            None => (0.5, 1.0),
        };
        Some(Self {
            weeks,
            day: profile.day,
            week: parent.map_or(profile.week, |parent| parent.week),
            attempts: profile.attempts,
            rate: (profile.converted + strength * prior) / (profile.attempts + strength),
            dispersion: known.dispersion(),
            known,
        })
    }

    /// The attempts that are usual in an hour.
    pub(crate) fn attempts(&self, hour: i64) -> f64 {
        let of_day = self.day.get(hour.rem_euclid(DAY) as usize).copied().unwrap_or_default();
        let day = hour.div_euclid(DAY).rem_euclid(7) as usize;
        let factor = self.week.and_then(|week| week.get(day).copied()).unwrap_or(1.0);
        let prior = of_day * factor;
        let (sum, weeks) = self.known.same_hours(hour, self.weeks);
        if prior <= 0.0 || weeks == 0.0 {
            return if weeks > 0.0 { sum / weeks } else { prior };
        }
        (sum + PRIOR_ATTEMPTS) / (weeks + PRIOR_ATTEMPTS / prior)
    }
}

impl Hours {
    fn known(&self, known_from: i64, before: i64, weeks: i64) -> Option<Known> {
        let first = known_from.max(before.saturating_sub(weeks * WEEK));
        if first >= before {
            return None;
        }
        let mut hours = vec![Count::default(); (before - first) as usize];
        let weeks = first.div_euclid(WEEK)..=before.div_euclid(WEEK);
        for (week, counts) in self.weeks.range(weeks) {
            for (hour, count) in (week * WEEK..).zip(counts.iter()) {
                if let Some(known) = usize::try_from(hour - first).ok().and_then(|at| hours.get_mut(at)) {
                    *known = *count;
                }
            }
        }
        Some(Known { first, hours })
    }
}

impl Known {
    /// Days since the epoch, and their hours: whether each is known, and its counts.
    fn days(&self) -> impl Iterator<Item = (i64, impl Iterator<Item = (bool, Count)> + '_)> + '_ {
        let begin = self.first.div_euclid(DAY);
        let missing = self.first.rem_euclid(DAY) as usize;
        let days = (missing + self.hours.len()).div_ceil(DAY as usize);
        (0..days).map(move |day| {
            let end = (day + 1) * DAY as usize;
            let first = (day * DAY as usize).max(missing);
            let known = self.hours.get(first - missing..(end - missing).min(self.hours.len()));
            let unknown = std::iter::repeat_n((false, Count::default()), first + DAY as usize - end);
            let known = known.unwrap_or_default().iter().map(|count| (true, *count));
            (begin + day as i64, unknown.chain(known))
        })
    }

    fn profile(&self) -> Profile {
        let mut sums = [(0.0, 0.0, 0.0_f64); DAY as usize];
        let (mut attempts, mut converted) = (0.0, 0.0);
        for (_, hours) in self.days() {
            for ((_, count), sum) in hours.zip(&mut sums).filter(|((is_known, _), _)| *is_known) {
                let of_hour = count.attempts as f64;
                attempts += of_hour;
                converted += count.converted as f64;
                *sum = (sum.0 + of_hour, sum.1 + 1.0, sum.2.max(of_hour));
            }
        }
        let mean = attempts / self.hours.len().max(1) as f64;
        let day = sums.map(|(sum, days, most)| {
            if mean == 0.0 || days == 0.0 {
                return mean;
            }
            let (sum, days) = without_outlier(sum, days, most);
            // Shrunk towards the mean of all.
            (sum + PRIOR_ATTEMPTS / 2.0) / (days + PRIOR_ATTEMPTS / 2.0 / mean)
        });
        let week = (self.hours.len() >= WEEK as usize).then(|| self.week(&day));
        Profile { day, week, attempts, converted }
    }

    /// By how much each day of the week differs from the usual day. By whole days: single hours say too little.
    fn week(&self, day: &[f64; DAY as usize]) -> [f64; 7] {
        let mut days = [(0.0, 0.0); 7];
        for (number, hours) in self.days() {
            if let Some((sum, usual)) = days.get_mut(number.rem_euclid(7) as usize) {
                for ((_, count), of_day) in hours.zip(day).filter(|((is_known, _), _)| *is_known) {
                    *sum += count.attempts as f64;
                    *usual += of_day;
                }
            }
        }
        days.map(|(sum, usual)| (sum + PRIOR_ATTEMPTS) / (usual + PRIOR_ATTEMPTS))
    }

    /// The attempts of the same hour in earlier weeks, and how many weeks these are.
    fn same_hours(&self, hour: i64, weeks: i64) -> (f64, f64) {
        let (mut sum, mut known, mut most) = (0.0, 0.0, 0.0_f64);
        for week in 1..=weeks {
            let earlier = usize::try_from(hour - week * WEEK - self.first).ok();
            if let Some(count) = earlier.and_then(|earlier| self.hours.get(earlier)) {
                let attempts = count.attempts as f64;
                (sum, known, most) = (sum + attempts, known + 1.0, most.max(attempts));
            }
        }
        without_outlier(sum, known, most)
    }

    /// The variance over the mean of hours and of days, by Pearson, each at least 1.
    fn dispersion(&self) -> (f64, f64) {
        let hours = self.hours.iter().map(|count| count.attempts as f64);
        let skipped = (DAY - self.first.rem_euclid(DAY)) % DAY;
        let days = self.hours.get(skipped as usize..).unwrap_or_default().chunks_exact(DAY as usize);
        let days = days.map(|day| day.iter().map(|count| count.attempts as f64).sum());
        (dispersion::<{ WEEK as usize }>(hours), dispersion::<7>(days))
    }
}

/// The variance of counts over their means, each of which is that of every `SLOTS`th.
fn dispersion<const SLOTS: usize>(counts: impl Iterator<Item = f64>) -> f64 {
    let mut slots = [(0.0, 0.0, 0.0); SLOTS];
    for (count, slot) in counts.zip((0..SLOTS).cycle()) {
        if let Some((sum, squares, known)) = slots.get_mut(slot) {
            *sum += count;
            *squares += count * count;
            *known += 1.0;
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
    // Little is known of few.
    f64::max(1.0, (sum + 1.5 * 10.0) / (degrees + 10.0))
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
