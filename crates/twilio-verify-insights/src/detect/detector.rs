//! The detector.

use chrono::{DateTime, TimeDelta, Utc};
use rust_decimal::Decimal;

use crate::detect::finding::Finding;
use crate::detect::history::History;
use crate::table::counts::Counts;

/// Compares attempts with what is usual at their hour of the week.
#[derive(Clone, Debug)]
pub struct Detector {
    false_discovery: f64,
    min_cost: Decimal,
    weeks: u8,
}

impl Default for Detector {
    fn default() -> Self {
        Self { false_discovery: 0.01, min_cost: Decimal::from(5), weeks: 4 }
    }
}

impl Detector {
    /// With the default settings.
    pub fn new() -> Self {
        Self::default()
    }

    /// The share of findings that may be false. Default: 0.01.
    #[must_use]
    pub fn false_discovery(mut self, share: f64) -> Self {
        self.false_discovery = share;
        self
    }

    /// The least waste that is pumping, in any currency. Default: 5.
    #[must_use]
    pub fn min_cost(mut self, cost: Decimal) -> Self {
        self.min_cost = cost;
        self
    }

    /// With how many earlier weeks an hour is compared, 1 to 52. Default: 4.
    #[must_use]
    pub fn weeks(mut self, weeks: u8) -> Self {
        self.weeks = weeks;
        self
    }

    /// What is unusual in the last 24 hours before `now`.
    pub fn look(&self, history: &History, now: DateTime<Utc>) -> Vec<Finding> {
        let _ = (history, now, self.false_discovery, self.min_cost, self.weeks);
        Vec::new()
    }

    /// Whether the counts of all attempts of the last `length` before `now` are within their band:
    /// then no look at the cells is needed.
    pub fn is_calm(
        &self,
        _history: &History,
        _now: DateTime<Utc>,
        _length: TimeDelta,
        _total: &Counts,
    ) -> bool {
        true
    }
}
