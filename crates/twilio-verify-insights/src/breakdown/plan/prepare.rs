//! Makes a plan: sends the requests that precede the parts, and estimates the rest.

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
use crate::breakdown::requests::filters::PartFilters;
use crate::breakdown::requests::measure::{A_PLACE, by_list, measure};
use crate::breakdown::requests::seconds::SECOND;
use crate::period::{KEPT, Period, settled};
use crate::table::by::By;
use crate::table::caveat::Caveat;
use crate::table::counts::Counts;
use crate::table::label::Label;

/// The number of requests from which more sampled pages pay off, to see how attempts are spread.
const MANY: u64 = 100;

/// The settings of a plan.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) attempts: Attempts,
    pub(crate) by: Vec<By>,
    pub(crate) filters: PartFilters,
    pub(crate) min_attempts: u64,
    pub(crate) budget: Option<Calls>,
    pub(crate) bounds: Option<Bounds>,
    pub(crate) now: DateTime<Utc>,
}

impl Request {
    /// Makes a plan with no more requests than the budget allows, and with none if the budget is less
    /// than any breakdown takes.
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
        let mut attempts = before.attempts;
        if attempts == 0 && self.bounds.is_none() {
            // Whatever the bounds are, the period has no more attempts than this.
            let from = period.from() - SECOND;
            let most = ask.between(&self.filters, from, period.to()).await?;
            attempts = most.map_or(0, |most| most.attempts);
        }
        let mut ready = Ready {
            attempts: self.attempts.clone(),
            sample: Sample::none(&self.filters),
            filters: self.filters.clone(),
            min_attempts: self.min_attempts,
            before,
            bounds: ask.bounds,
            doubt: 0,
            listed: None,
        };
        let listed_from = self.now - KEPT - TimeDelta::minutes(1);
        if attempts > 0 && period.from() >= listed_from {
            ready.listed = match self.filters.chosen.prefix {
                // The list can't be filtered by prefix: it has all attempts.
                Some(_) => {
                    let filters = self.filters.clone().without_prefix();
                    ask.summary(&filters).await?.map(|counts| counts.attempts)
                }
                None => Some(attempts),
            };
        }
        plan.list = ready.listed.map(|listed| Calls(pages(listed)));
        if attempts == 0 {
            return Ok(plan.ready(&ask, ready, Estimate::NOTHING));
        }
        plan.attempts = Some(attempts);
        // However the attempts are spread, it takes no fewer requests.
        let is_listed = self.by.iter().any(|by| !by.is_summarized());
        let fewest = ready.listed.filter(|_| is_listed).map_or(1, pages);
        let measuring = if self.bounds.is_some() { 0 } else { A_PLACE };
        let least = Estimate { way: Way::List, calls: fewest.saturating_add(measuring) };
        if !ask.affords(least.calls.saturating_add(1)) {
            let way = is_listed.then_some(Way::List);
            return Ok(Plan { is_at_least: !is_listed, way, ..plan.of(&ask, least) });
        }

