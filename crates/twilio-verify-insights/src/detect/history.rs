//! Records the attempts that a detector examines, and those that it compares them with.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Utc};

use crate::detect::hours::first_whole_hour;
use crate::detect::observation::Observation;
use crate::detect::store::bins::{DAY, HOUR, Tally, WEEK};
use crate::detect::store::delays::Delays;
use crate::detect::store::destinations::{Destinations, Moved, Place};
use crate::detect::store::memo::Memo;
use crate::detect::store::names::Names;
use crate::detect::store::prefix::Prefix;
use crate::detect::store::prices::Prices;
use crate::detect::store::recent::Recent;
use crate::detect::store::sids::{ByHash, Sids, hash};
use crate::detect::store::weeks::Weeks;

/// How many hours with attempts are kept attempt by attempt. 26 are needed; the others make room for attempts
/// dated in the future.
const RECENT_HOURS: usize = 30;

/// How many weeks with attempts are kept, unless the caller asks for more.
const WEEKS_KEPT: u8 = 6;

/// Past attempts, counted by destination, hour and day; those of the last day are kept individually.
///
/// Memory use depends on the attempts per day and on the number of destinations. Each attempt of the weeks
/// before takes 16 bytes, so that it is not counted twice. Of a number, the first eight digits are kept, and
/// for the last day also the last four.
///
/// An attempt that is recorded twice counts once. The order of recording does not matter.
#[derive(Clone, Debug)]
pub struct History {
    known_from: Option<DateTime<Utc>>,
    weeks: u8,
    oldest: Option<i64>,
    newest_week: i64,
    pub(crate) all: Weeks,
    pub(crate) countries: BTreeMap<u32, Weeks>,
    pub(crate) destinations: Destinations,
    pub(crate) names: Names,
    pub(crate) prices: Prices,
    pub(crate) delays: Delays,
    /// The recent attempts by hour since the epoch.
    pub(crate) recent: BTreeMap<i64, Vec<Recent>>,
    places: HashMap<u64, (i64, u32), ByHash>,
    older: Sids,
    /// The weeks since the epoch that have attempts.
    known_weeks: BTreeMap<i64, ()>,
    /// Hours of destinations that are excluded from what is usual.
    pub(crate) left_out: BTreeSet<(i64, Place)>,
    pub(crate) memo: Memo,
}

impl Default for History {
    fn default() -> Self {
        Self {
            known_from: None,
            weeks: WEEKS_KEPT,
            oldest: None,
            newest_week: 0,
            all: Weeks::default(),
            countries: BTreeMap::new(),
            destinations: Destinations::default(),
            names: Names::default(),
            prices: Prices::default(),
            delays: Delays::default(),
            recent: BTreeMap::new(),
            places: HashMap::default(),
            older: Sids::default(),
            known_weeks: BTreeMap::new(),
            left_out: BTreeSet::new(),
            memo: Memo::default(),
        }
    }
}

impl History {
    /// Creates an empty history.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the time since which every attempt is recorded. Default: that of the oldest recorded attempt.
    #[must_use]
    pub fn known_from(mut self, date: DateTime<Utc>) -> Self {
        self.known_from = Some(date);
        self.memo = Memo::default();
        self
    }

    /// Keeps the attempts of at least this many weeks before the last one, 1 to 52. Default: 4, which is also
    /// the default of a [`Detector`](crate::Detector).
    #[must_use]
    pub fn weeks(mut self, weeks: u8) -> Self {
        self.weeks = weeks.clamp(1, 52) + 2;
        self
    }

    /// Returns the first hour since which all attempts are known.
    pub(crate) fn first_hour(&self) -> i64 {
        let known_from = self.known_from.map(first_whole_hour);
        known_from.or(self.oldest).unwrap_or(i64::MAX)
    }

    /// Adds or updates an attempt. Of two observations of an attempt, the one that was updated later counts; if
    /// they were updated at the same time, the one recorded last. A known price is never removed.
    pub fn record(&mut self, observation: Observation) {
        let created = observation.created.timestamp();
        let hour = created.div_euclid(HOUR);
        let sid = hash(&observation.sid);
        let country = self.names.number(&observation.country);
        let channel = self.names.number(&observation.channel);
        let prefix = Prefix::of(&observation.block);
        let undelivered = observation.undelivered || observation.error_code.as_str().is_some();

        if let Some((known_hour, place)) = self.places.get(&sid).copied() {
            self.replace(known_hour, place, &observation, undelivered);
            return;
        }
        if !self.is_kept(hour) {
            return;
        }
        let place = Place { country, prefix, channel };
        let known = self.destinations.len();
        let destination = self.destinations.number(place);
        if self.destinations.len() > known {
            self.memo = Memo::default();
        }
        let is_older = self.recent.len() >= RECENT_HOURS
            && self.recent.first_key_value().is_some_and(|(first, _)| hour < *first);
        let day = hour.div_euclid(DAY);
        if is_older || self.older.is_known(day, sid) {
            let before = self.older.replace(day, sid, observation.converted, undelivered);
            let mut tally = Tally::of(observation.converted, undelivered);
            match before {
                Some((converted, undelivered)) => {
                    tally.add(&Tally::of(converted, undelivered).negative());
                }
                None => {
                    if let Some(price) = observation.price {
                        self.prices.add(country, channel, price);
                    }
                }
            }
            self.count(country, destination, created, &tally);
        } else {
            let recent = Recent {
                sid,
                created,
                updated: observation.updated.map(|date| date.timestamp()),
                destination,
                prefix,
                last_four: observation.last_four.clone(),
                service: self.names.number(&observation.service),
                carrier: self.names.number(&observation.carrier),
                converted: observation.converted,
                undelivered,
                price: observation.price,
            };
            if let Some(delay) = recent.delay() {
                self.delays.add(delay);
            }
            if let Some(price) = recent.price {
                self.prices.add(country, channel, price);
            }
            self.count(country, destination, created, &Tally::of(recent.converted, undelivered));
            let recents = self.recent.entry(hour).or_default();
            self.places.insert(sid, (hour, u32::try_from(recents.len()).unwrap_or(u32::MAX)));
            recents.push(recent);
        }
        self.oldest = Some(self.oldest.map_or(hour, |oldest| oldest.min(hour)));
        self.fold();
        if self.destinations.is_full() {
            let moved = self.destinations.shorten();
            self.follow(&moved);
        }
    }

