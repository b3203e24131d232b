//! Checks whether parts sum to the whole.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::table::counts::Counts;

/// The sum of a table's parts, and the whole, which is counted before and after them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Proof {
    /// The whole, before the parts.
    pub before: Counts,
    /// The sum of the parts.
    pub parts: Counts,
    /// The whole, after the parts. If all attempts were listed, up to the newest one.
    pub after: Counts,
    /// The verdict.
    pub verdict: Verdict,
}

/// Whether the parts sum to the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "verdict", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Verdict {
    /// The whole did not change, and the parts sum to it. If they were listed, nothing is counted that is
    /// newer than what the list shows. Counts that grow and shrink by the same amount meanwhile would not
    /// be noticed, but they shrink only while Summary forgets old attempts of the period. There is no
    /// proof of what Summary doesn't count: prices, statuses and error codes.
    Exact,
    /// The whole changed while the parts were counted, and the parts sum to something in between.
    Moved {
        /// By how much the whole changed: the largest change of attempts, conversions or unconverted
        /// attempts.
        by: u64,
    },
    /// The parts don't sum to the whole, or where the period begins and ends could not be measured.
    Inexact {
        /// How much is missing or too much: the largest difference in attempts, conversions or
        /// unconverted attempts; or the number of attempts that may or may not be in the period.
        by: u64,
    },
}

impl Proof {
    /// Compares the parts with the whole.
    pub fn new(before: Counts, parts: Counts, after: Counts) -> Self {
        let numbers = |counts: &Counts| [counts.attempts, counts.converted, counts.unconverted];
        let (first, sum, last) = (numbers(&before), numbers(&parts), numbers(&after));
        let (mut outside, mut moved) = (0, 0);
        for ((first, sum), last) in first.into_iter().zip(sum).zip(last) {
            let (low, high) = (first.min(last), first.max(last));
            outside = outside.max(low.saturating_sub(sum)).max(sum.saturating_sub(high));
            moved = moved.max(high - low);
        }
        let verdict = match (outside, moved) {
            (0, 0) => Verdict::Exact,
            (0, by) => Verdict::Moved { by },
            (by, _) => Verdict::Inexact { by },
        };
        Self { before, parts, after, verdict }
    }

    /// Returns the same proof with `by` attempts that may or may not belong to the whole.
    pub(crate) fn doubted(mut self, by: u64) -> Self {
        if by > 0 {
            let inexact = match self.verdict {
                Verdict::Inexact { by } => by,
                Verdict::Exact | Verdict::Moved { .. } => 0,
            };
            self.verdict = Verdict::Inexact { by: inexact.max(by) };
        }
        self
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exact => f.write_str("exact: the parts sum to the whole"),
            Self::Moved { by } => {
                write!(
                    f,
                    "moved: the whole changed by {by} meanwhile, and the parts are in between"
                )
            }
            Self::Inexact { by } => {
                write!(f, "inexact: the parts differ from the whole by {by}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Proof, Verdict};
    use crate::table::counts::Counts;

    #[test]
    fn the_verdict() {
        let counts = |attempts, converted| Counts::new(attempts, converted, attempts - converted);
        let verdict = |before, parts, after| Proof::new(before, parts, after).verdict;
        let whole = counts(10, 7);
        assert_eq!(verdict(whole.clone(), counts(10, 7), whole.clone()), Verdict::Exact);
        assert_eq!(
            verdict(whole.clone(), counts(10, 6), whole.clone()),
            Verdict::Inexact { by: 1 }
        );
        assert_eq!(verdict(whole.clone(), counts(8, 7), whole.clone()), Verdict::Inexact { by: 2 });
        let later = counts(13, 8);
        assert_eq!(verdict(whole.clone(), counts(11, 8), later.clone()), Verdict::Moved { by: 3 });
        assert_eq!(verdict(whole, counts(14, 8), later), Verdict::Inexact { by: 1 });
    }
}
