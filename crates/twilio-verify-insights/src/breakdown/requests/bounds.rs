//! Whether the filters by date include their instants.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::period::Period;

/// Whether `DateCreatedAfter` and `DateCreatedBefore` include their instants: Twilio doesn't say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bounds {
    /// `DateCreatedAfter` finds attempts of exactly its second.
    pub after_is_included: bool,
    /// `DateCreatedBefore` finds attempts of exactly its second.
    pub before_is_included: bool,
}

/// Adjacent periods add up: the beginning is included, the end is not. Assumed where nothing was
/// measured.
impl Default for Bounds {
    fn default() -> Self {
        Self { after_is_included: true, before_is_included: false }
    }
}

impl Bounds {
    /// The values of `DateCreatedAfter` and `DateCreatedBefore` that find the attempts of a period:
    /// periods are whole seconds, so a second less makes up for what is or is not included.
    pub fn of(self, period: Period) -> (DateTime<Utc>, DateTime<Utc>) {
        let second = TimeDelta::seconds(1);
        let after = if self.after_is_included { period.from() } else { period.from() - second };
        let before = if self.before_is_included { period.to() - second } else { period.to() };
        (after, before)
    }
}
