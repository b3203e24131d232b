//! Counts of every destination in every window, beside what is usual.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::detect::history::History;
use crate::detect::hours::{PRIOR_RATE, Profile, Usual, part, without_outlier};
use crate::detect::look::sums::{DAY_WINDOW, DRIP_WINDOW, Sums, WINDOW_HOURS, WINDOW_SECONDS, WINDOWS};
use crate::detect::statistics::cusum::{Cusum, LIMIT};
use crate::detect::store::bins::{DAY, HOUR, Tally, WEEK};
use crate::detect::store::delays::{Shares, VALID};
use crate::detect::store::destinations::{Destination, Place};

/// A destination at a look.
#[derive(Clone, Debug)]
pub(crate) struct Spot {
    pub(crate) number: u32,
    pub(crate) place: Place,
    /// The usual rate, 0 to 1.
    pub(crate) rate: f64,
    /// The share of the country's usual attempts.
    pub(crate) share: f64,
    /// Attempts that are known of it from before.
    pub(crate) basis: f64,
    /// Whether it had no attempts before.
    pub(crate) is_new: bool,
    /// The share of attempts that usually don't arrive.
    pub(crate) failing: f64,
    pub(crate) windows: [Sums; WINDOWS],
}

/// A country at a look.
#[derive(Clone, Debug)]
pub(crate) struct Land {
    pub(crate) usual: Option<Usual>,
    /// Usual attempts in each window.
    pub(crate) attempts: [f64; DRIP_WINDOW],
    pub(crate) rate: f64,
}

/// What a look measures.
#[derive(Clone, Debug)]
pub(crate) struct Measures {
    pub(crate) now: i64,
    /// The current hour.
    pub(crate) hour: i64,
    /// What is usual is known by the hours from the first on, before the second.
    pub(crate) known: (i64, i64),
    /// How many windows end after what is usual.
    pub(crate) windows: usize,
    /// Sorted by country and prefix.
    pub(crate) spots: Vec<Spot>,
    pub(crate) lands: BTreeMap<u32, Land>,
    pub(crate) all: Usual,
}

/// Rates by country and channel.
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

/// Rates by channel, of which there are few.
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

/// How far back a beginning is looked for, in hours: as long as destinations keep them.
pub(crate) const BACK: i64 = WEEK + DAY - 1;
/// An excess of a day that may be part of a longer one, in standard deviations.
const SUSPECT: f64 = 2.5;

/// Attempts that are expected of a destination where none is known, in all that is known.
const UNSEEN: f64 = 0.5;

/// What is usual is known by the hours from the first on and before the second, for a look at an hour.
pub(crate) fn known(history: &History, hour: i64, weeks: u8) -> Option<(i64, i64)> {
    let first = history.first_hour();
    let length = hour.checked_sub(first)?;
    // A day is enough for what is looked at. With less than two days, half of them.
    let before = if length >= 2 * DAY { hour - DAY } else { hour - length / 2 };
    let oldest = before.saturating_sub(i64::from(weeks) * 7 * DAY);
    (length >= 2).then_some((first.max(oldest), before))
}

impl Measures {
    /// Measures the attempts before `now`. `None` if nothing is known of earlier hours.
    pub(crate) fn of(history: &History, now: DateTime<Utc>, weeks: u8) -> Option<Self> {
        let now = now.timestamp();
        let hour = now.div_euclid(HOUR);
        let known = known(history, hour, weeks)?;
        let all = Usual::of(&history.all, None, known.0, known.1, weeks)?;
        let windows = WINDOW_HOURS.iter().filter(|hours| hour - **hours >= known.1 - 1).count();
        let lands = BTreeMap::new();
        let mut measures = Self { now, hour, known, windows, spots: Vec::new(), lands, all };
        measures.count_usual(history, weeks);
        let mut numbers = vec![u32::MAX; history.destinations.len()];
        for (index, spot) in measures.spots.iter().enumerate() {
            if let Some(place) = numbers.get_mut(spot.number as usize) {
                *place = index as u32;
            }
        }
        measures.count_recent(history, &numbers);
        measures.count_drips(history);
        Some(measures)
    }

    /// The beginning of a window, in seconds.
    pub(crate) fn begin(&self, window: usize) -> i64 {
        match WINDOW_SECONDS.get(window) {
            Some(seconds) => self.now - seconds,
            None => (self.hour - WINDOW_HOURS.get(window).copied().unwrap_or(BACK) + 1) * HOUR,
        }
    }

