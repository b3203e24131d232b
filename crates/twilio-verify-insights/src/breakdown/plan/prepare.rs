//! Makes a plan: what is asked before the parts, and how it is run.

use chrono::{DateTime, TimeDelta, Utc};
use twilio_verify::Attempts;

use crate::breakdown::plan::error::BreakdownError;
use crate::breakdown::plan::estimate::{Estimate, Way, pages};
use crate::breakdown::plan::plan::{Calls, FEWEST, Plan};
use crate::breakdown::plan::ready::Ready;
use crate::breakdown::plan::sample::Sample;
use crate::breakdown::plan::values;
use crate::breakdown::requests::ask::Ask;
use crate::breakdown::requests::bounds::Bounds;
use crate::breakdown::requests::filters::Filters;
use crate::breakdown::requests::measure::measure;
use crate::period::{KEPT, Period, settled};
use crate::table::by::By;
use crate::table::caveat::Caveat;
use crate::table::counts::Counts;
use crate::table::label::Label;

/// From how many requests on some more pages of the list pay, to know how attempts are spread.
const MANY: u64 = 100;

/// Below how many pages a list is compared with the whole before the filters by date are measured.
const FEW: u64 = 20;

/// What a plan is made of.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) attempts: Attempts,
    pub(crate) by: Vec<By>,
    pub(crate) filters: Filters,
    pub(crate) min_attempts: u64,
    pub(crate) budget: Option<Calls>,
    pub(crate) bounds: Option<Bounds>,
    pub(crate) now: DateTime<Utc>,
}

impl Request {
    /// Plans, with no more requests than the budget allows, and none if that is less than any
    /// breakdown takes.
    pub(crate) async fn plan(self) -> Result<Plan, BreakdownError> {
        let budget = self.budget.map(|budget| budget.0);
        let mut plan = self.fewest();
        if !plan.is_within_budget() {
            return Ok(plan);
        }
        let mut ask = Ask::new(&self.attempts, budget);
        ask.bounds = self.bounds.unwrap_or_default();
        let period = self.filters.period;
        let Some(before) = ask.summary(&self.filters).await? else { return Ok(plan) };
        let mut ready = Ready {
            attempts: self.attempts.clone(),
            filters: self.filters.clone(),
            min_attempts: self.min_attempts,
            before,
            bounds: None,
            sample: Sample::default(),
            listed: None,
        };
        plan.attempts = Some(ready.before.attempts);
        let listed_from = self.now - KEPT - TimeDelta::minutes(1);
        if ready.before.attempts > 0 && period.from() >= listed_from {
            ready.listed = match self.filters.prefix {
                // By prefix the list can't be filtered: it gives all.
                Some(_) => {
                    let filters = Filters { prefix: None, ..self.filters.clone() };
                    ask.summary(&filters).await?.map(|counts| counts.attempts)
                }
                None => Some(ready.before.attempts),
            };
        }
        plan.spent = Calls(ask.done.calls);
        plan.list = ready.listed.map(|listed| Calls(pages(listed)));
        if ready.before.attempts == 0 {
            return Ok(self.done(plan, ready, Estimate { way: Way::Nothing, calls: 0 }));
        }
        // Whatever the attempts are like, it takes no fewer.
        let is_listed = self.by.iter().any(|by| !by.is_summarized());
        let fewest = ready.listed.filter(|_| is_listed).map_or(1, pages);
        plan.calls = Calls(ask.done.calls + fewest + 1);
        if is_listed {
            plan.way = Some(Way::List);
        }
        if !plan.is_within_budget() {
            plan.is_at_least = !is_listed;
            return Ok(plan);
        }

        ask.reserve(1);
        ready.sample = self.sample(&mut ask).await?;
        let mut estimate = ready.estimate(&self.by);
        let is_split = matches!(estimate.way, Way::Split(_));
        if is_split && self.by.contains(&By::Service) && !self.filters.fixes(By::Service) {
            ready.sample.services = self.services(&mut ask).await?;
            estimate = ready.estimate(&self.by);
        }
        // Few pages are compared with the whole first: mostly nothing happened in the seconds that
        // the filters may or may not include.
        let is_short = estimate.way == Way::List && estimate.calls < FEW;
        let measured = self.bounds.is_some() || is_short;
        let open = estimate.calls.saturating_add(u64::from(!measured));
        if !ask.affords(open) {
            plan.spent = Calls(ask.done.calls);
            plan.calls = Calls(ask.done.calls.saturating_add(open).saturating_add(1));
            plan.way = Some(estimate.way);
            return Ok(plan);
        }
        if matches!(estimate.way, Way::Split(_))
            && estimate.calls >= MANY
            && period.from() >= listed_from
            && ask.affords(open.saturating_add(3))
        {
            ready.sample.earlier(&mut ask, &self.by, &self.filters).await?;
            estimate = ready.estimate(&self.by);
        }
        if !measured {
            let seconds = &ready.sample.seconds;
            match measure(&mut ask, &self.filters, seconds).await? {
                Some(bounds) if bounds != ask.bounds => {
                    ask.bounds = bounds;
                    if let Some(before) = ask.summary(&self.filters).await? {
                        ready.before = before;
                    }
                }
                Some(_) => {}
                None => plan.caveats.push(Caveat::Bounds),
            }
        }
        ready.bounds = (!is_short || self.bounds.is_some()).then_some(ask.bounds);
        if period.from() < listed_from && ask.affords(estimate.calls.saturating_add(1)) {
            plan.caveats.extend(self.retention(&mut ask, &ready.before).await?);
        }
        plan.spent = Calls(ask.done.calls);
        Ok(self.done(plan, ready, estimate))
    }