    fn count(&mut self, country: u32, destination: u32, created: i64, tally: &Tally) {
        let hour = created.div_euclid(HOUR);
        let place = self.destinations.get(destination).map(|destination| destination.place);
        self.destinations.count_hour(destination, hour, tally);
        if self.left_out.is_empty()
            || place.is_none_or(|place| !self.left_out.contains(&(hour, place)))
        {
            self.count_usual(country, destination, hour, tally);
        }
    }

    /// Adds to the counts that determine what is usual.
    pub(crate) fn count_usual(&mut self, country: u32, destination: u32, hour: i64, tally: &Tally) {
        self.memo.changed(hour);
        self.all.change(hour, tally.attempts, tally.converted);
        let of_country = self.countries.entry(country).or_default();
        of_country.change(hour, tally.attempts, tally.converted);
        self.destinations.count_day(destination, hour.div_euclid(DAY), tally);
    }

    /// Updates a recent attempt.
    fn replace(&mut self, hour: i64, place: u32, now: &Observation, undelivered: bool) {
        let Some(known) = self.recent.get_mut(&hour).and_then(|all| all.get_mut(place as usize))
        else {
            return;
        };
        let updated = now.updated.map(|date| date.timestamp());
        let is_older = updated < known.updated;
        let before = known.clone();
        if known.price.is_none() || (now.price.is_some() && !is_older) {
            known.price = now.price.or(known.price);
        }
        if !is_older {
            known.converted = now.converted;
            known.undelivered = undelivered;
            // The first update that shows the conversion has its time.
            if before.converted != Some(true) || before.updated.is_none() {
                known.updated = updated;
            }
            if now.last_four.is_some() {
                known.last_four = now.last_four.clone();
            }
            if now.carrier.as_str().is_some() {
                known.carrier = self.names.number(&now.carrier);
            }
        }
        let after = known.clone();
        let Some(destination) = self.destinations.get(after.destination) else {
            return;
        };
        let Place { country, channel, .. } = destination.place;
        if before.delay() != after.delay() {
            before.delay().into_iter().for_each(|delay| self.delays.remove(delay));
            after.delay().into_iter().for_each(|delay| self.delays.add(delay));
        }
        if before.price != after.price {
            before.price.into_iter().for_each(|price| self.prices.remove(country, channel, price));
            after.price.into_iter().for_each(|price| self.prices.add(country, channel, price));
        }
        let mut tally = Tally::of(after.converted, after.undelivered);
        tally.add(&Tally::of(before.converted, before.undelivered).negative());
        if tally != Tally::default() {
            self.count(country, after.destination, after.created, &tally);
        }
    }

    /// Whether the week of an hour is kept. Adds it if so, and removes the oldest week if there are too many.
    fn is_kept(&mut self, hour: i64) -> bool {
        let week = hour.div_euclid(WEEK);
        let most = usize::from(self.weeks);
        let first = self.known_weeks.first_key_value().map(|(first, ())| *first);
        if self.known_weeks.len() >= most && first.is_some_and(|first| week < first) {
            return false;
        }
        self.known_weeks.insert(week, ());
        self.newest_week = self.newest_week.max(week);
        if self.known_weeks.len() > most {
            self.known_weeks.pop_first();
            if let Some((first, ())) = self.known_weeks.first_key_value() {
                let hour = first * WEEK;
                self.forget_before(hour);
            }
        }
        true
    }

    fn forget_before(&mut self, hour: i64) {
        self.all.forget_before(hour);
        self.countries.values_mut().for_each(|hours| hours.forget_before(hour));
        self.older.forget_before(hour.div_euclid(DAY));
        self.oldest = self.oldest.map(|oldest| oldest.max(hour));
        self.left_out.retain(|(left_out, _)| *left_out >= hour);
        let kept = self.recent.split_off(&hour);
        for recent in std::mem::replace(&mut self.recent, kept).into_values().flatten() {
            self.places.remove(&recent.sid);
        }
        let moved = self.destinations.forget_before(hour.div_euclid(DAY));
        self.follow(&moved);
    }

    fn follow(&mut self, moved: &Moved) {
        self.memo = Memo::default();
        if moved.is_empty() {
            return;
        }
        for recent in self.recent.values_mut().flatten() {
            recent.destination = moved.get(&recent.destination).copied().unwrap_or(u32::MAX);
        }
    }

    /// Reduces the oldest recent hours to their counts.
    fn fold(&mut self) {
        while self.recent.len() > RECENT_HOURS {
            let Some((hour, recents)) = self.recent.pop_first() else {
                return;
            };
            for recent in recents {
                self.places.remove(&recent.sid);
                let day = hour.div_euclid(DAY);
                self.older.replace(day, recent.sid, recent.converted, recent.undelivered);
            }
        }
    }
}
