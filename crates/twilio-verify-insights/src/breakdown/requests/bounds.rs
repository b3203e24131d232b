//! Whether the filters by date include their instants.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::period::Period;

/// Whether `DateCreatedAfter` and `DateCreatedBefore` include their instants. Twilio doesn't
/// document it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bounds {
    /// `DateCreatedAfter` finds attempts of exactly its second.
    pub after_is_included: bool,
    /// `DateCreatedBefore` finds attempts of exactly its second.
    pub before_is_included: bool,
}

/// Includes the beginning and not the end, so that adjacent periods add up. Assumed if nothing was
/// measured.
impl Default for Bounds {
    fn default() -> Self {
        Self { after_is_included: true, before_is_included: false }
    }
}

impl Bounds {
    /// Returns the values of `DateCreatedAfter` and `DateCreatedBefore` that select the attempts of
    /// a period. Periods are whole seconds, so subtracting a second compensates for either bound.
    pub fn of(self, period: Period) -> (DateTime<Utc>, DateTime<Utc>) {
        let second = TimeDelta::seconds(1);
        let after = if self.after_is_included { period.from() } else { period.from() - second };
        let before = if self.before_is_included { period.to() - second } else { period.to() };
        (after, before)
    }
}
