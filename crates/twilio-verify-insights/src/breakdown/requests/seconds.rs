//! Counts the attempts of each second, and finds the seconds that show whether the filters by date
//! include their instants.

use std::collections::BTreeMap;

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};

use crate::breakdown::requests::bounds::Bounds;
use crate::period::Period;

/// The number of attempts in each second of a stretch of time whose attempts were all listed.
#[derive(Clone, Debug)]
pub(crate) struct Seconds {
    counts: BTreeMap<DateTime<Utc>, u64>,
    /// The first and the last second of the stretch.
    first: DateTime<Utc>,
    last: DateTime<Utc>,
}

/// A second, or several consecutive ones with the same number of attempts, that has more attempts
/// than the second before and the second after.
///
/// With `a` the second before it and `c` the second after it, the counts of (a, first), (last, c)
/// and (a, c) are different for each of the four possible bounds. Attempts that are made meanwhile,
/// or that the list does not show yet, only add to the counts, and no addition makes the counts of
/// some bounds equal to those expected for others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Peak {
    pub(crate) first: DateTime<Utc>,
    pub(crate) last: DateTime<Utc>,
    /// The attempts in all of it, and in each of its seconds.
    total: u64,
    each: u64,
    /// The attempts of the second before it, and of the one after it.
    before: u64,
    after: u64,
}

pub(crate) const SECOND: TimeDelta = TimeDelta::seconds(1);

impl Seconds {
    /// Creates the stretch of a period, without attempts.
    pub(crate) fn within(period: Period) -> Self {
        Self::new(period.from(), period.to() - SECOND)
    }

    /// Creates a stretch without attempts.
    fn new(first: DateTime<Utc>, last: DateTime<Utc>) -> Self {
        Self { counts: BTreeMap::new(), first, last }
    }

    /// Removes the oldest second, which may have more attempts if only the newest ones were listed.
    pub(crate) fn cut(&mut self) {
        if let Some((oldest, _)) = self.counts.first_key_value() {
            self.first = *oldest + SECOND;
        }
    }

    fn of(&self, second: DateTime<Utc>) -> u64 {
        self.counts.get(&second).copied().unwrap_or_default()
    }

    /// Returns the peaks, the shortest first, and of these the oldest first.
    pub(crate) fn peaks(&self) -> Vec<Peak> {
        let mut peaks: Vec<Peak> = Vec::new();
        let mut open: Option<Peak> = None;
        for (&second, &count) in self.counts.range(self.first..) {
            if let Some(peak) = &mut open
                && peak.last + SECOND == second
                && peak.each == count
            {
                peak.last = second;
                peak.total += count;
                peak.after = self.of(second + SECOND);
            } else {
                peaks.extend(open.take());
                let (before, after) = (self.of(second - SECOND), self.of(second + SECOND));
                let peak =
                    Peak { first: second, last: second, total: count, each: count, before, after };
                open = Some(peak);
            }
        }
        peaks.extend(open);
        peaks.retain(|peak| {
            let is_known = self.first < peak.first && peak.last < self.last;
            is_known && peak.before < peak.each && peak.after < peak.each
        });
        peaks.sort_by_key(|peak| (peak.last - peak.first, peak.first));
        peaks
    }
}

/// Counts the attempts at those instants that are in the stretch.
impl Extend<DateTime<Utc>> for Seconds {
    fn extend<I: IntoIterator<Item = DateTime<Utc>>>(&mut self, instants: I) {
        for instant in instants {
            let second = instant.trunc_subsecs(0);
            if self.first <= second && second <= self.last {
                *self.counts.entry(second).or_default() += 1;
            }
        }
    }
}

impl Peak {
    /// Returns the expected counts of (a, first), (last, c) and (a, c).
    pub(crate) const fn expected(&self, bounds: Bounds) -> [u64; 3] {
        let Self { total, each, before, after, .. } = *self;
        match (bounds.after_is_included, bounds.before_is_included) {
            (true, true) => [before + each, each + after, before + total + after],
            (true, false) => [before, each, before + total],
            (false, true) => [each, after, total + after],
            (false, false) => [0, 0, total],
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, Utc};

    use super::{Bounds, SECOND, Seconds};

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(second)
    }

    /// Returns the first and the last second of each peak, for counts of seconds from 0 on.
    fn peaks(counts: &[u64], first: i64, last: i64) -> Vec<(i64, i64)> {
        let mut seconds = Seconds::new(at(first), at(last));
        for (second, count) in (0..).zip(counts) {
            seconds.extend((0..*count).map(|_| at(second)));
        }
        let peaks = seconds.peaks().into_iter();
        peaks.map(|peak| (peak.first.timestamp(), peak.last.timestamp())).collect()
    }

    #[test]
    fn a_peak_has_more_than_the_seconds_beside_it() {
        assert_eq!(peaks(&[0, 1, 0, 2, 2, 1, 3, 0], 0, 7), [(1, 1), (6, 6), (3, 4)]);
        assert_eq!(peaks(&[0, 1, 0], 0, 2), [(1, 1)]);
        assert_eq!(peaks(&[0, 1, 1, 1, 0], 0, 4), [(1, 3)]);
        // The seconds next to it are not known.
        assert_eq!(peaks(&[0, 1, 0], 1, 2), []);
        assert_eq!(peaks(&[0, 1, 0], 0, 1), []);
        assert_eq!(peaks(&[2, 2, 2], 0, 2), []);
        assert_eq!(peaks(&[], 0, 9), []);
    }

    #[test]
    fn the_oldest_second_of_a_page_is_not_known() {
        let mut seconds = Seconds::new(at(0), at(9));
        seconds.extend([2, 2, 4, 6].map(at));
        seconds.cut();
        assert_eq!(seconds.peaks().len(), 2);
        assert_eq!(seconds.first, at(2) + SECOND);
    }

    /// Whatever is added meanwhile, and wherever, wrong bounds are never taken for the true ones.
    #[test]
    fn additions_are_not_taken_for_other_bounds() {
        let small = || 0..4_u64;
        let all = [(true, true), (true, false), (false, true), (false, false)];
        for counts in small()
            .flat_map(|a| small().flat_map(move |b| small().map(move |c| [0, a, b, b, c, 0])))
        {
            let mut seconds = Seconds::new(at(0), at(5));
            for (second, count) in (0..).zip(counts) {
                seconds.extend((0..count).map(|_| at(second)));
            }
            for peak in seconds.peaks() {
                for added in 0..4_u64.pow(4) {
                    let mut truth = counts;
                    for (place, count) in truth[1..5].iter_mut().enumerate() {
                        *count += added / 4_u64.pow(place as u32) % 4;
                    }
                    for (after_is_included, before_is_included) in all {
                        let bounds = Bounds { after_is_included, before_is_included };
                        let count = |from: i64, to: i64| -> u64 {
                            let from = from + i64::from(!after_is_included);
                            let to = to + i64::from(before_is_included);
                            (from..to).map(|at| truth[at as usize]).sum()
                        };
                        let (first, last) = (peak.first.timestamp(), peak.last.timestamp());
                        let (a, c) = (first - 1, last + 1);
                        let counted = [count(a, first), count(last, c), count(a, c)];
                        for (after, before) in all {
                            let other =
                                Bounds { after_is_included: after, before_is_included: before };
                            let is_taken = peak.expected(other) == counted;
                            assert!(
                                !is_taken || other == bounds,
                                "{counts:?} {truth:?} {bounds:?}"
                            );
                            assert!(is_taken || other != bounds || truth != counts);
                        }
                    }
                }
            }
        }
    }
}
