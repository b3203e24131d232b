//! What a detector finds.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::table::cost::Costs;
use crate::table::label::Label;

/// What kind of thing was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FindingKind {
    /// Many attempts that don't convert: SMS pumping, toll fraud.
    Pumping,
    /// As many attempts as usual convert less, and don't arrive: an outage.
    Delivery,
    /// A country or prefix that was not used before, and that converts.
    NewDestination,
    /// Many more attempts than usual of which part converts, so that the rate alone doesn't show it.
    Masked,
    /// Spending above its usual range.
    Cost,
}

impl FindingKind {
    /// The name, as in JSON: `pumping`, `delivery`, `new_destination`, `masked` or `cost`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pumping => "pumping",
            Self::Delivery => "delivery",
            Self::NewDestination => "new_destination",
            Self::Masked => "masked",
            Self::Cost => "cost",
        }
    }

    /// Whether it is an attack: [`Pumping`](Self::Pumping) or [`Masked`](Self::Masked).
    pub const fn is_attack(self) -> bool {
        matches!(self, Self::Pumping | Self::Masked)
    }
}

/// Where it was found. A dimension that is `NONE` does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct FindingCell {
    /// The country.
    pub country: Label,
    /// The channel.
    pub channel: Label,
    /// The first digits of the numbers, with a `+`; at most eight digits, never a number.
    pub prefix: Label,
}

/// Something unusual.
///
/// In JSON an object with these names; dates are in RFC 3339, `cell` has `country`, `channel` and `prefix`, each of which
/// may be null, `waste` is an object by currency.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Finding {
    /// What it is.
    pub kind: FindingKind,
    /// Where.
    pub cell: FindingCell,
    /// The cells above it that are unusual for the same reason, the widest first.
    pub within: Vec<FindingCell>,
    /// When it began, as far as is known.
    pub from: DateTime<Utc>,
    /// The last unusual attempt so far.
    pub to: DateTime<Utc>,
    /// Attempts in the cell between the two.
    pub attempts: u64,
    /// How many of them converted.
    pub converted: u64,
    /// How many attempts are usual.
    pub expected: f64,
    /// The usual rate, in percent.
    pub usual_rate: f64,
    /// Unconverted attempts beyond what is usual; conversions that are missing, of an outage.
    pub excess: f64,
    /// What the attempts beyond the usual ones cost, converted or not. Empty of an outage, and where no price is known.
    pub waste: Costs,
    /// Of how many attempts the price in `waste` is an estimate, because it is not known yet: by the other attempts of
    /// the cell, or by its country and channel, or else by the dearest country of the account.
    pub unpriced: u64,
    /// The chance of this or more without a cause, by the history.
    pub p_value: f64,
    /// What else speaks for it.
    pub evidence: Evidence,
}

/// What speaks for a finding. None of it is a condition.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Evidence {
    /// The share of numbers that have a neighbor within 10, 0 to 1.
    pub adjacent: Option<f64>,
    /// The share that would have one by chance, 0 to 1.
    pub adjacent_by_chance: Option<f64>,
    /// The carrier of most attempts.
    pub carrier: Option<Share>,
    /// The service of most attempts.
    pub service: Option<Share>,
    /// Attempts for each number.
    pub attempts_per_number: Option<f64>,
    /// How dear it is.
    pub price: Option<PriceRank>,
    /// The share of attempts in hours of the day with less than half of the country's mean traffic, 0 to 1.
    pub off_hours: Option<f64>,
}

/// What most attempts have in common.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Share {
    /// The name.
    pub label: Label,
    /// The share of attempts, 0 to 1.
    pub share: f64,
}

/// The place of a price among those of the countries that the account sends to, on the same channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct PriceRank {
    /// 1 is the dearest.
    pub rank: u64,
    /// How many countries have a price.
    pub of: u64,
}
