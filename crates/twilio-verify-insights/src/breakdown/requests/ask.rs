//! Sends requests for counts within a budget.

use chrono::{DateTime, Utc};
use twilio_verify::{Attempts, Error};

use crate::breakdown::requests::bounds::Bounds;
use crate::breakdown::requests::filters::PartFilters;
use crate::table::counts::Counts;

/// The progress of a breakdown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// How many requests were sent.
    pub calls: u64,
    /// How many requests the plan expects. There may be more or fewer.
    pub planned: u64,
}

/// Sends requests for an account's attempts, within a budget.
pub(crate) struct Ask<'a> {
    pub(crate) attempts: &'a Attempts,
    pub(crate) bounds: Bounds,
    pub(crate) done: Progress,
    /// The most requests that may be sent. `None` means any number.
    most: Option<u64>,
    progress: Option<&'a mut (dyn FnMut(Progress) + Send)>,
}

impl<'a> Ask<'a> {
    pub(crate) fn unlimited(attempts: &'a Attempts) -> Self {
        Self::new(attempts, None)
    }

    pub(crate) fn new(attempts: &'a Attempts, most: Option<u64>) -> Self {
        let done = Progress { calls: 0, planned: 0 };
        Self { attempts, bounds: Bounds::default(), done, most, progress: None }
    }

    /// Sets the function that is called after each request.
    pub(crate) fn reporting(self, progress: &'a mut (dyn FnMut(Progress) + Send)) -> Self {
        Self { progress: Some(progress), ..self }
    }

    /// Whether the budget allows this many more requests.
    pub(crate) fn affords(&self, calls: u64) -> bool {
        self.most.is_none_or(|most| self.done.calls.saturating_add(calls) <= most)
    }

    /// Sets requests of the budget aside for later.
    pub(crate) fn reserve(&mut self, calls: u64) {
        self.most = self.most.map(|most| most.saturating_sub(calls));
    }

    /// Returns reserved requests to the budget.
    pub(crate) fn release(&mut self, calls: u64) {
        self.most = self.most.map(|most| most.saturating_add(calls));
    }

    /// Counts requests that were sent.
    pub(crate) fn sent(&mut self, calls: u64) {
        self.done.calls = self.done.calls.saturating_add(calls);
        if let Some(progress) = &mut self.progress {
            progress(self.done);
        }
    }

    /// Summarizes, unless the budget is used up.
    pub(crate) async fn summary(&mut self, filters: &PartFilters) -> Result<Option<Counts>, Error> {
        let (after, before) = self.bounds.of(filters.period);
        self.between(filters, after, before).await
    }

    /// Summarizes with these values of `DateCreatedAfter` and `DateCreatedBefore`.
    pub(crate) async fn between(
        &mut self,
        filters: &PartFilters,
        after: DateTime<Utc>,
        before: DateTime<Utc>,
    ) -> Result<Option<Counts>, Error> {
        if !self.affords(1) {
            return Ok(None);
        }
        let counts = filters.between(self.attempts, after, before).await;
        self.sent(1);
        counts.map(Some)
    }
}
