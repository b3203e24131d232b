//! What a detector finds.

use std::fmt;

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
    /// A country or prefix that was not used before.
    NewDestination,
    /// Many more attempts than usual of which part converts, so that the rate alone doesn't show it.
    Masked,
    /// Spending above its usual range.
    Cost,
}

/// Where it was found. A dimension that is `NONE` does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct FindingCell {
    /// The country.
    pub country: Label,
    /// The channel.
    pub channel: Label,
    /// The first digits of the numbers, with a `+`.
    pub prefix: Label,
}

/// Something unusual.
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
    /// The end of what was looked at.
    pub to: DateTime<Utc>,
    /// Attempts in the cell between the two.
    pub attempts: u64,
    /// How many of them converted.
    pub converted: u64,
    /// How many attempts are usual.
    pub expected: f64,
    /// The usual rate, in percent.
    pub usual_rate: f64,
    /// Unconverted attempts beyond what is usual.
    pub excess: f64,
    /// What the excess cost.
    pub waste: Costs,
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
    /// The carrier of most attempts, and its share of them, 0 to 1.
    pub carrier: Option<(Label, f64)>,
    /// Attempts for each number.
    pub attempts_per_number: Option<f64>,
}

/// One line.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} {} {}", self.kind, self.cell.country, self.cell.prefix)
    }
}
