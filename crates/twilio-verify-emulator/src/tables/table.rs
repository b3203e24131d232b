//! Tables: resources of one kind, in the order of creation.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;
use std::ops::Bound::{Excluded, Unbounded};

use serde::Serialize;
use serde::de::{DeserializeOwned, Error as _};

use crate::tables::changed::Changed;
use crate::tables::page::{Order, Page, PageStart};
use crate::tables::parent::Parent;
use crate::tables::persistent::Persistent;

/// A resource in a [`Table`].
pub(crate) trait Record {
    /// The unique key, which never changes.
    type Key: Clone + Eq + Hash;

    fn key(&self) -> Self::Key;

    /// Whether the resource is inside another one, at any depth, and is deleted with it.
    fn is_within(&self, parent: &Parent) -> bool;
}

/// A table of resources of one kind, which are found by key and listed by age.
pub(crate) struct Table<R: Record> {
    /// The resources by serial number. A greater number is newer.
    rows: BTreeMap<u64, R>,
    serials: HashMap<R::Key, u64>,
    next: u64,
    /// The serial numbers of changed rows.
    changed: Changed<u64>,
}

impl<R: Record> Default for Table<R> {
    fn default() -> Self {
        Self {
            rows: BTreeMap::new(),
            serials: HashMap::new(),
            next: 0,
            changed: Changed::default(),
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
    /// Adds a resource. It replaces a resource with the same key.
    pub(crate) fn insert(&mut self, record: R) {
        self.remove(&record.key());
        self.serials.insert(record.key(), self.next);
        self.rows.insert(self.next, record);
        self.changed.note(self.next);
        self.next += 1;
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(crate) fn get(&self, key: &R::Key) -> Option<&R> {
        self.rows.get(self.serials.get(key)?)
    }

    /// Returns a resource to change. The key must not be changed.
    pub(crate) fn get_mut(&mut self, key: &R::Key) -> Option<&mut R> {
        let serial = *self.serials.get(key)?;
        self.changed.note(serial);
        self.rows.get_mut(&serial)
    }

    pub(crate) fn remove(&mut self, key: &R::Key) -> Option<R> {
        let serial = self.serials.remove(key)?;
        self.changed.note(serial);
        self.rows.remove(&serial)
    }

    /// Removes the records for which `is_wanted` returns false.
    pub(crate) fn retain(&mut self, mut is_wanted: impl FnMut(&R) -> bool) {
        let (serials, changed) = (&mut self.serials, &mut self.changed);
        self.rows.retain(|serial, record| {
            let stays = is_wanted(record);
            if !stays {
                serials.remove(&record.key());
                changed.note(*serial);
            }
            stays
        });
    }

    /// Returns all records, oldest first, with their serial numbers.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = (u64, &R)> {
        self.rows.iter().map(|(serial, record)| (*serial, record))
    }

    /// Returns a page of the records that match a filter, with the serial numbers as keys.
    pub(crate) fn page(
        &self,
        order: Order,
        start: PageStart<u64>,
        size: usize,
        filter: impl Fn(&R) -> bool,
    ) -> Page<&R, u64> {
        let (newest_first, backward) =
            (order == Order::NewestFirst, matches!(start, PageStart::Before(_)));
        // The nearest to the start come first. One more than fits on the page shows whether there is another page.
        let mut rows = self.beside(start, newest_first != backward, filter, size.saturating_add(1));
        let more = rows.len() > size;
        rows.truncate(size);
        if backward {
            rows.reverse();
        }
        let (has_previous, has_next) = match start {
            PageStart::First => (false, more),
            PageStart::After(_) => (true, more),
            PageStart::Before(_) => (more, true),
        };
        let (first, last) = (rows.first(), rows.last());
        Page {
            previous: first.filter(|_| has_previous).map(|(serial, _)| PageStart::Before(*serial)),
            next: last.filter(|_| has_next).map(|(serial, _)| PageStart::After(*serial)),
            items: rows.into_iter().map(|(_, record)| record).collect(),
        }
    }

    /// Returns up to `take` records on one side of `start`, the nearest first.
    fn beside(
        &self,
        start: PageStart<u64>,
        descending: bool,
        filter: impl Fn(&R) -> bool,
        take: usize,
    ) -> Vec<(u64, &R)> {
        let range = match (start, descending) {
            (PageStart::First, _) => (Unbounded, Unbounded),
            (PageStart::After(serial) | PageStart::Before(serial), true) => {
                (Unbounded, Excluded(serial))
            }
            (PageStart::After(serial) | PageStart::Before(serial), false) => {
                (Excluded(serial), Unbounded)
            }
        };
        let rows = self.rows.range(range);
        let rows = rows.map(|(serial, record)| (*serial, record));
        let wanted = |(_, record): &(u64, &R)| filter(record);
        match descending {
            true => rows.rev().filter(wanted).take(take).collect(),
            false => rows.filter(wanted).take(take).collect(),
        }
    }
}

impl<R: Record + Serialize + DeserializeOwned> Persistent for Table<R> {
    fn track(&mut self) {
        self.changed.track();
    }

    fn take_changes(
        &mut self,
        change: &mut dyn FnMut(Vec<u8>, Option<Vec<u8>>),
    ) -> serde_json::Result<()> {
        for serial in self.changed.take() {
            let record = self.rows.get(&serial).map(serde_json::to_vec);
            change(serial.to_be_bytes().into(), record.transpose()?);
        }
        Ok(())
    }

    fn rows(
        &self,
        row: &mut dyn FnMut(Vec<u8>, Vec<u8>) -> serde_json::Result<()>,
    ) -> serde_json::Result<()> {
        let mut rows = self.rows.iter();
        rows.try_for_each(|(serial, record)| {
            row(serial.to_be_bytes().into(), serde_json::to_vec(record)?)
        })
    }

    fn restore(&mut self, key: &[u8], value: &[u8]) -> serde_json::Result<()> {
        let serial =
            key.try_into().map_err(|_| serde_json::Error::custom("a serial number has 8 bytes"))?;
        let serial = u64::from_be_bytes(serial);
        // Updated even if the row cannot be read, so that no new row overwrites it.
        self.next = self.next.max(serial.saturating_add(1));
        let record: R = serde_json::from_slice(value)?;
        if self.serials.contains_key(&record.key()) {
            return Err(serde_json::Error::custom("two rows have the same key"));
        }
        self.serials.insert(record.key(), serial);
        self.rows.insert(serial, record);
        self.changed.note(serial);
        Ok(())
    }
}
