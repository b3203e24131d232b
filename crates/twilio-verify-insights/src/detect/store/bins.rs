//! Counts attempts by hour or by day.

/// The seconds of an hour.
pub(crate) const HOUR: i64 = 3600;
/// The hours of a day.
pub(crate) const DAY: i64 = 24;
/// The hours of a week.
pub(crate) const WEEK: i64 = 7 * DAY;

/// Counts of attempts, or changes of such counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) attempts: i64,
    pub(crate) converted: i64,
    pub(crate) unconverted: i64,
    pub(crate) undelivered: i64,
}

impl Tally {
    pub(crate) fn of(converted: Option<bool>, undelivered: bool) -> Self {
        Self {
            attempts: 1,
            converted: i64::from(converted == Some(true)),
            unconverted: i64::from(converted == Some(false)),
            undelivered: i64::from(undelivered),
        }
    }

    pub(crate) fn add(&mut self, other: &Self) {
        self.attempts = self.attempts.saturating_add(other.attempts);
        self.converted = self.converted.saturating_add(other.converted);
        self.unconverted = self.unconverted.saturating_add(other.unconverted);
        self.undelivered = self.undelivered.saturating_add(other.undelivered);
    }

    pub(crate) fn negative(&self) -> Self {
        Self {
            attempts: -self.attempts,
            converted: -self.converted,
            unconverted: -self.unconverted,
            undelivered: -self.undelivered,
        }
    }
}

/// The counts of an hour or a day, numbered since the epoch.
#[derive(Clone, Copy, Debug)]
struct Bin {
    at: i32,
    attempts: u32,
    converted: u32,
    unconverted: u32,
    undelivered: u32,
}

impl Bin {
    fn counted(&self) -> (i64, Tally) {
        let tally = Tally {
            attempts: self.attempts.into(),
            converted: self.converted.into(),
            unconverted: self.unconverted.into(),
            undelivered: self.undelivered.into(),
        };
        (self.at.into(), tally)
    }
}

/// Counts by hour or by day, sorted. Bins without attempts are left out.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bins(Vec<Bin>);

/// Converts the number of an hour or a day to its stored form.
fn at(number: i64) -> i32 {
    i32::try_from(number).unwrap_or(if number < 0 { i32::MIN } else { i32::MAX })
}

impl Bins {
    /// Adds to the counts of a bin, up to 2^32 - 1.
    pub(crate) fn change(&mut self, number: i64, by: &Tally) {
        let at = at(number);
        // Most changes are to the newest bin.
        let place = match self.0.last() {
            Some(last) if last.at == at => self.0.len() - 1,
            Some(last) if last.at > at => self.0.partition_point(|bin| bin.at < at),
            _ => self.0.len(),
        };
        if self.0.get(place).is_none_or(|bin| bin.at != at) {
            let bin = Bin { at, attempts: 0, converted: 0, unconverted: 0, undelivered: 0 };
            self.0.insert(place, bin);
        }
        let sum = |count: u32, by: i64| {
            u32::try_from(i64::from(count).saturating_add(by).max(0)).unwrap_or(u32::MAX)
        };
        if let Some(bin) = self.0.get_mut(place) {
            bin.attempts = sum(bin.attempts, by.attempts);
            bin.converted = sum(bin.converted, by.converted);
            bin.unconverted = sum(bin.unconverted, by.unconverted);
            bin.undelivered = sum(bin.undelivered, by.undelivered);
            if bin.attempts == 0 {
                self.0.remove(place);
            }
        }
    }

    /// Adds all counts of `others`.
    pub(crate) fn merge(&mut self, others: &Self) {
        for (number, tally) in others.iter() {
            self.change(number, &tally);
        }
    }

    /// Keeps the newest `most` bins.
    pub(crate) fn keep_newest(&mut self, most: usize) {
        if self.0.len() > most {
            self.0.drain(..self.0.len() - most);
        }
    }

    /// Removes the bins before `number`.
    pub(crate) fn forget_before(&mut self, number: i64) {
        let at = at(number);
        self.0.drain(..self.0.partition_point(|bin| bin.at < at));
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns all bins, the oldest first.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = (i64, Tally)> + '_ {
        self.0.iter().map(Bin::counted)
    }

    /// Returns the bins in `from..to`.
    pub(crate) fn between(
        &self,
        from: i64,
        to: i64,
    ) -> impl DoubleEndedIterator<Item = (i64, Tally)> + '_ {
        let bound = |number| {
            let at = at(number);
            self.0.partition_point(|bin| bin.at < at)
        };
        let (first, end) = (bound(from), bound(to));
        self.0.get(first..end).unwrap_or_default().iter().map(Bin::counted)
    }
}

#[cfg(test)]
mod tests {
    use super::{Bins, Tally};

    #[test]
    fn counts_are_kept_in_order_and_vanish_at_zero() {
        let mut bins = Bins::default();
        for hour in [5, 3, 5, 9, i64::MAX, i64::MIN] {
            bins.change(hour, &Tally::of(Some(true), false));
        }
        bins.change(3, &Tally::of(Some(true), false).negative());
        let found: Vec<_> = bins.iter().map(|(hour, tally)| (hour, tally.attempts)).collect();
        let (first, last) = (i64::from(i32::MIN), i64::from(i32::MAX));
        assert_eq!(found, [(first, 1), (5, 2), (9, 1), (last, 1)]);
        assert_eq!(bins.between(5, 9).count(), 1);
        bins.keep_newest(2);
        assert_eq!(bins.iter().next().map(|(hour, _)| hour), Some(9));
    }

    #[test]
    fn a_count_is_never_negative_and_never_wraps() {
        let mut bins = Bins::default();
        let most = Tally { attempts: i64::MAX, ..Tally::default() };
        bins.change(1, &most);
        bins.change(1, &most);
        assert_eq!(bins.iter().next().map(|(_, tally)| tally.attempts), Some(u32::MAX.into()));
        bins.change(1, &most.negative());
        assert!(bins.is_empty());
        bins.change(1, &most.negative());
        assert!(bins.is_empty());
    }
}
