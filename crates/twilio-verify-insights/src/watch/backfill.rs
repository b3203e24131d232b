//! Reads the history of a watcher.

use chrono::{DateTime, TimeDelta, Utc};
use twilio_verify::{Attempt, Error};

use crate::period::{KEPT, Period, UNSETTLED};
use crate::watch::look::Started;
use crate::watch::requests::{Requests, Scope};

/// How a watcher reads its history.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Start {
    pub(crate) budget: u64,
    pub(crate) lookback: TimeDelta,
    pub(crate) complete_until: Option<DateTime<Utc>>,
}

/// The reading of the history, the newest attempts first. After an error, it resumes where it
/// stopped.
#[derive(Clone, Debug)]
pub(crate) struct Backfill {
    start: Start,
    left: u64,
    begun: Option<DateTime<Utc>>,
    oldest: Option<DateTime<Utc>>,
    listed: u64,
    calls: u64,
    done: Option<Started>,
}

impl Backfill {
    pub(crate) fn new(start: Start) -> Self {
        Self {
            left: start.budget,
            start,
            begun: None,
            oldest: None,
            listed: 0,
            calls: 0,
            done: None,
        }
    }

    /// Returns when it began. Attempts made since then are not in the history.
    pub(crate) fn begun(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        self.begun.unwrap_or(now)
    }

    /// Returns the time since which all attempts are known. `None` keeps that of the given history.
    pub(crate) fn known_from(&self, started: &Started) -> Option<DateTime<Utc>> {
        self.start.complete_until.is_none().then_some(started.from)
    }

    /// Lists the attempts. May call `each` twice for the same one.
    pub(crate) async fn run(
        &mut self,
        requests: &mut Requests,
        scope: &Scope,
        now: DateTime<Utc>,
        mut each: impl FnMut(&Attempt),
    ) -> Result<Started, Error> {
        if let Some(done) = &self.done {
            return Ok(done.clone());
        }
        let begun = *self.begun.get_or_insert(now);
        let wanted = match self.start.complete_until {
            Some(until) => until - UNSETTLED,
            None => begun - self.start.lookback,
        };
        let since = wanted.max(begun - KEPT);
        let scope = Scope { after: Some(since), before: self.oldest, ..scope.clone() };
        let before = requests.calls;
        let (oldest, count) = (&mut self.oldest, &mut self.listed);
        let page = |attempts: &[Attempt]| {
            *count += attempts.len() as u64;
            for attempt in attempts {
                each(attempt);
                *oldest = attempt.date_created.into_iter().chain(*oldest).min();
            }
        };
        // At least one call, or the backfill would never end.
        let listed = requests.list(&scope, self.left.max(1), page).await;
        let calls = requests.calls - before;
        self.calls += calls;
        self.left = self.left.saturating_sub(calls);
        let listed = listed?;
        let from = match self.oldest {
            // Other attempts of its second may not have been listed.
            Some(oldest) if listed.is_cut => oldest + TimeDelta::seconds(1),
            _ => since,
        };
        let missing = Period::new(self.start.complete_until.unwrap_or(wanted), from).ok();
        let done = Started { listed: self.listed, calls: self.calls, from, missing };
        self.done = Some(done.clone());
        Ok(done)
    }
}
