//! Reads attempts within a budget of requests.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use twilio_verify::{Attempts, Error};
use twilio_verify_insights::{
    AttemptsExt, Bounds, BreakdownError, By, Calls, Counts, Period, Plan, Proof, Table, Verdict,
};

use crate::commands::args::given;
use crate::session::calls::CallCount;

/// The dimensions of a window's breakdown, the most detailed first. A small budget allows fewer.
pub(super) const LEVELS: [&[By]; 4] =
    [&[By::Service, By::Country, By::Channel], &[By::Country, By::Channel], &[By::Country], &[]];

/// The fewest requests for which [`Reader::measure`] measures: it sends 7 at most, and saves 3 for
/// each later breakdown.
const TO_MEASURE: u64 = 20;

/// A breakdown, or the plan of one that takes too many requests.
pub(super) enum Read {
    Table(Box<Table>),
    TooMany(Box<Plan>),
}

/// Reads attempts within the budget of a renewal.
pub(super) struct Reader<'a> {
    attempts: Attempts,
    calls: &'a CallCount,
    bounds: &'a mut Option<Bounds>,
    now: DateTime<Utc>,
    /// The limit of the total of `calls`.
    most: u64,
}

impl<'a> Reader<'a> {
    pub(super) fn new(
        attempts: Attempts,
        calls: &'a Arc<CallCount>,
        bounds: &'a mut Option<Bounds>,
        now: DateTime<Utc>,
        budget: u64,
    ) -> Self {
        let most = calls.total().saturating_add(budget);
        Self { attempts, calls, bounds, now, most }
    }

    /// Returns how many requests are left.
    pub(super) fn left(&self) -> u64 {
        self.most.saturating_sub(self.calls.total())
    }

    /// Measures once whether the date filters include their instants, if enough requests are left.
    pub(super) async fn measure(&mut self, period: Period) -> Result<(), Error> {
        if self.bounds.is_none() && self.left() >= TO_MEASURE {
            *self.bounds = Bounds::measure(&self.attempts, period).await?;
        }
        Ok(())
    }

    /// Breaks a period down with at most `most` requests.
    pub(super) async fn table(
        &self,
        by: &[By],
        period: Period,
        most: u64,
    ) -> Result<Read, BreakdownError> {
        let breakdown = self.attempts.breakdown().now(self.now).period(period);
        let breakdown = breakdown.by(by.iter().copied()).budget(Calls(most));
        let breakdown = given!(breakdown, bounds: *self.bounds,);
        match breakdown.run().await {
            Ok(table) => Ok(Read::Table(Box::new(table))),
            Err(BreakdownError::Budget(plan)) => Ok(Read::TooMany(plan)),
            Err(error) => Err(error),
        }
    }

    /// Counts all attempts of a period with one request.
    pub(super) async fn whole(&self, period: Period) -> Result<Table, Error> {
        let (after, before) = self.bounds.unwrap_or_default().of(period);
        let summary =
            self.attempts.summary().created_after(after).created_before(before).send().await?;
        let counts =
            Counts::new(summary.total_attempts, summary.total_converted, summary.total_unconverted);
        let mut table = Table::new([]).with_period(period);
        table.add_other(&counts);
        Ok(table.with_proof(Proof::new(counts.clone(), counts.clone(), counts)))
    }
}

/// Returns how much the cells of a table differ from what Twilio counts.
pub(super) fn difference(table: &Table) -> u64 {
    match table.proof().map(|proof| proof.verdict) {
        Some(Verdict::Inexact { by }) => by,
        _ => 0,
    }
}
