//! Runs a plan.

use crate::breakdown::plan::error::BreakdownError;
use crate::breakdown::plan::estimate::pages;
use crate::breakdown::plan::plan::Plan;
use crate::breakdown::plan::ready::Ready;
use crate::breakdown::requests::ask::{Ask, Progress};
use crate::breakdown::run::node::Node;
use crate::breakdown::run::run::Run;
use crate::table::caveat::Caveat;
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
    /// As [`run`](Self::run).
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

/// Asks the parts, and the whole once more.
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
    let Some(after) = run.ask.summary(&ready.filters).await? else { return Ok(table) };
    Ok(table.with_proof(Proof::new(ready.before.clone(), parts, after).doubted(ready.doubt)))
}
