//! Resources of one kind, in the order in which they were made.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;

use super::Parent;

/// A resource that a [`Table`] holds.
pub(crate) trait Record {
    /// What no two of them share. It never changes.
    type Key: Clone + Eq + Hash;

    fn key(&self) -> Self::Key;

    /// Whether it lies within a resource, however deep, and so is deleted with it.
    fn is_within(&self, parent: &Parent) -> bool;
}

/// Resources of one kind: found by key, listed by age.
pub(crate) struct Table<R: Record> {
    /// By serial number: later is newer.
    rows: BTreeMap<u64, R>,
    serials: HashMap<R::Key, u64>,
    next: u64,
}

impl<R: Record> Default for Table<R> {
    fn default() -> Self {
        Self {
            rows: BTreeMap::new(),
            serials: HashMap::new(),
            next: 0,
        }
    }
}

impl<R: Record> FromIterator<R> for Table<R> {
    fn from_iter<I: IntoIterator<Item = R>>(records: I) -> Self {
        let mut table = Self::default();
        for record in records {
            table.insert(record);
        }
        table
    }
}

impl<R: Record> Table<R> {
    /// Adds a resource; one with the same key makes room for it.
    pub(crate) fn insert(&mut self, record: R) {
        self.remove(&record.key());
        self.serials.insert(record.key(), self.next);
        self.rows.insert(self.next, record);
        self.next += 1;
    }

    pub(crate) fn get(&self, key: &R::Key) -> Option<&R> {
        self.rows.get(self.serials.get(key)?)
    }

    /// To change all but its key.
    pub(crate) fn get_mut(&mut self, key: &R::Key) -> Option<&mut R> {
        self.rows.get_mut(self.serials.get(key)?)
    }

    pub(crate) fn remove(&mut self, key: &R::Key) -> Option<R> {
        self.rows.remove(&self.serials.remove(key)?)
    }

    /// Removes what `keep` refuses, as the resources within a resource that is deleted.
    pub(crate) fn retain(&mut self, mut keep: impl FnMut(&R) -> bool) {
        let serials = &mut self.serials;
        self.rows.retain(|_, record| {
            let kept = keep(record);
            if !kept {
                serials.remove(&record.key());
            }
            kept
        });
    }

    /// All of them, oldest first, with their serial numbers.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = (u64, &R)> {
        self.rows.iter().map(|(serial, record)| (*serial, record))
    }

    /// Those made after a serial number, oldest first.
    pub(crate) fn after(&self, serial: u64) -> impl DoubleEndedIterator<Item = (u64, &R)> {
        use std::ops::Bound::{Excluded, Unbounded};
        let rows = self.rows.range((Excluded(serial), Unbounded));
        rows.map(|(serial, record)| (*serial, record))
    }

    /// Those made before a serial number, oldest first.
    pub(crate) fn before(&self, serial: u64) -> impl DoubleEndedIterator<Item = (u64, &R)> {
        self.rows
            .range(..serial)
            .map(|(serial, record)| (*serial, record))
    }
}
