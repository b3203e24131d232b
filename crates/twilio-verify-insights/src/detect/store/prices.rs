//! Records what attempts usually cost.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::table::cost::Currency;

/// A sum of prices, and how many attempts it includes.
pub(crate) type Sum = (Decimal, u64);

/// Sums of prices by country, channel and currency.
#[derive(Clone, Debug, Default)]
pub(crate) struct Prices(BTreeMap<(u32, u32, Currency), Sum>);

/// Returns the mean price of a sum.
pub(crate) fn mean(sum: &Sum) -> Option<Decimal> {
    sum.0.checked_div(Decimal::from(sum.1))
}

impl Prices {
    /// Adds a price. A price that does not fit into the sum is left out.
    pub(crate) fn add(&mut self, country: u32, channel: u32, price: (Currency, Decimal)) {
        let sum = self.0.entry((country, channel, price.0)).or_default();
        if let Some(all) = sum.0.checked_add(price.1) {
            *sum = (all, sum.1.saturating_add(1));
        }
    }

    pub(crate) fn remove(&mut self, country: u32, channel: u32, price: (Currency, Decimal)) {
        let key = (country, channel, price.0);
        if let Some(sum) = self.0.get_mut(&key) {
            if let Some(all) = sum.0.checked_sub(price.1) {
                *sum = (all, sum.1.saturating_sub(1));
            }
            if sum.1 == 0 {
                self.0.remove(&key);
            }
        }
    }

    /// Returns the usual price of a country and a channel, in the currency of most of its prices.
    pub(crate) fn usual(&self, country: u32, channel: u32) -> Option<(Currency, Decimal)> {
        let first = (country, channel, Currency::LEAST);
        let own =
            self.0.range(first..).take_while(|((of, by, _), _)| (*of, *by) == (country, channel));
        let (key, sum) = own.max_by_key(|(_, sum)| sum.1)?;
        Some((key.2, mean(sum)?))
    }

    /// Returns the price of the most expensive country on a channel, or on any channel if this one has no
    /// price, in the currency of most prices.
    pub(crate) fn dearest(&self, channel: u32) -> Option<(Currency, Decimal)> {
        let mut counts: BTreeMap<Currency, u64> = BTreeMap::new();
        for ((_, _, currency), sum) in &self.0 {
            *counts.entry(*currency).or_default() += sum.1;
        }
        let currency = counts.into_iter().max_by_key(|(_, count)| *count)?.0;
        let means = |of: Option<u32>| {
            let of_currency = self.0.iter().filter(move |(key, _)| key.2 == currency);
            let of_channel = of_currency.filter(move |(key, _)| of.is_none_or(|of| key.1 == of));
            of_channel.filter_map(|(_, sum)| mean(sum)).max()
        };
        Some((currency, means(Some(channel)).or_else(|| means(None))?))
    }

    /// Returns how many countries are more expensive on a channel, and how many have a price on it in this
    /// currency.
    pub(crate) fn rank(&self, channel: u32, price: (Currency, Decimal)) -> (usize, usize) {
        let of_channel = self.0.iter().filter(|(key, _)| key.1 == channel && key.2 == price.0);
        let means: Vec<Decimal> = of_channel.filter_map(|(_, sum)| mean(sum)).collect();
        (means.iter().filter(|mean| **mean > price.1).count(), means.len())
    }
}
