//! Runs a plan.

use chrono::SubsecRound;

use crate::breakdown::plan::error::BreakdownError;
use crate::breakdown::plan::estimate::pages;
use crate::breakdown::plan::plan::Plan;
use crate::breakdown::plan::ready::Ready;
use crate::breakdown::requests::ask::{Ask, Progress};
use crate::breakdown::requests::filters::PartFilters;
use crate::breakdown::requests::seconds::SECOND;
use crate::breakdown::run::node::Node;
use crate::breakdown::run::run::{Lists, Run};
use crate::period::Period;
use crate::table::caveat::Caveat;
use crate::table::counts::Counts;
use crate::table::proof::Proof;
use crate::table::table::Table;

impl Plan {
    /// Runs the breakdown.
    ///
    /// # Errors
    ///
    /// [`BreakdownError::Budget`] if the plan takes more requests than the budget allows, before any
    /// further one is sent; [`BreakdownError::Request`].
    pub async fn run(self) -> Result<Table, BreakdownError> {
        self.run_with(|_| {}).await
    }

    /// Runs the breakdown, and calls `progress` after each request.
    ///
    /// # Errors
    ///
    /// Those of [`run`](Self::run).
    pub async fn run_with(
        mut self,
        mut progress: impl FnMut(Progress) + Send,
    ) -> Result<Table, BreakdownError> {
        let ready = self.ready.take().filter(|_| self.is_within_budget());
        let Some(ready) = ready else { return Err(BreakdownError::Budget(Box::new(self))) };
        let mut ask =
            Ask::new(&ready.attempts, self.budget.map(|budget| budget.0)).reporting(&mut progress);
        ask.done = Progress { calls: self.spent.0, planned: self.calls.0 };
        run(&ready, ask, &self).await
    }
}

/// Requests the parts, and the whole once more.
async fn run(ready: &Ready, mut ask: Ask<'_>, plan: &Plan) -> Result<Table, BreakdownError> {
    ask.bounds = ready.bounds;
    ask.reserve(1);
    let model = ready.model(&plan.by);
    let planned = plan.calls.0;
    let root = Node::root(plan.by.len(), ready.filters.clone(), ready.before.clone(), ready.listed);
    let list = ready.listed.map_or(0, pages);
    let mut run = Run {
        ask,
        model,
        known: ready.known(plan.by.len()),
        spare: list.saturating_sub(planned).min(planned / 2),
        is_cut: false,
        took_emails: false,
        lists: Lists::None,
    };
    let found = run.part(root).await?;
    let mut caveats = plan.caveats.clone();
    if let Some(sampled) = ready.sample.emails_without_country().filter(|_| run.took_emails) {
        caveats.push(Caveat::EmailsWithoutCountry { sampled });
    }
    if let Some(budget) = plan.budget.filter(|_| run.is_cut) {
        caveats.push(Caveat::Budget { calls: budget.0 });
    }
    run.ask.release(1);
    let table = found.table.min_attempts(ready.min_attempts);
    let table = table.with_period(plan.period).with_caveats(caveats);
    let mut parts = table.total();
    parts += &found.unreadable;
    let Some((after, hidden)) = after(&mut run, ready, &found.unreadable).await? else {
        return Ok(table);
    };
    let proof = Proof::new(ready.before.clone(), parts, after);
    Ok(table.with_proof(proof.doubted(ready.doubt.max(hidden))))
}

/// Counts the whole after the parts, and the attempts that the list may not have shown yet.
///
/// If the list shows attempts that Summary has forgotten, and Summary counts as many that the list
/// doesn't show yet, the sums agree by chance. The latter are newer than all listed attempts.
async fn after(
    run: &mut Run<'_, '_>,
    ready: &Ready,
    unreadable: &Counts,
) -> Result<Option<(Counts, u64)>, BreakdownError> {
    let period = ready.filters.period;
    let of = |period| PartFilters { period, ..ready.filters.clone() };
    let newest = match run.lists {
        Lists::None => None,
        Lists::Parts => ready.sample.newest_date(),
        Lists::Whole { newest } => newest,
    };
    let shown = newest.map(|newest| newest.trunc_subsecs(0) + SECOND);
    // An attempt without a date may be anywhere.
    let shown = shown.filter(|_| unreadable.attempts == 0);
    let cut = shown.and_then(|shown| {
        let head = Period::new(period.from(), shown.min(period.to())).ok()?;
        Some((head, Period::new(shown, period.to()).ok()?))
    });
    match (cut, run.lists) {
        // Attempts counted after it are not in the sum.
        (Some((head, _)), Lists::Whole { .. }) => {
            let after = run.ask.summary(&of(head)).await?;
            let hidden = |after: &Counts| ready.before.attempts.saturating_sub(after.attempts);
            Ok(after.map(|after| (after.clone(), hidden(&after))))
        }
        (Some((_, tail)), Lists::Parts) if run.ask.affords(2) => {
            let hidden = run.ask.summary(&of(tail)).await?;
            let after = run.ask.summary(&ready.filters).await?;
            // Otherwise the whole has moved, and the verdict says so.
            let hidden = hidden.filter(|_| after.as_ref() == Some(&ready.before));
            Ok(after.map(|after| (after, hidden.map_or(0, |hidden| hidden.attempts))))
        }
        _ => Ok(run.ask.summary(&ready.filters).await?.map(|after| (after, 0))),
    }
}
