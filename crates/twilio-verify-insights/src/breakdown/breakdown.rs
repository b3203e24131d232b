//! The builder of a breakdown.

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use twilio_verify::{Attempt, Attempts, Channel, Country, DestinationPrefix, ServiceSid};

use crate::breakdown::bounds::Bounds;
use crate::breakdown::error::BreakdownError;
use crate::breakdown::filters::{Filters, PAGE};
use crate::breakdown::measure::{Seconds, measure};
use crate::breakdown::plan::{Calls, Plan, Sample, estimate};
use crate::breakdown::run::{Part, Progress, Run};
use crate::period::{KEPT, Period, settled};
use crate::table::by::By;
use crate::table::counts::Counts;
use crate::table::label::Label;
use crate::table::proof::Proof;
use crate::table::table::Table;

/// What is listed around a period, to see the seconds beside those at its ends.
const MARGIN: TimeDelta = TimeDelta::seconds(2);

/// Breaks the attempts of an account down by dimensions, with as few requests as it can.
///
/// From [`AttemptsExt::breakdown`]. A part of the attempts is summarized, cell by cell, or listed:
/// whichever takes fewer requests. How attempts are spread is estimated from one page of the list,
/// the newest of the period.
#[derive(Clone, Debug)]
#[must_use = "a breakdown does nothing until it is run"]
pub struct Breakdown {
    attempts: Attempts,
    by: Vec<By>,
    period: Option<Period>,
    service: Option<ServiceSid>,
    country: Option<Country>,
    channel: Option<Channel>,
    prefix: Option<DestinationPrefix>,
    min_attempts: u64,
    budget: Option<Calls>,
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
            service: None,
            country: None,
            channel: None,
            prefix: None,
            min_attempts: 1,
            budget: None,
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

    /// Only attempts of this service.
    pub fn service(mut self, service: ServiceSid) -> Self {
        self.service = Some(service);
        self
    }

    /// Only attempts to this country.
    pub fn country(mut self, country: Country) -> Self {
        self.country = Some(country);
        self
    }

    /// Only attempts on this channel.
    pub fn channel(mut self, channel: Channel) -> Self {
        self.channel = Some(channel);
        self
    }

    /// Only attempts to numbers with this prefix.
    pub fn destination_prefix(mut self, prefix: DestinationPrefix) -> Self {
        self.prefix = Some(prefix);
        self
    }

    /// Cells of fewer attempts go into [`Table::other`]. Default: 1, all cells are shown. A larger
    /// number takes fewer requests.
    pub fn min_attempts(mut self, attempts: u64) -> Self {
        self.min_attempts = attempts.max(1);
        self
    }

    /// Sends no more requests than these. A plan that takes more is an error, and what is left when
    /// the plan turns out to be too small goes into [`Table::other`].
    pub fn budget(mut self, calls: Calls) -> Self {
        self.budget = Some(calls);
        self
    }

    /// What counts as now. Default: the clock of this machine.
    pub fn now(mut self, now: DateTime<Utc>) -> Self {
        self.now = Some(now);
        self
    }

    /// Plans the breakdown, with two requests: one that counts the whole, and one page of the list.
    ///
    /// # Errors
    ///
    /// [`BreakdownError::Dimensions`] and [`BreakdownError::Period`] before anything is sent;
    /// [`BreakdownError::Request`].
    pub async fn plan(&self) -> Result<Plan, BreakdownError> {
        Ok(self.prepare().await?.plan)
    }

    /// Runs the breakdown.
    ///
    /// # Errors
    ///
    /// Those of [`plan`](Self::plan), and [`BreakdownError::Budget`] if the plan takes more requests
    /// than [`budget`](Self::budget) allows; then none of them is sent.
    pub async fn run(&self) -> Result<Table, BreakdownError> {
        self.run_with(|_| {}).await
    }

    /// Runs the breakdown, and calls `progress` after each request.
    ///
    /// # Errors
    ///
    /// As [`run`](Self::run).
    pub async fn run_with(
        &self,
        progress: impl FnMut(Progress) + Send,
    ) -> Result<Table, BreakdownError> {
        let Prepared { plan, sample, filters, before, bounds, doubt, spent } =
            self.prepare().await?;
        if !plan.is_within_budget() {
            return Err(BreakdownError::Budget(Box::new(plan)));
        }
        let mut run = Run {
            attempts: &self.attempts,
            by: &self.by,
            bounds,
            sample: &sample,
            min_attempts: self.min_attempts,
            // One is kept for the whole afterwards.
            left: self.budget.map(|budget| budget.0.saturating_sub(spent + 1)),
            progress,
            done: Progress { calls: spent, planned: plan.calls.0 },
            table: Table::new(self.by.iter().copied()),
            unreadable: Counts::default(),
        };
        let listable = self.is_listable(self.now.unwrap_or_else(Utc::now), plan.period);
        let whole = Part { labels: Vec::new(), filters: filters.clone(), counts: before.clone() };
        run.part(whole, listable).await?;
        let Run { table, unreadable, .. } = run;
        let after = filters.summary(&self.attempts, bounds).await?;
        let mut parts = table.total();
        parts += &unreadable;
        let proof = Proof::new(before, parts, after).doubted(doubt);
        Ok(table.min_attempts(self.min_attempts).with_period(plan.period).with_proof(proof))
    }