    fn count_usual(&mut self, history: &History, weeks: u8) {
        let (known_from, before) = self.known;
        let profile = Profile::of(&history.all, known_from, before, weeks);
        for (country, hours) in &history.countries {
            let usual = Usual::of(hours, profile.as_ref(), known_from, before, weeks);
            let mut attempts = [0.0; DRIP_WINDOW];
            if let Some(usual) = &usual {
                for hour in (self.hour - DAY).max(before)..=self.hour {
                    let of_hour = usual.attempts(hour);
                    for (window, attempts) in attempts.iter_mut().enumerate() {
                        *attempts += of_hour * part(hour, (self.begin(window), self.now));
                    }
                }
            }
            let rate = usual.as_ref().map_or(self.all.rate, |usual| usual.rate);
            self.lands.insert(*country, Land { usual, attempts, rate });
        }

        let mut channels = ByChannel::default();
        let mut bases = Vec::with_capacity(history.destinations.len());
        let mut total = Rates::default();
        for (number, destination) in history.destinations.iter() {
            let (basis, is_new) = basis(destination, self.hour, self.known);
            if basis.attempts > 0 {
                total.add(&basis);
                channels.of(destination.place.channel).add(&basis);
            }
            bases.push((number, destination, basis, is_new));
        }
        let all = (total.rate(0.5), total.failing(0.0));
        self.spots.reserve(bases.len());
        for of_country in bases.chunk_by(|a, b| a.1.place.country == b.1.place.country) {
            self.count_country(of_country, &mut channels, all);
        }
    }

    fn count_country(
        &mut self,
        destinations: &[(u32, &Destination, Tally, bool)],
        channels: &mut ByChannel,
        (rate, failing): (f64, f64),
    ) {
        let land = destinations.first().and_then(|(_, first, ..)| self.lands.get(&first.place.country));
        let Some(land) = land else {
            return;
        };
        let period = (self.known.1 - self.known.0).max(1) as f64;
        let mut pairs = ByChannel::default();
        let mut of_land = 0.0;
        for (_, destination, basis, _) in destinations {
            pairs.of(destination.place.channel).add(basis);
            of_land += basis.attempts as f64;
        }
        let (attempts, rate_of_land) = (land.attempts, land.rate);
        for (number, destination, basis, is_new) in destinations {
            let place = destination.place;
            let (channel, pair) = (*channels.of(place.channel), *pairs.of(place.channel));
            let prior = (channel.rate(rate) + rate_of_land - rate).clamp(0.02, 0.98);
            let failing = pair.failing(channel.failing(failing));
            let mut own = Rates::default();
            own.add(basis);
            let rate = own.rate(pair.rate(prior));
            let share = if of_land > 0.0 { own.attempts / of_land } else { 0.0 };
            let mut windows = [Sums::default(); WINDOWS];
            for (window, sums) in windows.iter_mut().enumerate().take(DRIP_WINDOW) {
                let seconds = self.now - self.begin(window);
                let unseen = UNSEEN * seconds as f64 / HOUR as f64 / period;
                let of_land = attempts.get(window).copied().unwrap_or_default();
                sums.usual = share * of_land + unseen;
                sums.usual_lost = sums.usual * (1.0 - rate);
                sums.basis = own.attempts;
            }
            let (number, is_new, basis) = (*number, *is_new, own.attempts);
            let mut spot = Spot { number, place, rate, share, basis, is_new, failing, windows };
            self.count_hours(destination, &mut spot);
            self.spots.push(spot);
        }
    }

    /// The windows of whole hours.
    fn count_hours(&self, destination: &Destination, spot: &mut Spot) {
        let first = WINDOW_SECONDS.len();
        let from = self.hour - DAY;
        for (hour, tally) in destination.hours.between(from, self.hour + 1).rev() {
            let judged = (tally.converted + tally.unconverted) as f64;
            let hours = WINDOW_HOURS.iter().zip(&mut spot.windows).skip(first);
            for (_, sums) in hours.filter(|(hours, _)| hour > self.hour - **hours) {
                sums.attempts += tally.attempts as f64;
                sums.converted += tally.converted as f64;
                sums.lost += tally.unconverted as f64;
                sums.ripe += judged;
                sums.converting += judged * spot.rate;
                sums.undelivered += tally.undelivered as f64;
                sums.failing += tally.attempts as f64 * spot.failing;
            }
        }
    }

