//! Counts attempts by destination: a country, a channel and the first digits of numbers.

use std::collections::{BTreeMap, HashMap};

use crate::detect::store::bins::{Bins, DAY, Tally};
use crate::detect::store::prefix::{LONGEST, Prefix};

/// How many hours with attempts a destination keeps: eight days.
const HOURS_KEPT: usize = 192;

/// The most destinations. If there are more, prefixes are cut by a digit.
const MOST: usize = 200_000;

/// The key of a destination. Sorted by country and prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Place {
    pub(crate) country: u32,
    pub(crate) prefix: Prefix,
    pub(crate) channel: u32,
}

/// A destination and its counts.
#[derive(Clone, Debug)]
pub(crate) struct Destination {
    pub(crate) place: Place,
    pub(crate) days: Bins,
    pub(crate) hours: Bins,
}

impl Destination {
    fn is_empty(&self) -> bool {
        self.days.is_empty() && self.hours.is_empty()
    }
}

/// All destinations, each with a number.
#[derive(Clone, Debug)]
pub(crate) struct Destinations {
    all: Vec<Destination>,
    order: BTreeMap<Place, u32>,
    /// The most digits of a prefix.
    pub(crate) digits: u8,
    most: usize,
}

impl Default for Destinations {
    fn default() -> Self {
        Self { all: Vec::new(), order: BTreeMap::new(), digits: LONGEST, most: MOST }
    }
}

/// The new numbers of destinations, by the old ones.
pub(crate) type Moved = HashMap<u32, u32>;

impl Destinations {
    /// Returns the number of a destination, and assigns one if it has none.
    pub(crate) fn number(&mut self, place: Place) -> u32 {
        let place = Place { prefix: place.prefix.first(self.digits), ..place };
        let next = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
        *self.order.entry(place).or_insert_with(|| {
            self.all.push(Destination { place, days: Bins::default(), hours: Bins::default() });
            next
        })
    }

    pub(crate) fn count_hour(&mut self, number: u32, hour: i64, by: &Tally) {
        if let Some(destination) = self.all.get_mut(number as usize) {
            destination.hours.change(hour, by);
            destination.hours.keep_newest(HOURS_KEPT);
        }
    }

    /// Adds to the counts of a day, which determine what is usual.
    pub(crate) fn count_day(&mut self, number: u32, day: i64, by: &Tally) {
        if let Some(destination) = self.all.get_mut(number as usize) {
            destination.days.change(day, by);
        }
    }

    pub(crate) fn get(&self, number: u32) -> Option<&Destination> {
        self.all.get(number as usize)
    }

    /// Returns all destinations, sorted, with their numbers.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, &Destination)> {
        self.order.values().filter_map(|number| Some((*number, self.get(*number)?)))
    }

    pub(crate) fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether there are too many destinations.
    pub(crate) fn is_full(&self) -> bool {
        self.all.len() > self.most && self.digits > 0
    }

    /// Cuts prefixes by a digit until there are few enough destinations.
    pub(crate) fn shorten(&mut self) -> Moved {
        let mut moved: Moved = (0..self.all.len() as u32).map(|number| (number, number)).collect();
        while self.is_full() {
            self.digits -= 1;
            let step = self.rebuild();
            for number in moved.values_mut() {
                *number = step.get(number).copied().unwrap_or(*number);
            }
        }
        moved
    }

    /// Removes the counts before a day, and the destinations without attempts since.
    pub(crate) fn forget_before(&mut self, day: i64) -> Moved {
        for destination in &mut self.all {
            destination.days.forget_before(day);
            destination.hours.forget_before(day.saturating_mul(DAY));
        }
        if self.all.iter().any(Destination::is_empty) { self.rebuild() } else { Moved::new() }
    }

    fn rebuild(&mut self) -> Moved {
        let mut moved = Moved::new();
        self.order.clear();
        for (old, destination) in std::mem::take(&mut self.all).into_iter().enumerate() {
            if destination.is_empty() {
                continue;
            }
            let number = self.number(destination.place);
            if let Some(new) = self.all.get_mut(number as usize) {
                new.days.merge(&destination.days);
                new.hours.merge(&destination.hours);
                new.hours.keep_newest(HOURS_KEPT);
            }
            moved.insert(old as u32, number);
        }
        moved
    }
}

#[cfg(test)]
mod tests {
    use super::{Destinations, Place};
    use crate::detect::store::bins::Tally;
    use crate::detect::store::prefix::Prefix;
    use crate::table::label::Label;

    fn place(text: &str) -> Place {
        Place { country: 1, prefix: Prefix::of(&Label::from(text)), channel: 1 }
    }

    /// The result is the same in any order of destinations.
    #[test]
    fn with_too_many_destinations_prefixes_are_cut_and_counts_stay() {
        for step in [1, 77] {
            let mut all = Destinations { most: 50, ..Destinations::default() };
            for number in 0..200 {
                let text = format!("+1202{:03}", number * step % 200);
                let number = all.number(place(&text));
                all.count_hour(number, 480_000, &Tally::of(Some(true), false));
                all.count_day(number, 20_000, &Tally::of(Some(true), false));
                if all.is_full() {
                    let moved = all.shorten();
                    assert!(moved.contains_key(&number));
                }
            }
            let prefixes: Vec<String> =
                all.iter().map(|(_, one)| one.place.prefix.label().to_string()).collect();
            assert_eq!(prefixes.len(), 20);
            assert_eq!((prefixes[0].as_str(), prefixes[19].as_str()), ("+120200", "+120219"));
            let counts = all.iter().flat_map(|(_, one)| one.days.iter());
            assert_eq!(counts.map(|(_, tally)| tally.attempts).sum::<i64>(), 200);
            all.forget_before(20_001);
            assert_eq!(all.len(), 0);
        }
    }
}
