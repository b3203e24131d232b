//! The counts of a cell.

use std::ops::{AddAssign, SubAssign};

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};
use twilio_verify::{Attempt, ConversionStatus};

use crate::table::cost::{Cost, Costs, Currency};
use crate::table::interval::{Confidence, Interval, wilson};

/// Attempts, how many of them converted, and what they cost. Counts of disjoint sets add up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Counts {
    /// The number of attempts.
    pub attempts: u64,
    /// The attempts whose code was entered.
    pub converted: u64,
    /// The attempts whose code was not entered. An attempt with any other conversion status counts
    /// in `attempts` only.
    pub unconverted: u64,
    /// The prices by currency. Empty if no prices are known: the Summary endpoint has none.
    #[serde(default, skip_serializing_if = "Costs::is_empty")]
    pub cost: Costs,
}

impl Counts {
    /// Creates counts from the numbers of a summary.
    pub const fn new(attempts: u64, converted: u64, unconverted: u64) -> Self {
        Self { attempts, converted, unconverted, cost: Costs::new() }
    }

    /// Adds a cost in a currency.
    #[must_use]
    pub fn with_cost(mut self, currency: Currency, cost: Cost) -> Self {
        self.cost.add(currency, &cost);
        self
    }

    /// Counts one attempt. A price without a currency counts in [`Currency::NONE`]; a price whose
    /// currency is not three letters counts as not known.
    pub fn of(attempt: &Attempt) -> Self {
        let status = attempt.conversion_status.as_ref();
        let mut cost = Costs::new();
        if let Some(price) = &attempt.price
            && let Some(value) = price.value
        {
            let currency = price.currency.as_deref().unwrap_or_default();
            if let Some(currency) = Currency::of_price(currency) {
                cost.add(currency, &Cost::new(value, 1));
            }
        }
        Self {
            attempts: 1,
            converted: u64::from(status == Some(&ConversionStatus::Converted)),
            unconverted: u64::from(status == Some(&ConversionStatus::Unconverted)),
            cost,
        }
    }

    /// Returns converted / attempts x 100, to 9 decimals, or `None` if there are no attempts.
    pub fn rate(&self) -> Option<Decimal> {
        let rate = Decimal::from(self.converted) * Decimal::ONE_HUNDRED;
        let rate = rate.checked_div(Decimal::from(self.attempts))?;
        Some(rate.round_dp_with_strategy(9, RoundingStrategy::MidpointAwayFromZero).normalize())
    }

    /// Returns the range, in percent, in which the rate behind these counts lies: Wilson's interval.
    /// Returns `None` if there are no attempts.
    pub fn interval(&self, confidence: Confidence) -> Option<Interval> {
        wilson(self.converted, self.attempts, confidence)
    }

    /// Whether there are enough attempts, 20, to judge the rate.
    pub const fn is_judged(&self) -> bool {
        self.attempts >= 20
    }

    /// Returns the cost of a conversion in a currency: the prices of all attempts and `fee` for each
    /// success, divided by the conversions. Returns `None` without a conversion, or without a price
    /// in this currency.
    ///
    /// While prices are missing ([`Cost::priced`]), the result is a lower bound.
    pub fn cost_per_conversion(&self, currency: &str, fee: Decimal) -> Option<Decimal> {
        let converted = Decimal::from(self.converted);
        let sum = self.cost.get(currency)?.sum;
        sum.checked_add(fee.checked_mul(converted)?)?.checked_div(converted)
    }
}

impl AddAssign<&Self> for Counts {
    fn add_assign(&mut self, other: &Self) {
        self.attempts = self.attempts.saturating_add(other.attempts);
        self.converted = self.converted.saturating_add(other.converted);
        self.unconverted = self.unconverted.saturating_add(other.unconverted);
        for (currency, cost) in other.cost.iter() {
            self.cost.add(currency, cost);
        }
    }
}

/// Subtracts a part. Prices are kept: only summaries are subtracted, and these have no prices.
impl SubAssign<&Self> for Counts {
    fn sub_assign(&mut self, part: &Self) {
        self.attempts = self.attempts.saturating_sub(part.attempts);
        self.converted = self.converted.saturating_sub(part.converted);
        self.unconverted = self.unconverted.saturating_sub(part.unconverted);
    }
}

#[cfg(test)]
mod tests {
    use super::Counts;
    use crate::table::label::Label;

    /// A table may have millions of cells.
    #[test]
    fn a_cell_is_small() {
        assert_eq!(size_of::<Label>(), 16);
        assert_eq!(size_of::<Counts>(), 56);
    }
}
