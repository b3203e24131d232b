//! The builder of a breakdown.

use chrono::{DateTime, Utc};
use twilio_verify::Attempts;

use crate::breakdown::plan::error::BreakdownError;
use crate::breakdown::plan::plan::{Calls, Plan};
use crate::breakdown::plan::prepare::Request;
use crate::breakdown::requests::ask::Progress;
use crate::breakdown::requests::bounds::Bounds;
use crate::breakdown::requests::filters::PartFilters;
use crate::filters::Filters;
use crate::period::{KEPT, Period, settled};
use crate::table::by::By;
use crate::table::table::Table;

/// A breakdown of an account's attempts by dimensions, with as few requests as possible.
///
/// Created by [`AttemptsExt::breakdown`]. Each part of the attempts is summarized cell by cell, or
/// listed, 1000 attempts per request, whichever takes fewer requests. The order in which dimensions are
/// requested is chosen in the same way; the labels of a cell keep the order of [`by`](Self::by). The
/// newest page of the list shows how attempts are spread. The most frequent values are requested first,
/// until no attempts are left.
///
/// # What is in no cell
///
/// A value that summaries can't filter by, and that would take too many requests to list, counts in
/// [`Table::other`]: a channel that the API doesn't know by name, or a service that was deleted. Attempts
/// without a value, such as the country of an e-mail, have a cell: it is what is left after all values
/// were requested.
#[derive(Clone, Debug)]
#[must_use = "a breakdown does nothing until it is run"]
pub struct Breakdown {
    attempts: Attempts,
    by: Vec<By>,
    period: Option<Period>,
    filters: Filters,
    min_attempts: u64,
    budget: Option<Calls>,
    bounds: Option<Bounds>,
    now: Option<DateTime<Utc>>,
}

/// Adds breakdowns to [`Attempts`].
pub trait AttemptsExt {
    /// Creates a breakdown of attempts. By default it covers all attempts of the last 30 days, up to the
    /// [settled] instant.
    ///
    /// [settled]: crate::settled
    fn breakdown(&self) -> Breakdown;
}

impl AttemptsExt for Attempts {
    fn breakdown(&self) -> Breakdown {
        Breakdown {
            attempts: self.clone(),
            by: Vec::new(),
            period: None,
            filters: Filters::default(),
            min_attempts: 1,
            budget: None,
            bounds: None,
            now: None,
        }
    }
}

impl Breakdown {
    /// Sets the dimensions, in the order of a cell's labels.
    pub fn by(mut self, by: impl IntoIterator<Item = By>) -> Self {
        self.by = by.into_iter().collect();
        self
    }

    /// Includes only attempts created in this period.
    pub fn period(mut self, period: Period) -> Self {
        self.period = Some(period);
        self
    }

    crate::filter_setters!();

    /// Moves cells with fewer attempts to [`Table::other`]. Default: 1, which shows all cells. A larger
    /// number takes fewer requests.
    pub fn min_attempts(mut self, attempts: u64) -> Self {
        self.min_attempts = attempts.max(1);
        self
    }

    /// Sets the most requests that are sent, including those for planning.
    ///
    /// A budget that is too small is an error that contains the plan. It is returned as soon as this is
    /// known, and no part is requested. Below 3, the least that any breakdown takes, nothing is sent at
    /// all. If all attempts must be listed, one request, which counts the whole, is enough to know this;
    /// otherwise a page of the list follows, which shows how attempts are spread. If a plan turns out to
    /// be too small, the rest is in [`Table::other`], with a [`Caveat`](crate::Caveat).
    pub fn budget(mut self, calls: Calls) -> Self {
        self.budget = Some(calls);
        self
    }

    /// Sets whether the filters by date include their instants, if known from [`Bounds::measure`].
    /// Default: the plan measures it.
    pub fn bounds(mut self, bounds: Bounds) -> Self {
        self.bounds = Some(bounds);
        self
    }

    /// Sets the current time. Default: the clock of this machine.
    pub fn now(mut self, now: DateTime<Utc>) -> Self {
        self.now = Some(now);
        self
    }

    /// Plans the breakdown, usually with five requests: one counts the whole, one is a page of the list,
    /// three measure whether the filters by date include their instants. A plan of 100 summaries or more
    /// takes up to three more pages, to see how attempts are spread. More requests follow if services are
    /// a dimension, with a filter by prefix, for a period that begins more than 30 days ago, and if the
    /// attempts don't show what the filters include.
    ///
    /// A plan that takes more requests than [`budget`](Self::budget) allows is returned too; see
    /// [`Plan::is_within_budget`].
    ///
    /// # Errors
    ///
    /// [`BreakdownError::Dimensions`] and [`BreakdownError::Period`] before anything is sent;
    /// [`BreakdownError::Request`].
    pub async fn plan(&self) -> Result<Plan, BreakdownError> {
        self.check()?.plan().await
    }

    /// Plans and runs the breakdown.
    ///
    /// # Errors
    ///
    /// Those of [`plan`](Self::plan), and [`BreakdownError::Budget`] if the plan takes more requests
    /// than [`budget`](Self::budget) allows; then none of them is sent.
    pub async fn run(&self) -> Result<Table, BreakdownError> {
        self.run_with(|_| {}).await
    }

    /// Plans and runs the breakdown, and calls `progress` after each request that follows the plan.
    ///
    /// # Errors
    ///
    /// Those of [`run`](Self::run).
    pub async fn run_with(
        &self,
        progress: impl FnMut(Progress) + Send,
    ) -> Result<Table, BreakdownError> {
        self.plan().await?.run_with(progress).await
    }

    /// Checks the settings, and returns the request for a plan.
    fn check(&self) -> Result<Request, BreakdownError> {
        if self.by.is_empty() {
            return Err(BreakdownError::Dimensions("name at least one dimension"));
        }
        let kinds: Vec<_> = self.by.iter().map(std::mem::discriminant).collect();
        if kinds.iter().enumerate().any(|(index, kind)| kinds[..index].contains(kind)) {
            return Err(BreakdownError::Dimensions("name each dimension once"));
        }
        if self.by.iter().any(|by| matches!(by, By::Prefix(digits) if !(1..=15).contains(digits))) {
            return Err(BreakdownError::Dimensions("a prefix has 1 to 15 digits"));
        }
        let now = self.now.unwrap_or_else(Utc::now);
        let period = match self.period {
            Some(period) => period,
            None => Period::new(now - KEPT, settled(now))?,
        };
        let listed: Vec<String> =
            self.by.iter().filter(|by| !by.is_summarized()).map(ToString::to_string).collect();
        let listed = (!listed.is_empty()).then(|| listed.join(", "));
        period.check(now, listed.as_deref())?;
        Ok(Request {
            attempts: self.attempts.clone(),
            by: self.by.clone(),
            filters: PartFilters { period, chosen: self.filters.clone() },
            min_attempts: self.min_attempts,
            budget: self.budget,
            bounds: self.bounds,
            now,
        })
    }
}
