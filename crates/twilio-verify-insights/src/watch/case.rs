//! What becomes known of an episode after it: prices.

use chrono::{DateTime, TimeDelta, Utc};
use rust_decimal::Decimal;

use crate::detect::episodes::EpisodeEvent;
use crate::detect::finding::{Finding, FindingCell};
use crate::detect::observation::Observation;
use crate::table::cost::{Cost, Costs};
use crate::table::label::Label;
use crate::watch::requests::Scope;

/// The calls that read the prices of an episode, at most: 30 of 60 are for lists of a large account.
const CALLS: u64 = 30;

/// Those of one time.
const AT_ONCE: u64 = 15;

/// After this time a price is final: Twilio says up to 24 hours.
const PRICED: TimeDelta = TimeDelta::hours(25);

/// How many decimals a part of a sum has.
const DECIMALS: u32 = 6;

/// An episode that is over, and of which prices are missing.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) event: EpisodeEvent,
    /// When all prices are known.
    pub(crate) due: DateTime<Utc>,
    /// How many calls may be sent yet.
    pub(crate) calls: u64,
}

impl Case {
    pub(crate) fn new(event: EpisodeEvent) -> Self {
        let due = event.finding.to + PRICED;
        Self { event, due, calls: CALLS }
    }

    /// How many calls read prices now.
    pub(crate) fn pages(&self) -> u64 {
        self.calls.min(AT_ONCE)
    }
}

/// The attempts of a finding.
pub(crate) fn scope(finding: &Finding, all: &Scope) -> Scope {
    let mut filters = all.filters.clone();
    let country = finding.cell.country.as_str().and_then(|code| code.parse().ok());
    filters.country = country.or(filters.country);
    filters.channel = finding.cell.channel.as_str().and_then(|name| name.parse().ok());
    Scope { filters, after: Some(finding.from), before: Some(finding.to) }
}

/// Whether an attempt is in a cell.
fn holds(cell: &FindingCell, observation: &Observation) -> bool {
    let is = |own: &Label, other: &Label| *own == Label::NONE || own == other;
    let has_prefix = cell.prefix.as_str().is_none_or(|prefix| {
        observation.block.as_str().is_some_and(|block| {
            // What is not known of a number contradicts no prefix.
            block.starts_with(prefix) || prefix.starts_with(block)
        })
    });
    is(&cell.country, &observation.country) && is(&cell.channel, &observation.channel) && has_prefix
}

/// The prices of a cell.
#[derive(Clone, Debug, Default)]
pub(crate) struct Prices {
    attempts: u64,
    known: Costs,
}

impl Prices {
    /// Adds an attempt, if it is of the finding.
    pub(crate) fn add(&mut self, finding: &Finding, observation: &Observation) {
        let is_in = (finding.from..=finding.to).contains(&observation.created);
        if !is_in || !holds(&finding.cell, observation) {
            return;
        }
        self.attempts += 1;
        if let Some((currency, price)) = &observation.price {
            self.known.add(*currency, &Cost::new(*price, 1));
        }
    }

    fn priced(&self) -> u64 {
        self.known.iter().map(|(_, cost)| cost.priced).sum()
    }

    /// Corrects what a finding cost: attempts beyond the usual ones cost what those with a price do on
    /// average.
    pub(crate) fn correct(&self, finding: &mut Finding) {
        let Ok(beyond) = Decimal::try_from(finding.attempts as f64 - finding.expected) else {
            return;
        };
        let Some(share) = beyond.max(Decimal::ZERO).checked_div(Decimal::from(self.priced()))
        else {
            return;
        };
        let part = |cost: &Cost| {
            let sum = cost.sum.checked_mul(share)?;
            let count = Decimal::from(cost.priced).checked_mul(share)?.round().try_into().ok()?;
            Some(Cost::new(sum.round_dp(DECIMALS).normalize(), count))
        };
        let waste: Option<Costs> =
            self.known.iter().map(|(currency, cost)| Some((currency, part(cost)?))).collect();
        if let Some(waste) = waste {
            finding.waste = waste;
            let unpriced = Decimal::from(self.attempts - self.priced());
            let unpriced = unpriced.checked_div(Decimal::from(self.attempts)).unwrap_or_default();
            finding.unpriced = (unpriced * beyond).round().try_into().unwrap_or_default();
        }
    }
}
