//! Stretches of the order of time, counted beforehand.

use crate::columns::{Counts, Mark, Wanted};
use crate::destination::{Destination, Prefix};

/// The most attempts that a block holds. More make an insertion into the past slower, fewer a summary over many.
/// Tests of this crate's own parts have blocks by the dozen.
const MOST: usize = if cfg!(test) { 8 } else { 1 << 15 };

/// Attempts that follow on each other in time.
pub(crate) struct Block {
    /// Oldest first.
    rows: Vec<u32>,
    /// By number of the group.
    counts: Vec<GroupCounts>,
    /// Not that of the block to which new attempts are added: it would have to be kept in order for each.
    index: Option<Index>,
}

/// The attempts of one group in a block; a block has no more than `MOST`.
struct GroupCounts {
    group: u32,
    total: u16,
    converted: u16,
}

/// Marks by destination: which rows they are of is not known, nor needed for counting.
struct Index {
    to: Vec<Destination>,
    marks: Vec<Mark>,
}

impl Block {
    /// A block without an index.
    pub(crate) fn of(rows: Vec<u32>, marks: &[Mark]) -> Self {
        let mut block = Self {
            counts: Vec::new(),
            index: None,
            rows,
        };
        let mut sorted: Vec<Mark> = block.rows.iter().map(|row| marks[*row as usize]).collect();
        sorted.sort_unstable();
        for group in sorted.chunk_by(|left, right| left.group() == right.group()) {
            let converted: u32 = group.iter().map(|mark| mark.converted()).sum();
            block.counts.push(GroupCounts {
                group: group[0].group(),
                total: group.len() as u16,
                converted: converted as u16,
            });
        }
        block
    }

    /// Blocks of the rows `0..rows`, which are in order; all but the last one full and indexed.
    pub(crate) fn split(rows: u32, marks: &[Mark], to: &[Destination]) -> Vec<Self> {
        let starts = (0..rows).step_by(MOST);
        starts
            .map(|start| {
                let end = rows.min(start + MOST as u32);
                let mut block = Self::of((start..end).collect(), marks);
                if end < rows {
                    block.index(marks, to);
                }
                block
            })
            .collect()
    }

