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

/// Breaks the attempts of an account down by dimensions, with as few requests as it can.
///
/// From [`AttemptsExt::breakdown`]. A part of the attempts is summarized, cell by cell, or listed, 1000
/// to a request: whichever takes fewer requests. In which order the dimensions are asked is decided
/// by that too; the cells have the order that was named. How attempts are spread is estimated from
/// the newest page of the list. The most frequent values are asked first, and no more when nothing
/// is left.
///
/// # What is in no cell
///
/// A value that no summary can be asked for, and that would take too many requests to list, counts in
/// [`Table::other`]: attempts of a channel that the API doesn't know by name, or of a service that was
/// deleted. Attempts without a value, such as the country of an e-mail, are a cell: what is left when
/// all values were asked.
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

/// Breakdowns of an account's attempts.
pub trait AttemptsExt {
    /// Breaks attempts down by dimensions. By default: the last 30 days, up to the [settled]
    /// instant, all attempts.
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
    /// The dimensions, the first first.
    pub fn by(mut self, by: impl IntoIterator<Item = By>) -> Self {
        self.by = by.into_iter().collect();
        self
    }

    /// Only attempts created in this period.
    pub fn period(mut self, period: Period) -> Self {
        self.period = Some(period);
        self
    }

    crate::filter_setters!();

    /// Cells of fewer attempts go into [`Table::other`]. Default: 1, all cells are shown. A larger
    /// number takes fewer requests.
    pub fn min_attempts(mut self, attempts: u64) -> Self {
        self.min_attempts = attempts.max(1);
        self
    }

    /// Sends no more requests than these, those that plan included.
    ///
    /// A budget that is too small is an error with the plan in it, as soon as that is known, and none of
    /// the parts is asked. Below 3, which any breakdown takes, nothing is sent at all. One request,
    /// which counts the whole, is enough where all attempts have to be listed; else a page of the list
    /// follows, which says how attempts are spread. What is left when a plan turns out to have been too
    /// small is in [`Table::other`], with a [`Caveat`](crate::Caveat).
    pub fn budget(mut self, calls: Calls) -> Self {
        self.budget = Some(calls);
        self
    }

    /// Whether the filters by date include their instants, if that is known, from
    /// [`Bounds::measure`]. Default: it is measured.
    pub fn bounds(mut self, bounds: Bounds) -> Self {
        self.bounds = Some(bounds);
        self
    }

    /// What counts as now. Default: the clock of this machine.
    pub fn now(mut self, now: DateTime<Utc>) -> Self {
        self.now = Some(now);
        self
    }

    /// Plans the breakdown, mostly with five requests: one counts the whole, one is a page of the list,
    /// three measure whether the filters by date include their instants. Up to three pages more say how
    /// attempts are spread, for a plan of 100 summaries or more. Some follow if services are a dimension,
    /// with a filter by prefix, for a period that begins more than 30 days ago, and where the attempts
    /// don't tell what the filters include.
    ///
    /// A plan that takes more than [`budget`](Self::budget) allows is a plan too; see
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
    /// As [`run`](Self::run).
    pub async fn run_with(
        &self,
        progress: impl FnMut(Progress) + Send,
    ) -> Result<Table, BreakdownError> {
        self.plan().await?.run_with(progress).await
    }

    /// Rejects what is invalid.
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
