//! Finds countries that cost more than usual.

use rust_decimal::prelude::ToPrimitive;

use crate::detect::history::History;
use crate::detect::look::base::Spot;
use crate::detect::look::measure::Measures;
use crate::detect::look::search::{Case, Found, dispersions};
use crate::detect::look::sums::{DAY_WINDOW, LEAST_ATTEMPTS, RIPE};
use crate::detect::statistics::tail::at_least;
use crate::detect::store::prefix::Prefix;

/// A day is unusual if it costs at least this many times the usual amount.
const LEAST_TIMES: f64 = 1.5;
/// The p-value below which a day is reported. It is low because the finding is not urgent.
const UNLIKELY: f64 = 1e-4;

/// Returns the countries whose last day costs at least half more than usual, and at least `least`
/// more.
pub(crate) fn spending<'s>(
    history: &History,
    measures: &'s Measures,
    least: f64,
) -> Vec<Found<'s>> {
    if measures.windows <= DAY_WINDOW {
        return Vec::new();
    }
    let countries = measures.spots.chunk_by(|a, b| a.place.country == b.place.country);
    countries.filter_map(|spots| of_country(history, measures, spots, least)).collect()
}

fn of_country<'s>(
    history: &History,
    measures: &Measures,
    spots: &'s [Spot],
    least: f64,
) -> Option<Found<'s>> {
    let country = spots.first()?.place.country;
    let (mut spent, mut usual, mut attempts, mut known) = (0.0, 0.0, 0.0, 0.0);
    let mut ripe = 0.0;
    for spot in spots {
        let day = spot.windows.get(DAY_WINDOW)?;
        if day.attempts == 0.0 && spot.share == 0.0 {
            continue;
        }
        let price = history.prices.usual(country, spot.place.channel);
        let price = price.or_else(|| history.prices.dearest(spot.place.channel));
        let price = price.and_then(|(_, price)| price.to_f64()).unwrap_or_default();
        spent += price * day.attempts;
        usual += price * day.usual;
        attempts += day.attempts;
        known += day.basis;
        ripe += day.ripe;
    }
    // It is not known yet whether young attempts are an attack.
    let is_settled = attempts >= LEAST_ATTEMPTS && ripe >= RIPE * attempts;
    if !is_settled || spent < LEAST_TIMES * usual || spent - usual < least.max(0.01) {
        return None;
    }
    // Counts in attempts of the mean price.
    let price = spent / attempts;
    let dispersion = dispersions(measures, country)[DAY_WINDOW];
    let dispersion = dispersion * (1.0 + usual / price / (known + 1.0));
    let p_value = at_least(attempts, usual / price, dispersion);
    (p_value < UNLIKELY).then(|| Found {
        case: Case::Spending,
        country,
        channel: None,
        prefix: Prefix::default(),
        within: Vec::new(),
        spots: spots.iter().collect(),
        window: DAY_WINDOW,
        p_value,
    })
}
