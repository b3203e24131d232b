//! The content of charts.

use chrono::{DateTime, Utc};

/// A chart of rates or of amounts.
#[derive(Clone, Debug)]
pub(crate) enum Chart {
    /// Rates over time, in percent, with the interval of each. The line has a gap where an instant
    /// is missing.
    Trend {
        /// The instants.
        points: Vec<Instant>,
        /// The seconds between two consecutive instants.
        step: i64,
    },
    /// Amounts over time.
    Amounts {
        /// The instants and the amounts.
        points: Vec<(DateTime<Utc>, f64)>,
        /// The seconds between two consecutive instants.
        step: i64,
    },
    /// Rates side by side, in percent, the first on top.
    Bars(Vec<Bar>),
}

/// A rate at an instant.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Instant {
    pub(crate) at: DateTime<Utc>,
    pub(crate) rate: f64,
    pub(crate) low: f64,
    pub(crate) high: f64,
}

/// A rate with a name.
#[derive(Clone, Debug)]
pub(crate) struct Bar {
    pub(crate) name: String,
    pub(crate) rate: f64,
}
