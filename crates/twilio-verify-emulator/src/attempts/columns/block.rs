//! Blocks of attempts that are consecutive in time, with their counts.

use crate::attempts::columns::counts::{Counts, Mark, Tally, Wanted};

/// The maximum number of attempts in a block. In the first and the last block of a period, attempts are checked one by
/// one. Unit tests use small blocks to have many of them.
const MOST: usize = if cfg!(test) { 3 } else { 1 << 12 };

/// The number of attempts in a block when many are built at once: it leaves room before a split.
const FILLED: usize = MOST - MOST / 4;

/// Rows in order of time, at least one, with their counts.
pub(crate) struct Block {
    rows: Vec<u32>,
    tally: Tally,
}

impl Block {
    fn of(rows: &[u32], mark: impl Fn(u32) -> Mark) -> Self {
        Self { rows: rows.to_vec(), tally: Tally::of(rows.iter().map(|row| mark(*row)).collect()) }
    }

    /// Builds as many blocks as the rows need.
    pub(crate) fn split(rows: &[u32], mark: impl Fn(u32) -> Mark) -> Vec<Self> {
        rows.chunks(FILLED).map(|rows| Self::of(rows, &mark)).collect()
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(crate) fn rows(&self) -> &[u32] {
        &self.rows
    }

    /// Adds a row. If the block becomes too large, it is split, and the new block after it is returned.
    #[must_use]
    pub(crate) fn insert(
        &mut self,
        offset: usize,
        row: u32,
        mark: impl Fn(u32) -> Mark,
    ) -> Option<Self> {
        let is_full = self.rows.len() >= MOST;
        if is_full && offset == self.rows.len() {
            return Some(Self::of(&[row], mark));
        }
        self.rows.insert(offset, row);
        if is_full {
            let newer = self.rows.split_off(self.rows.len() / 2);
            *self = Self::of(&self.rows, &mark);
            return Some(Self::of(&newer, &mark));
        }
        self.tally.add(mark(row));
        None
    }

    pub(crate) fn remove(&mut self, offset: usize, mark: Mark) {
        self.rows.remove(offset);
        self.tally.subtract(mark);
    }

    /// Updates the counts for a change of a row.
    pub(crate) fn replace(&mut self, before: Mark, after: Mark) {
        self.tally.subtract(before);
        self.tally.add(after);
    }

    /// Counts the attempts of the wanted groups.
    pub(crate) fn count(&self, wanted: &Wanted) -> Counts {
        self.tally.count(wanted)
    }

    /// Whether the block has attempts of the wanted groups, with this conversion if one is given.
    pub(crate) fn holds(&self, wanted: &Wanted, converted: Option<bool>) -> bool {
        let counts = self.count(wanted);
        let count = match converted {
            None => counts.total,
            Some(true) => counts.converted,
            Some(false) => counts.total - counts.converted,
        };
        count > 0
    }
}
