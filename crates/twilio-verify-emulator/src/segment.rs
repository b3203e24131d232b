//! Blocks that follow on each other in time, counted beforehand, and their attempts by destination.

use std::num::NonZero;
use std::thread;

use crate::block::Block;
use crate::counts::{Counts, Tally, Wanted};
use crate::destination::{Destination, Prefix};
use crate::filter::Period;
use crate::index::{Entry, Index};

/// The most attempts that a segment holds. A summary of a long time takes less with few segments, one of a short
/// time and a prefix with small ones.
const MOST: usize = if cfg!(test) { 16 } else { 1 << 17 };

/// How many come into one of several that are made at once: more can be inserted before one has to be split.
const FILLED: usize = MOST - MOST / 4;

/// Attempts in order of time, at least one.
pub(crate) struct Segment {
    blocks: Vec<Block>,
    len: usize,
    tally: Tally,
    index: Index,
}

impl Segment {
    pub(crate) fn of(rows: &[u32], entry: impl Fn(u32) -> Entry) -> Self {
        let entries: Vec<_> = rows.iter().map(|row| entry(*row)).collect();
        Self {
            blocks: Block::split(rows, |row| entry(row).mark),
            len: rows.len(),
            tally: Tally::of(entries.iter().map(|entry| entry.mark).collect()),
            index: Index::of(entries),
        }
    }

    /// As many as it takes, made on all processors.
    pub(crate) fn split(rows: &[u32], entry: impl Fn(u32) -> Entry + Sync) -> Vec<Self> {
        let parts: Vec<_> = rows.chunks(FILLED).collect();
        let threads = thread::available_parallelism().map_or(1, NonZero::get);
        if threads == 1 || parts.len() == 1 {
            return parts
                .into_iter()
                .map(|rows| Self::of(rows, &entry))
                .collect();
        }
        thread::scope(|scope| {
            let entry = &entry;
            let shares = parts.chunks(parts.len().div_ceil(threads).max(1));
            let begun: Vec<_> = shares
                .map(|share| {
                    let make = move || -> Vec<_> {
                        share.iter().map(|rows| Self::of(rows, entry)).collect()
                    };
                    (thread::Builder::new().spawn_scoped(scope, make), make)
                })
                .collect();
            // What no thread could be had for is done here.
            let made = begun.into_iter().flat_map(|(thread, make)| {
                let made = thread.ok().and_then(|thread| thread.join().ok());
                made.unwrap_or_else(make)
            });
            made.collect()
        })
    }

    /// Two of half the size, as one is full.
    pub(crate) fn halves(&self, entry: impl Fn(u32) -> Entry) -> [Self; 2] {
        let rows: Vec<_> = self.rows().collect();
        let (older, newer) = rows.split_at(rows.len() / 2);
        [older, newer].map(|rows| Self::of(rows, &entry))
    }

    pub(crate) fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    pub(crate) fn rows(&self) -> impl Iterator<Item = u32> {
        self.blocks.iter().flat_map(Block::rows).copied()
    }

    pub(crate) fn is_full(&self) -> bool {
        self.len >= MOST
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Adds a row at a place; a block that is not there is that after all others. The segment is not full.
    pub(crate) fn insert(
        &mut self,
        block: usize,
        offset: usize,
        row: u32,
        entry: impl Fn(u32) -> Entry,
    ) {
        let (at, offset) = match self.blocks.get(block) {
            Some(_) => (block, offset),
            None => (
                self.blocks.len() - 1,
                self.blocks.last().map_or(0, Block::len),
            ),
        };
        if let Some(next) = self.blocks[at].insert(offset, row, |row| entry(row).mark) {
            self.blocks.insert(at + 1, next);
        }
        self.len += 1;
        self.tally.add(entry(row).mark);
        self.index.insert(entry(row));
    }

    pub(crate) fn remove(&mut self, block: usize, offset: usize, entry: Entry) {
        self.blocks[block].remove(offset, entry.mark);
        if self.blocks[block].len() == 0 {
            self.blocks.remove(block);
        }
        self.len -= 1;
        self.tally.subtract(entry.mark);
        self.index.remove(entry);
    }

    /// A row of a block changes.
    pub(crate) fn replace(&mut self, block: usize, before: Entry, after: Entry) {
        if before == after {
            return;
        }
        self.blocks[block].replace(before.mark, after.mark);
        self.tally.subtract(before.mark);
        self.tally.add(after.mark);
        self.index.remove(before);
        self.index.insert(after);
    }

    /// The attempts of some groups.
    pub(crate) fn count(&self, wanted: &Wanted) -> Counts {
        self.tally.count(wanted)
    }

    /// The attempts of some groups and of a period whose destination begins so.
    pub(crate) fn count_prefix(&self, wanted: &Wanted, prefix: Prefix, period: Period) -> Counts {
        self.index.count(wanted, prefix, period)
    }

    /// Whether there is an attempt to this destination.
    pub(crate) fn holds(&self, to: Destination) -> bool {
        self.index.holds(to)
    }
}