        ask.reserve(1);
        ready.sample = self.sample(&mut ask).await?;
        let mut estimate = ready.estimate(&self.by);
        let is_split = matches!(estimate.way, Way::Split(_));
        if is_split && self.by.contains(&By::Service) && !self.filters.fixes(By::Service) {
            ready.sample.services = self.services(&mut ask).await?;
            plan.grid = self.grid(Some(ready.sample.services.len()));
            estimate = ready.estimate(&self.by);
        }
        let needed = estimate.calls.saturating_add(measuring);
        if !ask.affords(needed) {
            return Ok(plan.of(&ask, Estimate { calls: needed, ..estimate }));
        }
        if is_split && estimate.calls >= MANY && ready.listed.is_some() && ask.affords(needed + 3) {
            ready.sample.earlier(&mut ask, &self.by, &self.filters).await?;
            estimate = ready.estimate(&self.by);
        }
        if self.bounds.is_none() {
            let bounds = self.measure(&mut ask, &ready.sample, estimate.calls).await?;
            if bounds.is_none() {
                plan.caveats.push(Caveat::Bounds);
                ready.doubt = self.doubt(&mut ask, estimate.calls).await?;
            }
            if let Some(bounds) = bounds.filter(|bounds| *bounds != ask.bounds) {
                ask.bounds = bounds;
                ready.bounds = bounds;
                if let Some(before) = ask.summary(&self.filters).await? {
                    ready.before = before;
                    estimate = ready.estimate(&self.by);
                }
            }
        }
        plan.attempts = Some(ready.before.attempts);
        if period.from() < listed_from && ask.affords(estimate.calls.saturating_add(1)) {
            plan.caveats.extend(self.retention(&mut ask, &ready.before).await?);
        }
        if !ask.affords(estimate.calls) {
            return Ok(plan.of(&ask, estimate));
        }
        Ok(plan.ready(&ask, ready, estimate))
    }

    /// Returns how many cells there can be. The number of services must be requested first.
    fn grid(&self, services: Option<usize>) -> Option<Calls> {
        let mut grid = 1_u64;
        for by in self.by.iter().copied() {
            if !by.is_summarized() {
                return None;
            }
            let services = match by {
                By::Service if !self.filters.fixes(by) => services?,
                _ => 0,
            };
            grid = grid.saturating_mul(values::count(by, &self.filters, services));
        }
        Some(Calls(grid))
    }

    /// Measures whether the filters by date include their instants, with the sample or a page of all
    /// attempts. Keeps `keep` requests for the parts.
    async fn measure(
        &self,
        ask: &mut Ask<'_>,
        sample: &Sample,
        keep: u64,
    ) -> Result<Option<Bounds>, BreakdownError> {
        let bounds = measure(ask, &sample.around, &sample.seconds).await?;
        if bounds.is_some() || !ask.affords(keep.saturating_add(1 + A_PLACE)) {
            return Ok(bounds);
        }
        let from = self.filters.period.from().min(self.now - KEPT) - KEPT;
        let all = PartFilters::of(Period::new(from, self.now)?);
        Ok(by_list(ask, &all).await?)
    }

    /// Returns how many attempts may or may not be in the period if the bounds are not known.
    async fn doubt(&self, ask: &mut Ask<'_>, keep: u64) -> Result<u64, BreakdownError> {
        let (from, to) = (self.filters.period.from(), self.filters.period.to());
        if !ask.affords(keep.saturating_add(2)) {
            return Ok(1);
        }
        // Whatever the bounds are, the period has at most the first count, and at least the second.
        let most = ask.between(&self.filters, from - SECOND, to).await?;
        let least = ask.between(&self.filters, from, to - SECOND).await?;
        let Some((most, least)) = most.zip(least) else { return Ok(1) };
        let is_cut = self.by.iter().any(|by| matches!(by, By::Day | By::Hour));
        let is_doubted = is_cut && most.attempts > 0;
        Ok(most.attempts.saturating_sub(least.attempts).max(u64::from(is_doubted)))
    }

    /// Returns a plan with the fewest requests that any breakdown takes.
    fn fewest(&self) -> Plan {
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
            grid: self.grid(None),
            budget: self.budget,
            caveats: unsettled.into_iter().collect(),
            way: None,
            ready: None,
        }
    }

    /// Lists a page as the sample.
    async fn sample(&self, ask: &mut Ask<'_>) -> Result<Sample, BreakdownError> {
        let (mut filters, kept) = (self.filters.clone(), self.now - KEPT);
        let is_listed = filters.period.from() >= kept - TimeDelta::minutes(1);
        if filters.period.to() <= kept {
            // Samples the last day instead: where attempts go doesn't change much.
            filters.period = Period::last(TimeDelta::days(1), self.now)?;
        }
        let mut sample = Sample::newest(ask, &self.by, &filters).await?;
        if !is_listed {
            sample.is_part();
        }
        Ok(sample)
    }

    /// Lists the services of the account.
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

    /// Returns the caveat of a period that begins before the list does.
    async fn retention(
        &self,
        ask: &mut Ask<'_>,
        whole: &Counts,
    ) -> Result<Option<Caveat>, BreakdownError> {
        let (period, listed_from) = (self.filters.period, self.now - KEPT);
        let attempts = match Period::new(period.from(), listed_from.min(period.to())) {
            Ok(before) if before != period => {
                let filters = PartFilters { period: before, ..self.filters.clone() };
                ask.summary(&filters).await?.map(|counts| counts.attempts)
            }
            _ => Some(whole.attempts),
        };
        Ok(attempts.map(|attempts| Caveat::Retention { listed_from, attempts }))
    }
}
