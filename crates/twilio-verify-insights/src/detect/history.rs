//! The attempts that a detector looks at, and those that it compares them with.

use chrono::{DateTime, Utc};

use crate::detect::observation::Observation;

/// Attempts of the past, counted by cell and hour; the last of them one by one.
#[derive(Clone, Debug, Default)]
pub struct History {
    known_from: Option<DateTime<Utc>>,
}

impl History {
    /// Without attempts.
    pub fn new() -> Self {
        Self::default()
    }

    /// Says from when on every attempt is recorded. Default: from the oldest one that is.
    #[must_use]
    pub fn known_from(mut self, date: DateTime<Utc>) -> Self {
        self.known_from = Some(date);
        self
    }

    /// Adds an attempt, or what has changed of it.
    pub fn record(&mut self, _observation: Observation) {}
}
