//! Sets of instants, as periods that neither overlap nor touch.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use twilio_verify_insights::Period;

/// A set of instants: periods, oldest first, that neither overlap nor touch.
///
/// ```
/// use chrono::{TimeZone, Utc};
/// use twilio_verify_archive::Spans;
/// use twilio_verify_insights::Period;
///
/// # fn main() -> Result<(), twilio_verify_insights::PeriodError> {
/// let hour = |hour| Utc.with_ymd_and_hms(2026, 3, 1, hour, 0, 0).unwrap();
/// let mut spans = Spans::default();
/// spans.insert(Period::new(hour(1), hour(2))?);
/// spans.insert(Period::new(hour(4), hour(5))?);
/// let gaps = spans.gaps(Period::new(hour(0), hour(5))?);
/// assert_eq!(gaps, [Period::new(hour(0), hour(1))?, Period::new(hour(2), hour(4))?]);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<Period>", into = "Vec<Period>")]
pub struct Spans(Vec<Period>);

impl Spans {
    /// Adds a period.
    pub fn insert(&mut self, period: Period) {
        let first = self.0.partition_point(|span| span.to() < period.from());
        let last = self.0.partition_point(|span| span.from() <= period.to());
        let touched = self.0.get(first..last).unwrap_or_default();
        let from = touched.first().map_or(period.from(), |span| span.from().min(period.from()));
        let to = touched.last().map_or(period.to(), |span| span.to().max(period.to()));
        if let Ok(whole) = Period::new(from, to) {
            self.0.splice(first..last, [whole]);
        }
    }

    /// Adds all periods of another set.
    pub fn extend(&mut self, other: &Self) {
        for span in &other.0 {
            self.insert(*span);
        }
    }

    /// Removes a period.
    pub fn remove(&mut self, period: Period) {
        let rest = self.0.iter().flat_map(|span| {
            let before = Period::new(span.from(), span.to().min(period.from()));
            let after = Period::new(span.from().max(period.to()), span.to());
            [before.ok(), after.ok()].into_iter().flatten()
        });
        self.0 = rest.collect();
    }

    /// Returns the parts of a period that are not in the set, oldest first.
    pub fn gaps(&self, within: Period) -> Vec<Period> {
        let mut rest = Self(vec![within]);
        for span in &self.0 {
            rest.remove(*span);
        }
        rest.0
    }

    /// Returns the parts of a period that are in the set, oldest first.
    pub fn parts(&self, within: Period) -> Vec<Period> {
        self.0.iter().filter_map(|span| overlap(*span, within)).collect()
    }

    /// Whether the set contains the whole period.
    pub fn holds(&self, period: Period) -> bool {
        self.0.iter().any(|span| span.from() <= period.from() && period.to() <= span.to())
    }

    /// Returns the end of the span that contains the instant; the instant itself if none does.
    pub fn end_from(&self, instant: DateTime<Utc>) -> DateTime<Utc> {
        let span = self.0.iter().find(|span| span.from() <= instant && instant < span.to());
        span.map_or(instant, Period::to)
    }

    /// Returns the end of the last span.
    pub fn end(&self) -> Option<DateTime<Utc>> {
        self.0.last().map(Period::to)
    }

    /// Returns the periods, oldest first.
    pub fn iter(&self) -> impl Iterator<Item = Period> + '_ {
        self.0.iter().copied()
    }

    /// Whether the set is empty.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Returns the intersection of two periods, or `None` if it is empty.
pub(crate) fn overlap(one: Period, other: Period) -> Option<Period> {
    Period::new(one.from().max(other.from()), one.to().min(other.to())).ok()
}

/// The periods may be in any order. Empty and reversed ones are left out.
impl From<Vec<Period>> for Spans {
    fn from(periods: Vec<Period>) -> Self {
        periods.into_iter().filter(|period| period.from() < period.to()).collect()
    }
}

impl From<Spans> for Vec<Period> {
    fn from(spans: Spans) -> Self {
        spans.0
    }
}

impl<'a> IntoIterator for &'a Spans {
    type Item = Period;
    type IntoIter = std::iter::Copied<std::slice::Iter<'a, Period>>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter().copied()
    }
}

impl FromIterator<Period> for Spans {
    fn from_iter<I: IntoIterator<Item = Period>>(periods: I) -> Self {
        let mut spans = Self::default();
        for period in periods {
            spans.insert(period);
        }
        spans
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use chrono::DateTime;
    use proptest::prelude::*;
    use twilio_verify_insights::Period;

    use super::Spans;

    fn period(from: i64, length: i64) -> Period {
        let at = |second| DateTime::from_timestamp(second, 0).unwrap();
        Period::new(at(from), at(from + length)).unwrap()
    }

    fn seconds(periods: impl IntoIterator<Item = Period>) -> BTreeSet<i64> {
        let of = |period: Period| period.from().timestamp()..period.to().timestamp();
        periods.into_iter().flat_map(of).collect()
    }

    proptest! {
        #[test]
        fn it_is_the_set_of_the_seconds(
            changes in prop::collection::vec((any::<bool>(), 0_i64..60, 1_i64..20), 0..12),
            within in (0_i64..60, 1_i64..30),
        ) {
            let mut spans = Spans::default();
            let mut naive = BTreeSet::new();
            for (added, from, length) in changes {
                let period = period(from, length);
                if added {
                    spans.insert(period);
                    naive.extend(seconds([period]));
                } else {
                    spans.remove(period);
                    naive = &naive - &seconds([period]);
                }
                prop_assert_eq!(&seconds(spans.iter()), &naive);
            }
            let all: Vec<Period> = spans.iter().collect();
            prop_assert!(all.windows(2).all(|pair| pair[0].to() < pair[1].from()));
            let within = period(within.0, within.1);
            let inside = seconds([within]);
            prop_assert_eq!(seconds(spans.gaps(within)), &inside - &naive);
            prop_assert_eq!(seconds(spans.parts(within)), &inside & &naive);
            prop_assert_eq!(spans.holds(within), inside.is_subset(&naive));
            let end = spans.end_from(within.from()).timestamp();
            prop_assert!((within.from().timestamp()..end).all(|second| naive.contains(&second)));
            prop_assert!(!naive.contains(&end));
            let json = serde_json::to_string(&spans).unwrap();
            prop_assert_eq!(serde_json::from_str::<Spans>(&json).unwrap(), spans);
        }
    }
}
