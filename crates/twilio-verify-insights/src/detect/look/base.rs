//! Computes what is usual for every destination, once for all looks of an hour.

use std::sync::Arc;

use crate::detect::history::History;
use crate::detect::look::sums::{Sums, WINDOWS};
use crate::detect::store::bins::{DAY, Tally, WEEK};
use crate::detect::store::destinations::{Destination, Place};
use crate::detect::usual::{PRIOR_RATE, Profile, Usual, without_outlier};

/// A destination, as a look sees it.
#[derive(Clone, Debug)]
pub(crate) struct Spot {
    pub(crate) number: u32,
    pub(crate) place: Place,
    /// The usual rate, 0 to 1.
    pub(crate) rate: f64,
    /// Its share of the country's usual attempts.
    pub(crate) share: f64,
    /// The number of earlier attempts that its usual share and rate are based on.
    pub(crate) basis: f64,
    /// Whether it had no earlier attempts.
    pub(crate) is_new: bool,
    /// The share of attempts that usually are not delivered.
    pub(crate) failing: f64,
    /// The index of its country in [`Base::countries`].
    pub(crate) country_base: usize,
    pub(crate) windows: [Sums; WINDOWS],
}

/// What is usual in a country.
#[derive(Clone, Debug)]
pub(crate) struct CountryBase {
    pub(crate) country: u32,
    pub(crate) usual: Option<Usual>,
    /// The usual attempts of each hour, from a day before the current hour up to it.
    pub(crate) hours: Vec<f64>,
}

/// What is usual, for the looks of an hour.
#[derive(Clone, Debug)]
pub(crate) struct Base {
    /// The first hour that it is computed from, and the first one after these hours.
    pub(crate) known: (i64, i64),
    pub(crate) all: Usual,
    pub(crate) countries: Vec<CountryBase>,
    /// Sorted by country and prefix, with empty windows.
    pub(crate) spots: Vec<Spot>,
    /// The index of each destination in `spots`, by its number.
    pub(crate) places: Vec<u32>,
}

/// Counts from which rates are computed.
#[derive(Clone, Copy, Debug, Default)]
struct Rates {
    attempts: f64,
    judged: f64,
    converted: f64,
    undelivered: f64,
}

impl Rates {
    fn add(&mut self, tally: &Tally) {
        self.attempts += tally.attempts as f64;
        self.judged += (tally.converted + tally.unconverted) as f64;
        self.converted += tally.converted as f64;
        self.undelivered += tally.undelivered as f64;
    }

    fn rate(&self, prior: f64) -> f64 {
        (self.converted + PRIOR_RATE * prior) / (self.judged + PRIOR_RATE)
    }

    fn failing(&self, prior: f64) -> f64 {
        (self.undelivered + PRIOR_RATE * prior) / (self.attempts + PRIOR_RATE)
    }
}

/// Rates by channel. There are few channels.
#[derive(Clone, Debug, Default)]
struct ByChannel(Vec<(u32, Rates)>);

impl ByChannel {
    fn of(&mut self, channel: u32) -> &mut Rates {
        let place = self.0.iter().position(|(known, _)| *known == channel);
        let place = place.unwrap_or_else(|| {
            self.0.push((channel, Rates::default()));
            self.0.len() - 1
        });
        &mut self.0[place].1
    }
}

/// Returns the first hour that determines what is usual for a look at `hour`, and the first one after these hours.
pub(crate) fn known(history: &History, hour: i64, weeks: u8) -> Option<(i64, i64)> {
    let first = history.first_hour();
    let length = hour.checked_sub(first)?;
    // Leaves out the last day, which is examined, or the last half if less than two days are known.
    let before = if length >= 2 * DAY { hour - DAY } else { hour - length / 2 };
    let oldest = before.saturating_sub(i64::from(weeks) * WEEK);
    (length >= 2).then_some((first.max(oldest), before))
}

impl Base {
    /// Returns what is usual at an hour, computed once per hour. Returns `None` if no earlier hours are known.
    pub(crate) fn at(history: &History, hour: i64, weeks: u8) -> Option<Arc<Self>> {
        if let Some(base) = history.memo.get::<Self>(hour, weeks) {
            return Some(base);
        }
        let known = known(history, hour, weeks)?;
        let all = Usual::of(&history.all, None, known.0, known.1, weeks)?;
        let mut base =
            Self { known, all, countries: Vec::new(), spots: Vec::new(), places: Vec::new() };
        base.add_countries(history, hour, weeks);
        base.add_spots(history, hour);
        base.places = vec![u32::MAX; history.destinations.len()];
        for (place, spot) in (0..).zip(&base.spots) {
            if let Some(known) = base.places.get_mut(spot.number as usize) {
                *known = place;
            }
        }
        let base = Arc::new(base);
        history.memo.set(hour, weeks, known.1, base.clone());
        Some(base)
    }

