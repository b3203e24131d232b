//! Segments of blocks that are consecutive in time, with counts and indexes by destination and by verification.

use std::collections::BTreeSet;
use std::num::NonZero;
use std::thread;

use crate::attempts::columns::block::Block;
use crate::attempts::columns::counts::{Counts, Tally, Wanted};
use crate::attempts::columns::index::{Entry, Index};
use crate::attempts::data::destination::{Destination, Prefix};
use crate::attempts::data::filter::Period;

/// The maximum number of attempts in a segment. Few segments make a summary of a long period faster; small ones make a
/// summary of a short period and a prefix faster.
const MOST: usize = if cfg!(test) { 16 } else { 1 << 17 };

/// The number of attempts in a segment when many are built at once: it leaves room before a split.
const FILLED: usize = MOST - MOST / 4;

/// A 32-bit hash of a verification. Collisions within a segment are rare, except in tests.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Fingerprint(u32);

impl Fingerprint {
    pub(crate) const fn of_hash(hash: u64) -> Self {
        Self(hash as u32 & if cfg!(test) { 1 } else { u32::MAX })
    }
}

/// The keys by which a segment counts and finds an attempt.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Keys {
    pub(crate) entry: Entry,
    pub(crate) verification: Fingerprint,
    /// The seconds from its creation to its conversion; 0 if it did not convert.
    pub(crate) delay: i64,
}

/// Attempts in order of time, at least one, with their counts and indexes.
pub(crate) struct Segment {
    blocks: Vec<Block>,
    len: usize,
    tally: Tally,
    index: Index,
    /// The verifications of the attempts, with their rows.
    verifications: BTreeSet<(Fingerprint, u32)>,
    /// An upper bound on the delays of the conversions in this segment, in seconds.
    slowest: i64,
}

impl Segment {
    pub(crate) fn of(rows: &[u32], keys: impl Fn(u32) -> Keys) -> Self {
        let entries: Vec<_> = rows.iter().map(|row| keys(*row).entry).collect();
        Self {
            blocks: Block::split(rows, |row| keys(row).entry.mark),
            len: rows.len(),
            tally: Tally::of(entries.iter().map(|entry| entry.mark).collect()),
            index: Index::of(entries),
            verifications: rows.iter().map(|row| (keys(*row).verification, *row)).collect(),
            slowest: rows.iter().map(|row| keys(*row).delay).max().unwrap_or_default(),
        }
    }

    /// Builds as many segments as the rows need, on all processors.
    pub(crate) fn split(rows: &[u32], keys: impl Fn(u32) -> Keys + Sync) -> Vec<Self> {
        let parts: Vec<_> = rows.chunks(FILLED).collect();
        let threads = thread::available_parallelism().map_or(1, NonZero::get);
        if threads == 1 || parts.len() == 1 {
            return parts.into_iter().map(|rows| Self::of(rows, &keys)).collect();
        }
        thread::scope(|scope| {
            let keys = &keys;
            let shares = parts.chunks(parts.len().div_ceil(threads).max(1));
            let started: Vec<_> = shares
                .map(|share| {
                    let make = move || -> Vec<_> {
                        share.iter().map(|rows| Self::of(rows, keys)).collect()
                    };
                    (thread::Builder::new().spawn_scoped(scope, make), make)
                })
                .collect();
            // If a thread could not be started, its parts are built here.
            let built = started.into_iter().flat_map(|(thread, make)| {
                let built = thread.ok().and_then(|thread| thread.join().ok());
                built.unwrap_or_else(make)
            });
            built.collect()
        })
    }

    /// Splits a full segment into two halves.
    pub(crate) fn halves(&self, keys: impl Fn(u32) -> Keys) -> [Self; 2] {
        let rows: Vec<_> = self.rows().collect();
        let (older, newer) = rows.split_at(rows.len() / 2);
        [older, newer].map(|rows| Self::of(rows, &keys))
    }

    pub(crate) fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    pub(crate) fn rows(&self) -> impl Iterator<Item = u32> {
        self.blocks.iter().flat_map(Block::rows).copied()
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    pub(crate) fn is_full(&self) -> bool {
        self.len >= MOST
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Adds a row at a place, which may be a new block after all others. The segment must not be full.
    pub(crate) fn insert(
        &mut self,
        block: usize,
        offset: usize,
        row: u32,
        keys: impl Fn(u32) -> Keys,
    ) {
        let (at, offset) = match self.blocks.get(block) {
            Some(_) => (block, offset),
            None => (self.blocks.len() - 1, self.blocks.last().map_or(0, Block::len)),
        };
        if let Some(next) = self.blocks[at].insert(offset, row, |row| keys(row).entry.mark) {
            self.blocks.insert(at + 1, next);
        }
        self.len += 1;
        self.add(keys(row));
    }

    pub(crate) fn remove(&mut self, block: usize, offset: usize, keys: Keys) {
        self.blocks[block].remove(offset, keys.entry.mark);
        if self.blocks[block].len() == 0 {
            self.blocks.remove(block);
        }
        self.len -= 1;
        self.subtract(keys);
    }

    fn add(&mut self, keys: Keys) {
        self.tally.add(keys.entry.mark);
        self.index.insert(keys.entry);
        self.verifications.insert((keys.verification, keys.entry.row));
        self.slowest = self.slowest.max(keys.delay);
    }

    fn subtract(&mut self, keys: Keys) {
        self.tally.subtract(keys.entry.mark);
        self.index.remove(keys.entry);
        self.verifications.remove(&(keys.verification, keys.entry.row));
    }

    /// Updates the counts for a change of a row in a block.
    pub(crate) fn replace(&mut self, block: usize, before: Keys, after: Keys) {
        if before == after {
            return;
        }
        self.blocks[block].replace(before.entry.mark, after.entry.mark);
        self.subtract(before);
        self.add(after);
    }

    /// Returns an upper bound on the seconds from the creation of an attempt to its conversion.
    pub(crate) fn slowest(&self) -> i64 {
        self.slowest
    }

    /// Counts the attempts of the wanted groups.
    pub(crate) fn count(&self, wanted: &Wanted) -> Counts {
        self.tally.count(wanted)
    }

    /// Counts the attempts of the wanted groups and period whose destination has this prefix.
    pub(crate) fn count_prefix(&self, wanted: &Wanted, prefix: Prefix, period: Period) -> Counts {
        self.index.count(wanted, prefix, period)
    }

    /// Returns the rows of the attempts to this destination.
    pub(crate) fn rows_to(&self, to: Destination) -> impl Iterator<Item = u32> {
        self.index.rows(to)
    }

    /// Returns the rows of a verification, and of others with the same fingerprint.
    pub(crate) fn rows_of(&self, verification: Fingerprint) -> impl Iterator<Item = u32> {
        let all = (verification, 0)..=(verification, u32::MAX);
        self.verifications.range(all).map(|(_, row)| *row)
    }
}