    /// What any breakdown takes.
    fn fewest(&self) -> Plan {
        let grid = self.by.iter().try_fold(1_u64, |grid, by| {
            let count = values::count(*by, &self.filters, 0);
            by.is_summarized().then_some(grid.saturating_mul(count))
        });
        let period = self.filters.period;
        let settled = settled(self.now);
        let unsettled = (period.to() > settled).then_some(Caveat::Unsettled { settled });
        Plan {
            period,
            by: self.by.clone(),
            attempts: None,
            calls: Calls(FEWEST),
            is_at_least: true,
            spent: Calls(0),
            list: None,
            grid: grid.map(Calls),
            budget: self.budget,
            caveats: unsettled.into_iter().collect(),
            way: None,
            ready: None,
        }
    }

    fn done(&self, plan: Plan, ready: Ready, estimate: Estimate) -> Plan {
        let calls = plan.spent.0.saturating_add(estimate.calls).saturating_add(1);
        Plan {
            calls: Calls(calls),
            is_at_least: false,
            way: Some(estimate.way),
            ready: Some(Box::new(ready)),
            ..plan
        }
    }

    /// A page of the list.
    async fn sample(&self, ask: &mut Ask<'_>) -> Result<Sample, BreakdownError> {
        let (mut filters, kept) = (self.filters.clone(), self.now - KEPT);
        let is_listed = filters.period.from() >= kept - TimeDelta::minutes(1);
        if filters.period.to() <= kept {
            // Where attempts go doesn't change much: of the last day instead.
            filters.period = Period::last(TimeDelta::days(1), self.now)?;
        }
        let mut sample = Sample::newest(ask, &self.by, &filters).await?;
        if !is_listed {
            sample.is_part();
        }
        Ok(sample)
    }

    /// The services of the account.
    async fn services(&self, ask: &mut Ask<'_>) -> Result<Vec<Label>, BreakdownError> {
        let mut labels = Vec::new();
        let mut services = self.attempts.client().services().list().page_size(100).pages();
        while ask.affords(1) {
            let Some(page) = services.try_next().await? else { break };
            ask.sent(1);
            let sids = page.items.iter().filter_map(|service| service.sid.as_ref());
            labels.extend(sids.map(|sid| Label::from(sid.as_str())));
        }
        Ok(labels)
    }

    /// What is unknown of a period that begins before what the list holds.
    async fn retention(
        &self,
        ask: &mut Ask<'_>,
        whole: &Counts,
    ) -> Result<Option<Caveat>, BreakdownError> {
        let (period, listed_from) = (self.filters.period, self.now - KEPT);
        let attempts = match Period::new(period.from(), listed_from.min(period.to())) {
            Ok(before) if before != period => {
                let filters = Filters { period: before, ..self.filters.clone() };
                ask.summary(&filters).await?.map(|counts| counts.attempts)
            }
            _ => Some(whole.attempts),
        };
        Ok(attempts.map(|attempts| Caveat::Retention { listed_from, attempts }))
    }
}