    /// Whether the list holds the period, and can be filtered as the summary is. By prefix it can
    /// not.
    fn is_listable(&self, now: DateTime<Utc>, period: Period) -> bool {
        period.from() >= now - KEPT - TimeDelta::minutes(1) && self.prefix.is_none()
    }

    fn check(&self) -> Result<Filters, BreakdownError> {
        if self.by.is_empty() {
            return Err(BreakdownError::Dimensions("name at least one dimension"));
        }
        let kinds: Vec<_> = self.by.iter().map(std::mem::discriminant).collect();
        if kinds.iter().enumerate().any(|(index, kind)| kinds[..index].contains(kind)) {
            return Err(BreakdownError::Dimensions("name each dimension once"));
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
        Ok(Filters {
            period,
            service: self.service.clone(),
            country: self.country.clone(),
            channel: self.channel.clone(),
            prefix: self.prefix.clone(),
        })
    }

    async fn prepare(&self) -> Result<Prepared, BreakdownError> {
        let filters = self.check()?;
        let now = self.now.unwrap_or_else(Utc::now);
        let mut spent = 0;

        let mut sample = Sample::default();
        // With what is around it, which tells where its ends are.
        let (from, to) = (filters.period.from() - MARGIN, filters.period.to() + MARGIN);
        let around = Filters { period: Period::new(from, to)?, prefix: None, ..filters.clone() };
        let each = |attempt: &Attempt| {
            if filters.holds(attempt) {
                sample.rows.push(self.by.iter().map(|by| by.of(attempt)).collect());
            }
        };
        let mut bounds = self.bounds(&around, each, &mut spent).await?;
        if bounds.is_none() {
            let all = Filters {
                period: Period::new(from.min(now - KEPT) - KEPT, now)?,
                service: None,
                country: None,
                channel: None,
                prefix: None,
            };
            bounds = self.bounds(&all, |_| {}, &mut spent).await?;
        }
        let doubt = match bounds {
            Some(_) => 0,
            None => self.doubt(&filters, &mut spent).await?,
        };
        let bounds = bounds.unwrap_or_default();
        if self.by.contains(&By::Service) && self.service.is_none() {
            let mut services = self.attempts.client().services().list().page_size(100).pages();
            while let Some(page) = services.try_next().await? {
                spent += 1;
                let sids = page.items.iter().filter_map(|service| service.sid.as_ref());
                sample.services.extend(sids.map(|sid| Label::from(sid.as_str())));
            }
        }
        let before = filters.summary(&self.attempts, bounds).await?;
        spent += 1;
        let listable = self.is_listable(now, filters.period);
        let estimate = estimate(&self.by, &[], &filters, before.attempts, listable, &sample);
        let plan = Plan {
            period: filters.period,
            by: self.by.clone(),
            attempts: before.attempts,
            calls: Calls(spent + estimate.calls + 1),
            list: Calls(before.attempts.div_ceil(PAGE.into())),
            budget: self.budget,
            way: estimate.way,
        };
        Ok(Prepared { plan, sample, filters, before, bounds, doubt, spent })
    }

    /// Lists one page of attempts, calls `each` with them, and measures the bounds by them. `None` if
    /// they don't tell.
    async fn bounds(
        &self,
        filters: &Filters,
        mut each: impl FnMut(&Attempt),
        spent: &mut u64,
    ) -> Result<Option<Bounds>, BreakdownError> {
        let mut seconds =
            Seconds::new(filters.period.from(), filters.period.to() - TimeDelta::seconds(1));
        let listed = filters
            .list(&self.attempts, Some(PAGE.into()), |attempt| {
                each(attempt);
                if let Some(date) = attempt.date_created {
                    seconds.add(date.trunc_subsecs(0));
                }
            })
            .await?;
        if listed.items >= usize::from(PAGE) {
            seconds.cut();
        }
        let measured = measure(&self.attempts, filters, &seconds).await?;
        *spent += listed.calls + measured.calls;
        Ok(measured.bounds)
    }

    /// How many attempts may or may not be in the period, where the bounds are not known.
    async fn doubt(&self, filters: &Filters, spent: &mut u64) -> Result<u64, BreakdownError> {
        let (from, to) = (filters.period.from(), filters.period.to());
        let second = TimeDelta::seconds(1);
        // No bounds make the first of them smaller than the period, or the second larger.
        let most = filters.between(&self.attempts, from - second, to).await?.attempts;
        let least = filters.between(&self.attempts, from, to - second).await?.attempts;
        *spent += 2;
        let is_cut = self.by.iter().any(|by| matches!(by, By::Day | By::Hour));
        Ok(most.saturating_sub(least).max(u64::from(is_cut && most > 0)))
    }
}

/// What is known before the parts are asked.
struct Prepared {
    plan: Plan,
    sample: Sample,
    filters: Filters,
    before: Counts,
    bounds: Bounds,
    /// How many attempts may or may not be in it, because the bounds are not known.
    doubt: u64,
    spent: u64,
}
