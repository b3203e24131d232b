//! Computes what the attempts beyond the usual ones cost.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;

use crate::detect::history::History;
use crate::detect::look::search::Found;
use crate::detect::look::span::{Span, recents};
use crate::detect::store::bins::HOUR;
use crate::detect::store::prices::{Sum, mean};
use crate::table::cost::{Cost, Costs, Currency};

/// The cost of attempts, and how many of them have an estimated price.
#[derive(Clone, Debug, Default)]
pub(crate) struct Waste {
    pub(crate) costs: Costs,
    pub(crate) estimated: u64,
    /// The usual price of these attempts.
    pub(crate) price: Option<(Currency, Decimal)>,
}

/// How many decimals a part of a sum has.
const DECIMALS: u32 = 6;

impl Waste {
    /// Computes the cost of a span's attempts beyond the usual ones. A price that is not known yet is
    /// taken from the cell's other attempts, or its country and channel, or the account's most
    /// expensive country.
    pub(crate) fn of(history: &History, found: &Found<'_>, span: &Span) -> Self {
        let mut known: BTreeMap<Currency, Sum> = BTreeMap::new();
        let hours = span.from.div_euclid(HOUR)..=span.to.div_euclid(HOUR);
        let in_span = |created: i64| (span.from..=span.to).contains(&created);
        for recent in recents(history, found, hours).filter(|recent| in_span(recent.created)) {
            if let Some((currency, price)) = recent.price {
                let sum = known.entry(currency).or_default();
                if let Some(all) = sum.0.checked_add(price) {
                    *sum = (all, sum.1 + 1);
                }
            }
        }
        let of_cell = known.iter().max_by_key(|(_, sum)| sum.1);
        let of_cell = of_cell.and_then(|(currency, sum)| Some((*currency, mean(sum)?)));
        let channel = found.channel.or_else(|| Some(found.spots.first()?.place.channel));
        let channel = channel.unwrap_or_default();
        let usual = || history.prices.usual(found.country, channel);
        let price = of_cell.or_else(usual).or_else(|| history.prices.dearest(channel));

        let attempts = u64::try_from(span.tally.attempts).unwrap_or_default();
        let priced = known.values().map(|sum| sum.1).sum::<u64>().min(attempts);
        let unpriced = attempts - priced;
        let part = if attempts > 0 { span.beyond() / attempts as f64 } else { 0.0 };
        if let Some((currency, price)) = price.filter(|_| unpriced > 0) {
            let all = price.checked_mul(Decimal::from(unpriced));
            let sum = known.entry(currency).or_default();
            if let Some(all) = all.and_then(|all| sum.0.checked_add(all)) {
                *sum = (all, sum.1.saturating_add(unpriced));
            }
        }
        let costs = known.into_iter().map(|(currency, (sum, priced))| {
            let count = (priced as f64 * part).round() as u64;
            (currency, Cost::new(of_part(sum, part), count))
        });
        // Attempts that are not recent have a price, but only its mean is known.
        let estimated = if of_cell.is_some() { unpriced } else { attempts };
        let estimated = (estimated as f64 * part).round() as u64;
        Self { costs: costs.collect(), estimated, price }
    }

    /// Whether the waste is at least `least` in any currency, or is not known.
    pub(crate) fn is_at_least(&self, least: Decimal) -> bool {
        self.costs.is_empty() || self.costs.iter().any(|(_, cost)| cost.sum >= least)
    }
}

/// Returns a part of a sum, at most all of it.
fn of_part(sum: Decimal, part: f64) -> Decimal {
    if part >= 1.0 {
        return sum.normalize();
    }
    let part = Decimal::from_f64(part).unwrap_or_default();
    let product = part.checked_mul(sum).unwrap_or_default();
    product.round_dp(DECIMALS).normalize()
}
