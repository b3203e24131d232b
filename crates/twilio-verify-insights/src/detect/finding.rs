//! The findings of a detector.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::table::cost::Costs;
use crate::table::label::Label;

/// The kind of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FindingKind {
    /// Many attempts that don't convert: SMS pumping, toll fraud.
    Pumping,
    /// About as many attempts as usual, of which fewer are delivered and fewer convert: an outage.
    Delivery,
    /// A country or prefix that was not used before, and is not under attack.
    NewDestination,
    /// Many more attempts than usual, of which some convert, so that the rate alone doesn't show it.
    Masked,
    /// Spending above its usual range.
    Cost,
}

impl FindingKind {
    /// Returns the name used in JSON: `pumping`, `delivery`, `new_destination`, `masked` or `cost`.
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

/// The cell of a finding. A dimension that is `NONE` can have any value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct FindingCell {
    /// The country.
    pub country: Label,
    /// The channel.
    pub channel: Label,
    /// The first digits of the numbers, with a `+`; at most eight digits, never a whole number.
    pub prefix: Label,
}

/// Something unusual among the attempts.
///
/// In JSON, an object with the same field names. Dates are in RFC 3339; `cell` has `country`, `channel` and `prefix`,
/// each of which may be null; `waste` is an object by currency.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Finding {
    /// The kind.
    pub kind: FindingKind,
    /// The cell.
    pub cell: FindingCell,
    /// The cells that contain it and are unusual for the same reason, the widest first.
    pub within: Vec<FindingCell>,
    /// When it began, as far as known.
    pub from: DateTime<Utc>,
    /// When the last unusual attempt so far was made.
    pub to: DateTime<Utc>,
    /// The number of attempts in the cell from `from` to `to`.
    pub attempts: u64,
    /// How many of these attempts converted.
    pub converted: u64,
    /// How many attempts are usual in this time.
    pub expected: f64,
    /// The usual rate, in percent.
    pub usual_rate: f64,
    /// How many more attempts than usual did not convert; for an outage, how many conversions are missing.
    pub excess: f64,
    /// The cost of the attempts beyond the usual ones, converted or not. Empty for an outage, or if no price is known.
    pub waste: Costs,
    /// How many attempts in `waste` have an estimated price, because theirs is not known yet. The estimate is the price
    /// of the cell's other attempts, or of its country and channel, or else of the account's most expensive country.
    pub unpriced: u64,
    /// The probability of this deviation or a larger one by chance, given the history.
    pub p_value: f64,
    /// Further evidence.
    pub evidence: Evidence,
}

/// Further evidence for a finding. None of it is a condition.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Evidence {
    /// The share of numbers that have a neighbor within 10, 0 to 1.
    pub adjacent: Option<f64>,
    /// The share of numbers that would have such a neighbor by chance, 0 to 1.
    pub adjacent_by_chance: Option<f64>,
    /// The carrier with the most attempts.
    pub carrier: Option<Share>,
    /// The service with the most attempts.
    pub service: Option<Share>,
    /// The mean number of attempts per number.
    pub attempts_per_number: Option<f64>,
    /// The rank of its price.
    pub price: Option<PriceRank>,
    /// The share of attempts in hours that usually have less than half of the country's mean traffic, 0 to 1.
    pub off_hours: Option<f64>,
}

/// The most frequent value among attempts.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Share {
    /// The name.
    pub label: Label,
    /// The share of attempts, 0 to 1.
    pub share: f64,
}

/// The rank of a price among those of the countries that the account sends to on the same channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct PriceRank {
    /// The rank; 1 is the most expensive.
    pub rank: u64,
    /// How many countries have a price.
    pub of: u64,
}