    /// Returns what is usual in a country.
    pub(crate) fn usual(&self, country: u32) -> Option<&Usual> {
        self.countries.get(self.place(country)?)?.usual.as_ref()
    }

    /// Returns the place of a country in [`countries`](Self::countries).
    fn place(&self, country: u32) -> Option<usize> {
        self.countries.binary_search_by_key(&country, |country_base| country_base.country).ok()
    }

    fn add_countries(&mut self, history: &History, hour: i64, weeks: u8) {
        let (known_from, before) = self.known;
        let profile = Profile::of(&history.all, known_from, before, weeks);
        for (country, hours) in &history.countries {
            let usual = Usual::of(hours, profile.as_ref(), known_from, before, weeks);
            let day = hour - DAY..=hour;
            let hours = day.map(|hour| usual.as_ref().map_or(0.0, |usual| usual.attempts(hour)));
            let hours = hours.collect();
            self.countries.push(CountryBase { country: *country, usual, hours });
        }
    }

    fn add_spots(&mut self, history: &History, hour: i64) {
        let mut channels = ByChannel::default();
        let mut bases = Vec::with_capacity(history.destinations.len());
        let mut total = Rates::default();
        for (number, destination) in history.destinations.iter() {
            let (basis, is_new) = basis(destination, hour, self.known);
            if basis.attempts > 0 {
                total.add(&basis);
                channels.of(destination.place.channel).add(&basis);
            }
            bases.push((number, destination, basis, is_new));
        }
        let all = (total.rate(0.5), total.failing(0.0));
        self.spots.reserve(bases.len());
        for of_country in bases.chunk_by(|a, b| a.1.place.country == b.1.place.country) {
            self.add_country(of_country, &mut channels, all);
        }
    }

    fn add_country(
        &mut self,
        destinations: &[(u32, &Destination, Tally, bool)],
        channels: &mut ByChannel,
        (rate, failing): (f64, f64),
    ) {
        let country = destinations.first().map(|(_, first, ..)| first.place.country);
        let Some(country_base) = country.and_then(|country| self.place(country)) else {
            return;
        };
        let mut pairs = ByChannel::default();
        let mut of_country = Rates::default();
        for (_, destination, basis, _) in destinations {
            pairs.of(destination.place.channel).add(basis);
            of_country.add(basis);
        }
        let rate_of_country = of_country.rate(rate);
        for (number, destination, basis, is_new) in destinations {
            let place = destination.place;
            let (channel, pair) = (*channels.of(place.channel), *pairs.of(place.channel));
            let prior = (channel.rate(rate) + rate_of_country - rate).clamp(0.02, 0.98);
            let mut own = Rates::default();
            own.add(basis);
            self.spots.push(Spot {
                number: *number,
                place,
                rate: own.rate(pair.rate(prior)),
                share: if of_country.attempts > 0.0 {
                    own.attempts / of_country.attempts
                } else {
                    0.0
                },
                basis: own.attempts,
                is_new: *is_new,
                failing: pair.failing(channel.failing(failing)),
                country_base,
                windows: [Sums::default(); WINDOWS],
            });
        }
    }
}

/// Returns the counts that a destination's usual share and rate are based on: without the last week, in which an
/// attack may go on, and without an unusual day. Also returns whether it has no attempts before the last day.
fn basis(destination: &Destination, hour: i64, (known_from, before): (i64, i64)) -> (Tally, bool) {
    let mut sum = Tally::default();
    if before - known_from < 2 * DAY {
        destination.hours.between(known_from, before).for_each(|(_, tally)| sum.add(&tally));
        return (sum, sum.attempts == 0);
    }
    let (first, last) = (known_from.div_euclid(DAY), before.div_euclid(DAY));
    let week_ago = (hour - WEEK).div_euclid(DAY);
    let end = if week_ago - first >= 7 { week_ago } else { last };
    let mut most = Tally::default();
    for (_, tally) in destination.days.between(first, end) {
        sum.add(&tally);
        if tally.attempts > most.attempts {
            most = tally;
        }
    }
    let (all, greatest) = (sum.attempts as f64, most.attempts as f64);
    let is_new = sum.attempts == 0 && destination.days.between(end, last).next().is_none();
    if without_outlier(all, (end - first) as f64, greatest).0 < all {
        sum.add(&most.negative());
    }
    (sum, is_new)
}
