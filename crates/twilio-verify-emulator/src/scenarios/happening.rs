//! The effects of an emulator's scenarios, at the start and while it runs.

use chrono::{DateTime, Utc};

use crate::attempts::data::attempt::AttemptError;
use crate::attempts::store::Store;
use crate::scenarios::made::{Made, random};
use crate::scenarios::outage::Outage;
use crate::scenarios::scenario::{Scenario, ScenarioKind};
use crate::scenarios::truth::{Counting, Truth};
use crate::values::channel::Channel;
use crate::values::sid::ServiceSid;

/// The scenarios of an emulator: the truth about them, and the outages.
#[derive(Default)]
pub(crate) struct Happenings {
    /// The truth about each scenario, with the date of its first SID's attempt.
    truth: Vec<(Truth, Option<DateTime<Utc>>)>,
    outages: Vec<Outage>,
}

impl Happenings {
    /// Adds the attempts of checked scenarios to a store; then outages change the attempts in the
    /// store.
    pub(crate) fn begin(
        scenarios: &[Scenario],
        seed: u64,
        now: DateTime<Utc>,
        store: &Store,
    ) -> Result<Self, AttemptError> {
        let mut happenings = Self::default();
        let is_outage = |scenario: &Scenario| scenario.kind == ScenarioKind::Outage;
        let numbered = || scenarios.iter().enumerate();
        let mut truth: Vec<(usize, Truth)> = Vec::new();
        for (number, scenario) in numbered().filter(|(_, scenario)| !is_outage(scenario)) {
            let mut counting = Counting::new(scenario, now);
            let made = Made::of(scenario, random(seed, number), now);
            store.extend(made.inspect(|attempt| counting.add(attempt)))?;
            truth.push((number, counting.done()));
        }
        for (number, scenario) in numbered().filter(|(_, scenario)| is_outage(scenario)) {
            let mut counting = Counting::new(scenario, now);
            let outage = Outage::new(scenario, now);
            let concerned = outage.change(store, &mut random(seed, number));
            concerned.iter().for_each(|attempt| counting.add(attempt));
            truth.push((number, counting.done()));
            happenings.outages.push(outage);
        }
        truth.sort_by_key(|(number, _)| *number);
        let dated = |truth: Truth| {
            let first = truth.sids.first().and_then(|sid| store.get(*sid));
            (truth, first.map(|first| first.date_created))
        };
        happenings.truth = truth.into_iter().map(|(_, truth)| dated(truth)).collect();
        Ok(happenings)
    }

    /// Returns the truth about the scenarios whose attempts exist, in their order.
    pub(crate) fn truth(&self, store: &Store) -> Vec<&Truth> {
        // A data file may have other attempts with the same SIDs, from an earlier emulator with the
        // same seed.
        let is_there = |truth: &Truth, date| {
            let first = truth.sids.first();
            first.is_none_or(|sid| store.get(*sid).map(|first| first.date_created) == date)
        };
        let there = self.truth.iter().filter(|(truth, date)| is_there(truth, *date));
        there.map(|(truth, _)| truth).collect()
    }

    /// Whether a message that is sent now fails to arrive.
    pub(crate) fn is_out(
        &self,
        service: ServiceSid,
        channel: Channel,
        to: &str,
        now: DateTime<Utc>,
    ) -> bool {
        self.outages.iter().any(|outage| outage.hits(service, channel, to, now))
    }
}
