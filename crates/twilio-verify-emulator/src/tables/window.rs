//! Sliding windows: counts of recent events, by key.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::hash::Hash;

use chrono::{DateTime, TimeDelta, Utc};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::tables::changed::Changed;
use crate::tables::persistent::Persistent;
use crate::time::clock::shifted;

/// Counts of events in sliding windows. Events that have left their window use no memory.
pub(crate) struct Windows<K> {
    windows: HashMap<K, Window>,
    /// The times when the last event of each key leaves its window.
    ends: BTreeSet<(DateTime<Utc>, K)>,
    /// The keys of changed windows.
    changed: Changed<K>,
}

#[derive(Serialize, Deserialize)]
struct Window {
    /// The times of the events, oldest first.
    times: VecDeque<DateTime<Utc>>,
    /// When the last event leaves the window.
    end: DateTime<Utc>,
}

impl<K> Default for Windows<K> {
    fn default() -> Self {
        Self { windows: HashMap::new(), ends: BTreeSet::new(), changed: Changed::default() }
    }
}

impl<K: Clone + Eq + Hash + Ord> Windows<K> {
    /// Returns the seconds (rounded up) until another event fits in the window, or `None` if one
    /// fits now.
    pub(crate) fn full_for(
        &mut self,
        key: &K,
        most: usize,
        window: TimeDelta,
        now: DateTime<Utc>,
    ) -> Option<u64> {
        self.prune(now);
        let window_of_key = self.windows.get_mut(key);
        let oldest = window_of_key.and_then(|Window { times, .. }| {
            while times.front().is_some_and(|first| now - *first >= window) {
                times.pop_front();
            }
            // There may be more events than that, from when the limit was higher.
            let first_in_the_way = times.len().checked_sub(most)?;
            times.get(first_in_the_way).copied()
        });
        match oldest {
            None if most == 0 => Some(seconds(window)),
            None => None,
            // The age is negative if the clock was set back.
            Some(oldest) => {
                let rest = window.checked_sub(&(now - oldest)).unwrap_or(window);
                Some(seconds(rest))
            }
        }
    }

    /// Counts an event.
    pub(crate) fn count(&mut self, key: K, window: TimeDelta, now: DateTime<Utc>) {
        let own = self
            .windows
            .entry(key.clone())
            .or_insert_with(|| Window { times: VecDeque::new(), end: now });
        self.ends.remove(&(own.end, key.clone()));
        // Never earlier than the last time, so that the times stay sorted if the clock was set
        // back.
        let time = own.times.back().map_or(now, |last| now.max(*last));
        own.times.push_back(time);
        own.end = shifted(time, window);
        self.ends.insert((own.end, key.clone()));
        self.changed.note(key);
    }

    fn prune(&mut self, now: DateTime<Utc>) {
        while let Some((end, _)) = self.ends.first()
            && *end <= now
        {
            if let Some((_, key)) = self.ends.pop_first() {
                self.windows.remove(&key);
                self.changed.note(key);
            }
        }
    }
}

impl<K> Persistent for Windows<K>
where
    K: Clone + Eq + Hash + Ord + Serialize + DeserializeOwned,
{
    fn track(&mut self) {
        self.changed.track();
    }

    fn take_changes(
        &mut self,
        change: &mut dyn FnMut(Vec<u8>, Option<Vec<u8>>),
    ) -> serde_json::Result<()> {
        for key in self.changed.take() {
            let window = self.windows.get(&key).map(serde_json::to_vec);
            change(serde_json::to_vec(&key)?, window.transpose()?);
        }
        Ok(())
    }

    fn rows(
        &self,
        row: &mut dyn FnMut(Vec<u8>, Vec<u8>) -> serde_json::Result<()>,
    ) -> serde_json::Result<()> {
        // The rows are in the order of their ends, so that equal windows produce equal rows.
        for (_, key) in &self.ends {
            if let Some(window) = self.windows.get(key) {
                row(serde_json::to_vec(key)?, serde_json::to_vec(window)?)?;
            }
        }
        Ok(())
    }

    fn restore(&mut self, key: &[u8], value: &[u8]) -> serde_json::Result<()> {
        let (key, window): (K, Window) =
            (serde_json::from_slice(key)?, serde_json::from_slice(value)?);
        self.ends.insert((window.end, key.clone()));
        self.changed.note(key.clone());
        self.windows.insert(key, window);
        Ok(())
    }
}

fn seconds(rest: TimeDelta) -> u64 {
    let seconds = rest.num_seconds() + i64::from(rest.subsec_nanos() > 0);
    seconds.unsigned_abs().max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_772_000_000 + seconds, 0).unwrap()
    }

    const WINDOW: TimeDelta = TimeDelta::seconds(60);

    #[test]
    fn a_window_slides_and_keys_count_apart() {
        let mut windows = Windows::default();
        for second in [0, 30] {
            assert_eq!(windows.full_for(&"a", 2, WINDOW, at(second)), None);
            windows.count("a", WINDOW, at(second));
        }
        assert_eq!(windows.full_for(&"a", 2, WINDOW, at(31)), Some(29));
        assert_eq!(windows.full_for(&"a", 1, WINDOW, at(31)), Some(59));
        assert_eq!(windows.full_for(&"b", 2, WINDOW, at(31)), None);
        assert_eq!(windows.full_for(&"a", 2, WINDOW, at(60)), None);
        assert_eq!(windows.full_for(&"a", 0, WINDOW, at(60)), Some(60));
        // The clock is set back: events count for as long as before.
        assert_eq!(windows.full_for(&"a", 1, WINDOW, at(0)), Some(90));
    }

    #[test]
    fn a_window_that_became_shorter_ends_when_it_does() {
        let mut windows = Windows::default();
        windows.count("a", WINDOW, at(0));
        windows.count("a", WINDOW * 10, at(30));
        // The earlier end is removed.
        assert_eq!(windows.full_for(&"a", 1, WINDOW * 10, at(70)), Some(560));
        assert_eq!(windows.ends.len(), 1);
    }

    #[test]
    fn what_left_its_window_takes_no_memory() {
        let mut windows = Windows::default();
        for second in 0..1000 {
            assert_eq!(windows.full_for(&second, 1, WINDOW, at(second)), None);
            windows.count(second, WINDOW, at(second));
            windows.count(second, WINDOW, at(second));
        }
        assert_eq!((windows.windows.len(), windows.ends.len()), (60, 60));
        assert_eq!(windows.full_for(&0, 1, WINDOW, at(2000)), None);
        assert_eq!((windows.windows.len(), windows.ends.len()), (0, 0));
        windows.count(0, TimeDelta::MAX, at(0));
        assert!(windows.full_for(&0, 1, TimeDelta::MAX, at(5)).is_some());
    }
}
