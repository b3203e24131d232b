//! Computes what is usual: how attempts are spread over the day and the week, and how much they vary.

use crate::detect::store::bins::{DAY, WEEK};
use crate::detect::store::weeks::{Count, Weeks};

/// The weight of a cell's usual day in an estimate, in attempts.
const PRIOR_ATTEMPTS: f64 = 10.0;
/// The weight of the parent cell's rate in an estimate, in attempts.
pub(crate) const PRIOR_RATE: f64 = 20.0;
/// The most that an hour or a day can contribute to the dispersion, per degree of freedom.
const MOST_DISPERSED: f64 = 12.0;
/// An hour with more than the first factor times the mean of the others, plus the second number, is left out.
const OUTLIER: (f64, f64) = (4.0, 10.0);

/// The known hours, in sequence.
#[derive(Clone, Debug)]
struct Known {
    first: i64,
    hours: Vec<Count>,
}

/// How attempts are spread over the day and the week.
#[derive(Clone, Debug)]
pub(crate) struct Profile {
    /// The usual attempts of each hour of the day.
    day: [f64; DAY as usize],
    /// The factor of each day of the week, starting with the epoch's. `None` if less than a week is known.
    week: Option<[f64; 7]>,
    attempts: f64,
    converted: f64,
}

/// What is usual in a cell, computed from the hours before a given one.
#[derive(Clone, Debug)]
pub(crate) struct Usual {
    known: Known,
    weeks: i64,
    day: [f64; DAY as usize],
    week: Option<[f64; 7]>,
    /// The number of known attempts.
    pub(crate) attempts: f64,
    pub(crate) rate: f64,
    /// The dispersion of hours, and that of days.
    pub(crate) dispersion: (f64, f64),
}

impl Profile {
    /// Computes it from the hours in `known_from..before`, at most the last `weeks` weeks. Returns `None` if
    /// that range is empty.
    pub(crate) fn of(hours: &Weeks, known_from: i64, before: i64, weeks: u8) -> Option<Self> {
        Some(Known::of(hours, known_from, before, i64::from(weeks.clamp(1, 52)))?.profile())
    }
}

impl Usual {
    /// Computes it from the hours in `known_from..before`, at most the last `weeks` weeks. Returns `None` if
    /// that range is empty.
    pub(crate) fn of(
        hours: &Weeks,
        parent: Option<&Profile>,
        known_from: i64,
        before: i64,
        weeks: u8,
    ) -> Option<Self> {
        let weeks = i64::from(weeks.clamp(1, 52));
        let known = Known::of(hours, known_from, before, weeks)?;
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

    /// Returns the usual attempts of an hour.
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

impl Known {
    /// Reads the hours in `known_from..before`, at most the last `weeks` weeks. Returns `None` if that range is
    /// empty.
    fn of(hours: &Weeks, known_from: i64, before: i64, weeks: i64) -> Option<Self> {
        let first = known_from.max(before.saturating_sub(weeks * WEEK));
        (first < before).then(|| Self { first, hours: hours.between(first, before) })
    }

    /// Returns the days, numbered since the epoch, and for each of their hours whether it is known and its
    /// counts.
    fn days(&self) -> impl Iterator<Item = (i64, impl Iterator<Item = (bool, Count)> + '_)> + '_ {
        let begin = self.first.div_euclid(DAY);
        let missing = self.first.rem_euclid(DAY) as usize;
        let days = (missing + self.hours.len()).div_ceil(DAY as usize);
        (0..days).map(move |day| {
            let end = (day + 1) * DAY as usize;
            let first = (day * DAY as usize).max(missing);
            let known = self.hours.get(first - missing..(end - missing).min(self.hours.len()));
            let unknown =
                std::iter::repeat_n((false, Count::default()), first + DAY as usize - end);
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
            // Shrinks the hour towards the mean of all hours.
            (sum + PRIOR_ATTEMPTS / 2.0) / (days + PRIOR_ATTEMPTS / 2.0 / mean)
        });
        let week = (self.hours.len() >= WEEK as usize).then(|| self.week(&day));
        Profile { day, week, attempts, converted }
    }

    /// Returns the factor of each day of the week. It compares whole days, because single hours have too few
    /// attempts.
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

    /// Returns the attempts of the same hour in earlier weeks, and the number of these weeks.
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

    /// Returns the variance divided by the mean, by Pearson, of hours and of days, each at least 1.
    fn dispersion(&self) -> (f64, f64) {
        let hours = self.hours.iter().map(|count| count.attempts as f64);
        let skipped = (DAY - self.first.rem_euclid(DAY)) % DAY;
        let days =
            self.hours.get(skipped as usize..).unwrap_or_default().chunks_exact(DAY as usize);
        let days = days.map(|day| day.iter().map(|count| count.attempts as f64).sum());
        (dispersion::<{ WEEK as usize }>(hours), dispersion::<7>(days))
    }
}

/// Returns the variance of counts divided by their means, where each mean is that of every `SLOTS`th count.
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
    // Few counts say little: shrinks towards 1.5.
    f64::max(1.0, (sum + 1.5 * 10.0) / (degrees + 10.0))
}

/// Returns a sum and its number of values, without the greatest value if that is an outlier.
pub(crate) fn without_outlier(sum: f64, values: f64, most: f64) -> (f64, f64) {
    let others = values - 1.0;
    if others >= 2.0 && most > OUTLIER.0 * (sum - most) / others + OUTLIER.1 {
        (sum - most, others)
    } else {
        (sum, values)
    }
}
