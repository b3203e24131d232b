//! Money: sums of prices by currency.

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A currency: three letters, as in ISO 4217. Written in capitals; parsed from capital or small
/// letters.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Currency([u8; 3]);

/// The error for a text that is not a currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a currency has three letters, as in ISO 4217: USD")]
pub struct ParseCurrencyError;

impl Currency {
    /// ISO 4217's code for no currency, used for a price without a currency.
    pub const NONE: Self = Self(*b"XXX");

    /// A value that is sorted before all currencies.
    pub(crate) const LEAST: Self = Self([0; 3]);

    /// Returns the currency of a price: [`NONE`](Self::NONE) for an empty text, or `None` if the
    /// text is not a currency.
    pub fn of_price(text: &str) -> Option<Self> {
        match text.trim() {
            "" => Some(Self::NONE),
            text => text.parse().ok(),
        }
    }

    /// Returns the three letters.
    pub fn as_str(&self) -> &str {
        // The letters are ASCII.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl FromStr for Currency {
    type Err = ParseCurrencyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let letters: [u8; 3] = text.as_bytes().try_into().map_err(|_| ParseCurrencyError)?;
        if letters.iter().all(u8::is_ascii_alphabetic) {
            Ok(Self(letters.map(|letter| letter.to_ascii_uppercase())))
        } else {
            Err(ParseCurrencyError)
        }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// The sum of prices in one currency.
///
/// A sum is exact. A price that can't be added exactly, because the sum would need more than the 28
/// digits of a [`Decimal`], is left out, and not counted as priced.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Cost {
    /// The sum. Twilio's `price` leaves out the fee of a success.
    pub sum: Decimal,
    /// How many attempts have a price in this currency that is in the sum. A price may arrive a day
    /// after the attempt.
    pub priced: u64,
}

impl Cost {
    /// Creates the sum of the prices of `priced` attempts.
    pub const fn new(sum: Decimal, priced: u64) -> Self {
        Self { sum, priced }
    }

    fn add(&mut self, other: &Self) {
        if let Some(sum) = exact_sum(self.sum, other.sum) {
            self.sum = sum;
            self.priced = self.priced.saturating_add(other.priced);
        }
    }
}

/// Returns the sum, if a decimal can hold it without rounding.
fn exact_sum(a: Decimal, b: Decimal) -> Option<Decimal> {
    // Without trailing zeros, the sum may fit.
    sum_as_written(a, b).or_else(|| sum_as_written(a.normalize(), b.normalize()))
}

fn sum_as_written(a: Decimal, b: Decimal) -> Option<Decimal> {
    let (coarse, fine) = if a.scale() <= b.scale() { (a, b) } else { (b, a) };
    let tens = 10_i128.checked_pow(fine.scale() - coarse.scale())?;
    let sum = coarse.mantissa().checked_mul(tens)?.checked_add(fine.mantissa())?;
    Decimal::try_from_i128_with_scale(sum, fine.scale()).ok()
}

/// Sums of prices by currency. Different currencies are never added up. In JSON, an object by
/// currency.
///
/// A single currency needs no allocation.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Costs(Held);

#[derive(Clone, Default, PartialEq, Eq)]
enum Held {
    #[default]
    None,
    One(Currency, Cost),
    /// Two or more, sorted.
    Many(Box<[(Currency, Cost)]>),
}

impl Costs {
    /// Creates sums without any currency.
    pub const fn new() -> Self {
        Self(Held::None)
    }

    /// Returns how many currencies there are.
    pub const fn len(&self) -> usize {
        match &self.0 {
            Held::None => 0,
            Held::One(..) => 1,
            Held::Many(costs) => costs.len(),
        }
    }

    /// Whether no price is known.
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the sum in a currency, given by the letters of a [`Currency`] in capitals.
    pub fn get(&self, currency: &str) -> Option<&Cost> {
        self.iter().find(|(known, _)| known.as_str() == currency).map(|(_, cost)| cost)
    }

    /// Returns the currencies, sorted, and their sums.
    pub fn iter(&self) -> impl Iterator<Item = (Currency, &Cost)> {
        let (one, many) = match &self.0 {
            Held::None => (None, [].as_slice()),
            Held::One(currency, cost) => (Some((*currency, cost)), [].as_slice()),
            Held::Many(costs) => (None, &**costs),
        };
        one.into_iter().chain(many.iter().map(|(currency, cost)| (*currency, cost)))
    }

    /// Adds a sum in a currency.
    pub fn add(&mut self, currency: Currency, cost: &Cost) {
        match &mut self.0 {
            Held::None => self.0 = Held::One(currency, *cost),
            Held::One(known, sum) if *known == currency => sum.add(cost),
            Held::One(known, sum) => {
                let mut costs = [(*known, *sum), (currency, *cost)];
                costs.sort_by_key(|(currency, _)| *currency);
                self.0 = Held::Many(Box::new(costs));
            }
            Held::Many(costs) => match costs.binary_search_by_key(&currency, |(known, _)| *known) {
                Ok(index) => {
                    if let Some((_, sum)) = costs.get_mut(index) {
                        sum.add(cost);
                    }
                }
                Err(index) => {
                    let mut longer = costs.to_vec();
                    longer.insert(index, (currency, *cost));
                    self.0 = Held::Many(longer.into());
                }
            },
        }
    }
}

impl FromIterator<(Currency, Cost)> for Costs {
    fn from_iter<I: IntoIterator<Item = (Currency, Cost)>>(costs: I) -> Self {
        let mut all = Self::new();
        for (currency, cost) in costs {
            all.add(currency, &cost);
        }
        all
    }
}

impl fmt::Debug for Costs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

impl Serialize for Costs {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl<'de> Deserialize<'de> for Costs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let costs = std::collections::BTreeMap::<Currency, Cost>::deserialize(deserializer)?;
        Ok(costs.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    use super::{Cost, exact_sum};

    #[test]
    fn a_sum_is_exact_or_none() {
        let decimal = |text: &str| Decimal::from_str_exact(text).unwrap();
        for (a, b, sum) in [
            ("0.05", "0.0075", Some("0.0575")),
            ("-0.05", "0.05", Some("0.00")),
            ("0", "0.000001", Some("0.000001")),
            ("79228162514264337593543950334", "1", Some("79228162514264337593543950335")),
            ("79228162514264337593543950335", "1", None),
            ("79228162514264337593543950335", "0.1", None),
            (
                "79228162514264337593543950330",
                "1.0000000000",
                Some("79228162514264337593543950331"),
            ),
            ("10", "0.0000000000000000000000000001", None),
        ] {
            for (a, b) in [(a, b), (b, a)] {
                let found = exact_sum(decimal(a), decimal(b));
                assert_eq!(found.map(|sum| sum.to_string()).as_deref(), sum, "{a} + {b}");
            }
        }
    }

    /// Only prices that are in the sum count as priced.
    #[test]
    fn a_price_that_does_not_fit_is_not_priced() {
        let mut cost = Cost::new(Decimal::MAX, 1);
        cost.add(&Cost::new(Decimal::ONE, 1));
        assert_eq!(cost, Cost::new(Decimal::MAX, 1));
    }
}
