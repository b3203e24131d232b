//! Corrects the cost of an ended episode when its prices become known.

use chrono::{DateTime, TimeDelta, Utc};
use rust_decimal::Decimal;

use crate::detect::episodes::EpisodeEvent;
use crate::detect::finding::{Finding, FindingCell};
use crate::detect::observation::Observation;
use crate::table::cost::{Cost, Costs};
use crate::table::label::Label;
use crate::watch::requests::Scope;

/// The most calls that read the prices of an episode. Of its 60 calls, the other 30 list a large
/// account.
const CALLS: u64 = 30;

/// The most calls at a time.
const AT_ONCE: u64 = 15;

/// The time after which a price is final. Twilio documents up to 24 hours.
const PRICED: TimeDelta = TimeDelta::hours(25);

/// How many decimals a part of a sum has.
const DECIMALS: u32 = 6;

/// An ended episode that lacks prices.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) event: EpisodeEvent,
    /// When all prices should be known.
    pub(crate) due: DateTime<Utc>,
    /// How many more calls may be sent.
    pub(crate) calls: u64,
}

impl Case {
    pub(crate) fn new(event: EpisodeEvent) -> Self {
        let due = event.finding.to + PRICED;
        Self { event, due, calls: CALLS }
    }

    /// Returns how many calls may read prices now.
    pub(crate) fn pages(&self) -> u64 {
        self.calls.min(AT_ONCE)
    }
}

/// Returns the scope of a finding's attempts.
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
            // Digits that are not known match any prefix.
            block.starts_with(prefix) || prefix.starts_with(block)
        })
    });
    is(&cell.country, &observation.country) && is(&cell.channel, &observation.channel) && has_prefix
}

/// The prices of a finding's attempts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Prices {
    attempts: u64,
    known: Costs,
}

impl Prices {
    /// Adds an attempt, if it belongs to the finding.
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

    /// Corrects the cost of a finding: each attempt beyond the usual ones costs the mean of the known
    /// prices.
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