    /// Makes the index.
    pub(crate) fn index(&mut self, marks: &[Mark], to: &[Destination]) {
        let entry = |row: &u32| (to[*row as usize], marks[*row as usize]);
        let mut entries: Vec<_> = self.rows.iter().map(entry).collect();
        entries.sort_unstable();
        let (to, marks) = entries.into_iter().unzip();
        self.index = Some(Index { to, marks });
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(crate) fn is_full(&self) -> bool {
        self.rows.len() >= MOST
    }

    pub(crate) fn rows(&self) -> &[u32] {
        &self.rows
    }

    pub(crate) fn take_rows(&mut self) -> Vec<u32> {
        std::mem::take(&mut self.rows)
    }

    /// Adds a row; the block is not full.
    pub(crate) fn insert(&mut self, offset: usize, row: u32, mark: Mark, to: Destination) {
        self.rows.insert(offset, row);
        self.count_in(mark);
        if let Some(index) = &mut self.index {
            index.insert(to, mark);
        }
    }

    pub(crate) fn remove(&mut self, offset: usize, mark: Mark, to: Destination) {
        self.rows.remove(offset);
        self.count_out(mark);
        if let Some(index) = &mut self.index {
            index.remove(to, mark);
        }
    }

    /// One of its rows changes.
    pub(crate) fn replace(&mut self, before: (Destination, Mark), after: (Destination, Mark)) {
        if before == after {
            return;
        }
        self.count_out(before.1);
        self.count_in(after.1);
        if let Some(index) = &mut self.index {
            index.replace(before, after);
        }
    }

    fn count_in(&mut self, mark: Mark) {
        let group = mark.group();
        let at = match self
            .counts
            .binary_search_by_key(&group, |counts| counts.group)
        {
            Ok(at) => at,
            Err(at) => {
                let (total, converted) = (0, 0);
                self.counts.insert(
                    at,
                    GroupCounts {
                        group,
                        total,
                        converted,
                    },
                );
                at
            }
        };
        self.counts[at].total += 1;
        self.counts[at].converted += mark.converted() as u16;
    }

    fn count_out(&mut self, mark: Mark) {
        let group = mark.group();
        if let Ok(at) = self
            .counts
            .binary_search_by_key(&group, |counts| counts.group)
        {
            self.counts[at].total -= 1;
            self.counts[at].converted -= mark.converted() as u16;
            if self.counts[at].total == 0 {
                self.counts.remove(at);
            }
        }
    }

    /// The attempts of some groups.
    pub(crate) fn count(&self, wanted: &Wanted) -> Counts {
        let (mut total, mut converted) = (0, 0);
        for counts in &self.counts {
            let wanted = wanted.group(counts.group);
            total += wanted * u32::from(counts.total);
            converted += wanted * u32::from(counts.converted);
        }
        Counts {
            total: u64::from(total),
            converted: u64::from(converted),
        }
    }

    /// The attempts of some groups whose destination begins so; `None` if there is no index.
    pub(crate) fn count_prefix(&self, wanted: &Wanted, prefix: Prefix) -> Option<Counts> {
        let index = self.index.as_ref()?;
        let start = index.to.partition_point(|to| *to < prefix.first());
        let end = index.to.partition_point(|to| *to < prefix.past());
        let (before, rest) = index.marks.split_at(start);
        let (within, after) = rest.split_at(end - start);
        if within.len() <= self.len() / 2 {
            return Some(wanted.count(within.iter().copied()));
        }
        // Those that don't are fewer.
        let mut counts = self.count(wanted);
        counts -= wanted.count(before.iter().copied());
        counts -= wanted.count(after.iter().copied());
        Some(counts)
    }

    /// Whether an attempt of some groups can be among its rows, of this destination and conversion, if they
    /// are given.
    pub(crate) fn may_hold(
        &self,
        wanted: &Wanted,
        to: Option<Destination>,
        converted: Option<bool>,
    ) -> bool {
        let is_indexed = |index: &Index| to.is_none_or(|to| index.to.binary_search(&to).is_ok());
        let counts = self.count(wanted);
        let counted = match converted {
            None => counts.total,
            Some(true) => counts.converted,
            Some(false) => counts.total - counts.converted,
        };
        counted > 0 && self.index.as_ref().is_none_or(is_indexed)
    }
}

impl Index {
    /// Where an entry is, or would be.
    fn search(&self, to: Destination, mark: Mark) -> Result<usize, usize> {
        let start = self.to.partition_point(|own| *own < to);
        let count = self.to[start..].partition_point(|own| *own == to);
        let found = self.marks[start..start + count].binary_search(&mark);
        found.map(|at| start + at).map_err(|at| start + at)
    }

    fn insert(&mut self, to: Destination, mark: Mark) {
        let (Ok(at) | Err(at)) = self.search(to, mark);
        self.to.insert(at, to);
        self.marks.insert(at, mark);
    }

    fn replace(&mut self, before: (Destination, Mark), after: (Destination, Mark)) {
        let (Ok(from), Ok(to) | Err(to)) = (
            self.search(before.0, before.1),
            self.search(after.0, after.1),
        ) else {
            return;
        };
        // Only what lies between the two moves: next to nothing, when an attempt converts.
        if from < to {
            self.to[from..to].rotate_left(1);
            self.marks[from..to].rotate_left(1);
            (self.to[to - 1], self.marks[to - 1]) = after;
        } else {
            self.to[to..=from].rotate_right(1);
            self.marks[to..=from].rotate_right(1);
            (self.to[to], self.marks[to]) = after;
        }
    }

    fn remove(&mut self, to: Destination, mark: Mark) {
        if let Ok(at) = self.search(to, mark) {
            self.to.remove(at);
            self.marks.remove(at);
        }
    }
}
