//! Counts the attempts of every destination in every window, and those that are usual there.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::detect::history::History;
use crate::detect::hours::part;
use crate::detect::look::base::{Base, Spot};
use crate::detect::look::sums::{
    DAY_WINDOW, DRIP_WINDOW, Sums, WINDOW_HOURS, WINDOW_SECONDS, WINDOWS,
};
use crate::detect::statistics::cusum::{Cusum, LIMIT};
use crate::detect::store::bins::{DAY, HOUR, Tally, WEEK};
use crate::detect::store::delays::{Shares, VALID};

/// The measurements of a look.
#[derive(Clone, Debug)]
pub(crate) struct Measures {
    pub(crate) now: i64,
    /// The current hour.
    pub(crate) hour: i64,
    /// How many windows begin after the hours that determine what is usual.
    pub(crate) windows: usize,
    /// Sorted by country and prefix.
    pub(crate) spots: Vec<Spot>,
    pub(crate) base: Arc<Base>,
}

/// How many hours back the beginning of a finding is searched for: as many as destinations keep.
pub(crate) const BACK: i64 = WEEK + DAY - 1;
/// The excess of a day, in standard deviations, from which earlier days are examined too.
const SUSPECT: f64 = 2.5;

/// The attempts that are expected over the whole known time from a destination that had none.
const UNSEEN: f64 = 0.5;

impl Measures {
    /// Measures the attempts before `now`. Returns `None` if no earlier hours are known.
    pub(crate) fn of(history: &History, now: DateTime<Utc>, weeks: u8) -> Option<Self> {
        let now = now.timestamp();
        let hour = now.div_euclid(HOUR);
        let base = Base::at(history, hour, weeks)?;
        let windows =
            WINDOW_HOURS.iter().filter(|hours| hour - **hours >= base.known.1 - 1).count();
        let spots = base.spots.clone();
        let mut measures = Self { now, hour, windows, spots, base };
        measures.count_usual();
        measures.count_hours(history);
        measures.count_recent(history);
        measures.count_drips(history);
        Some(measures)
    }

    /// Returns the beginning of a window, in seconds since the epoch.
    pub(crate) fn begin(&self, window: usize) -> i64 {
        match WINDOW_SECONDS.get(window) {
            Some(seconds) => self.now - seconds,
            None => (self.hour - WINDOW_HOURS.get(window).copied().unwrap_or(BACK) + 1) * HOUR,
        }
    }

    fn count_usual(&mut self) {
        let period = (self.base.known.1 - self.base.known.0).max(1) as f64;
        let usual: Vec<[f64; DRIP_WINDOW]> = self
            .base
            .countries
            .iter()
            .map(|country_base| {
                let mut attempts = [0.0; DRIP_WINDOW];
                for (hour, of_hour) in (self.hour - DAY..).zip(&country_base.hours) {
                    for (window, attempts) in attempts.iter_mut().enumerate() {
                        *attempts += of_hour * part(hour, (self.begin(window), self.now));
                    }
                }
                attempts
            })
            .collect();
        let unseen: [f64; DRIP_WINDOW] = std::array::from_fn(|window| {
            UNSEEN * (self.now - self.begin(window)) as f64 / HOUR as f64 / period
        });
        for spot in &mut self.spots {
            let of_country = usual.get(spot.country_base).copied().unwrap_or_default();
            for ((sums, of_country), unseen) in spot.windows.iter_mut().zip(of_country).zip(unseen)
            {
                sums.usual = spot.share * of_country + unseen;
                sums.usual_lost = sums.usual * (1.0 - spot.rate);
                sums.basis = spot.basis;
            }
        }
    }

    /// Counts the windows of whole hours.
    fn count_hours(&mut self, history: &History) {
        let first = WINDOW_SECONDS.len();
        for spot in &mut self.spots {
            let Some(destination) = history.destinations.get(spot.number) else {
                continue;
            };
            for (hour, tally) in destination.hours.between(self.hour - DAY, self.hour + 1) {
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
    }

    /// Counts the windows of seconds, and corrects the windows for young attempts, which may still
    /// convert.
    fn count_recent(&mut self, history: &History) {
        let shares = history.delays.shares();
        for recent in history.recent.range(self.hour - 1..=self.hour).flat_map(|(_, all)| all) {
            let age = self.now - recent.created;
            let place =
                self.base.places.get(recent.destination as usize).copied().unwrap_or(u32::MAX);
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
    /// Counts the time over which small excesses have added up, for destinations with some excess
    /// in the last day.
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
        let usual = self.base.usual(spot.place.country);
        let dispersion = usual.map_or(self.base.all.dispersion.0, |usual| usual.dispersion.0);
        let mut hours: Vec<(Tally, f64)> = (first..self.hour)
            .map(|hour| {
                let of_country = usual.map_or(0.0, |usual| usual.attempts(hour));
                (Tally::default(), spot.share * of_country)
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
        let unseen = UNSEEN / (self.base.known.1 - self.base.known.0).max(1) as f64;
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

/// The correction for a young attempt, which may still convert.
struct Young {
    ripe: f64,
    converting: f64,
    lost: f64,
}

impl Young {
    fn of(age: i64, rate: f64, converted: Option<bool>, shares: &Shares) -> Self {
        let missing = if converted.is_some() { 1.0 - shares.after(age) } else { 0.0 };
        // The probability that it still converts.
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
