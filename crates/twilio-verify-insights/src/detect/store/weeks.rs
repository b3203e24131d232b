//! Counts attempts by hour, in weeks.

use std::collections::BTreeMap;

use crate::detect::store::bins::WEEK;

/// Attempts and conversions by hour.
#[derive(Clone, Debug, Default)]
pub(crate) struct Weeks(BTreeMap<i64, Box<[Count; WEEK as usize]>>);

#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Count {
    pub(crate) attempts: u64,
    pub(crate) converted: u64,
}

impl Weeks {
    /// Adds to the counts of an hour since the epoch.
    pub(crate) fn change(&mut self, hour: i64, attempts: i64, converted: i64) {
        let week = self.0.entry(hour.div_euclid(WEEK));
        let week = week.or_insert_with(|| Box::new([Count::default(); WEEK as usize]));
        if let Some(count) = week.get_mut(hour.rem_euclid(WEEK) as usize) {
            count.attempts = count.attempts.saturating_add_signed(attempts);
            count.converted = count.converted.saturating_add_signed(converted);
        }
    }

    /// Removes the weeks before that of an hour.
    pub(crate) fn forget_before(&mut self, hour: i64) {
        self.0 = self.0.split_off(&hour.div_euclid(WEEK));
    }

    /// Returns the hours in `first..end`.
    pub(crate) fn between(&self, first: i64, end: i64) -> Vec<Count> {
        let mut hours = vec![Count::default(); usize::try_from(end - first).unwrap_or_default()];
        for (week, counts) in self.0.range(first.div_euclid(WEEK)..=end.div_euclid(WEEK)) {
            for (hour, count) in (week * WEEK..).zip(counts.iter()) {
                let place = usize::try_from(hour - first).ok();
                if let Some(known) = place.and_then(|place| hours.get_mut(place)) {
                    *known = *count;
                }
            }
        }
        hours
    }
}