    /// The windows of seconds, and what is not known yet of young attempts.
    fn count_recent(&mut self, history: &History, numbers: &[u32]) {
        let shares = history.delays.shares();
        for recent in history.recent.range(self.hour - 1..=self.hour).flat_map(|(_, all)| all) {
            let age = self.now - recent.created;
            let place = numbers.get(recent.destination as usize).copied().unwrap_or(u32::MAX);
            if age < 0 {
                continue;
            }
            let Some(spot) = self.spots.get_mut(place as usize) else {
                continue;
            };
            let young = Young::of(age, spot.rate, recent.converted, &shares);
            for (sums, seconds) in spot.windows.iter_mut().zip(WINDOW_SECONDS) {
                if age > seconds {
                    continue;
                }
                let judged = f64::from(u8::from(recent.converted.is_some()));
                sums.attempts += 1.0;
                sums.converted += f64::from(u8::from(recent.converted == Some(true)));
                sums.lost += f64::from(u8::from(recent.converted == Some(false)));
                sums.ripe += judged;
                sums.converting += judged * spot.rate;
                sums.undelivered += f64::from(u8::from(recent.undelivered));
                sums.failing += spot.failing;
            }
            if age < VALID {
                let in_minutes = age <= WINDOW_SECONDS[0];
                let windows = spot.windows.iter_mut().take(DRIP_WINDOW);
                let windows = windows.skip(usize::from(!in_minutes));
                windows.for_each(|sums| young.correct(sums));
            }
        }
    }
}

impl Measures {
    /// The time since small excesses add up, of destinations with some excess in the last day.
    fn count_drips(&mut self, history: &History) {
        if self.windows < DRIP_WINDOW {
            return;
        }
        self.windows = WINDOWS;
        let mut spots = std::mem::take(&mut self.spots);
        for spot in &mut spots {
            let day = spot.windows[DAY_WINDOW];
            if day.lost >= 3.0 && day.excess() >= SUSPECT * (day.usual_lost + 1.0).sqrt() {
                spot.windows[DRIP_WINDOW] = self.drip(history, spot).unwrap_or_default();
            }
        }
        self.spots = spots;
    }

    fn drip(&self, history: &History, spot: &Spot) -> Option<Sums> {
        let destination = history.destinations.get(spot.number)?;
        let first = (self.hour - BACK).max(history.first_hour());
        let usual = self.lands.get(&spot.place.country)?.usual.as_ref();
        let dispersion = usual.map_or(self.all.dispersion.0, |usual| usual.dispersion.0);
        let mut hours: Vec<(Tally, f64)> = (first..self.hour)
            .map(|hour| {
                let of_land = usual.map_or(0.0, |usual| usual.attempts(hour));
                (Tally::default(), spot.share * of_land)
            })
            .collect();
        for (hour, tally) in destination.hours.between(first, self.hour) {
            if let Some((counted, _)) = hours.get_mut((hour - first) as usize) {
                *counted = tally;
            }
        }
        let lost = 1.0 - spot.rate;
        let cusum = Cusum::of(hours.iter().map(|(tally, usual)| {
            let usual = usual * lost;
            (tally.unconverted as f64 - usual) / (dispersion * usual + 1.0).sqrt()
        }));
        if cusum.sum <= LIMIT {
            return None;
        }
        let unseen = UNSEEN / (self.known.1 - self.known.0).max(1) as f64;
        let mut sums = Sums { basis: spot.basis, ..Sums::default() };
        for (tally, usual) in hours.iter().skip(cusum.since) {
            let judged = (tally.converted + tally.unconverted) as f64;
            sums += &Sums {
                attempts: tally.attempts as f64,
                converted: tally.converted as f64,
                ripe: judged,
                converting: judged * spot.rate,
                lost: tally.unconverted as f64,
                undelivered: tally.undelivered as f64,
                failing: tally.attempts as f64 * spot.failing,
                usual: usual + unseen,
                usual_lost: (usual + unseen) * lost,
                basis: 0.0,
            };
        }
        Some(sums)
    }
}

/// What is not known yet of a young attempt.
struct Young {
    ripe: f64,
    converting: f64,
    lost: f64,
}

impl Young {
    fn of(age: i64, rate: f64, converted: Option<bool>, shares: &Shares) -> Self {
        let missing = if converted.is_some() { 1.0 - shares.after(age) } else { 0.0 };
        // The chance that it still converts.
        let converts = rate * missing / (1.0 - rate + rate * missing).max(1e-9);
        let lost = if converted == Some(false) { converts } else { 0.0 };
        Self { ripe: missing, converting: rate * missing, lost }
    }

    fn correct(&self, sums: &mut Sums) {
        sums.ripe -= self.ripe;
        sums.converting -= self.converting;
        sums.lost -= self.lost;
    }
}

/// The counts of a destination by which its usual share and rate are known: without the last week, in which an attack
/// may go on, and without a day that stands out. And whether there are none at all before the last day.
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
