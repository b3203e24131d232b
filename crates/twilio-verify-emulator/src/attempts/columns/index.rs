//! An index of a segment's attempts by destination, in which those with a common prefix are adjacent.

use std::cmp::Ordering;

use crate::attempts::columns::counts::{Counts, Mark, Tally, Wanted};
use crate::attempts::data::destination::{Destination, Prefix};
use crate::attempts::data::filter::Period;

/// The maximum number of entries in a leaf. For a prefix, the entries of the first and the last leaf are checked one by
/// one; the leaves between have known counts.
const MOST: usize = if cfg!(test) { 3 } else { 1 << 11 };

/// The number of entries in a leaf when many are built at once: it leaves room before a split.
const FILLED: usize = MOST - MOST / 4;

/// The counted values of an attempt, and its row.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Entry {
    pub(crate) to: Destination,
    pub(crate) created: i64,
    pub(crate) mark: Mark,
    pub(crate) row: u32,
}

/// All entries of a segment, sorted, in leaves that are not empty.
pub(crate) struct Index(Vec<Leaf>);

struct Leaf {
    /// The least and the greatest entry.
    first: Entry,
    last: Entry,
    to: Vec<Destination>,
    created: Vec<i64>,
    marks: Vec<Mark>,
    rows: Vec<u32>,
    tally: Tally,
}

impl Leaf {
    /// Builds a leaf from sorted entries, or returns `None` if there are no entries.
    fn of(entries: &[Entry]) -> Option<Self> {
        let marks: Vec<_> = entries.iter().map(|entry| entry.mark).collect();
        Some(Self {
            first: *entries.first()?,
            last: *entries.last()?,
            to: entries.iter().map(|entry| entry.to).collect(),
            created: entries.iter().map(|entry| entry.created).collect(),
            tally: Tally::of(marks.clone()),
            marks,
            rows: entries.iter().map(|entry| entry.row).collect(),
        })
    }

    fn len(&self) -> usize {
        self.to.len()
    }

    fn entry(&self, at: usize) -> Entry {
        Entry {
            to: self.to[at],
            created: self.created[at],
            mark: self.marks[at],
            row: self.rows[at],
        }
    }

    /// Returns the index of the first entry that is not less than this one.
    fn search(&self, entry: Entry) -> usize {
        let (mut start, mut end) = (0, self.len());
        while start < end {
            let middle = start.midpoint(end);
            match self.entry(middle).cmp(&entry) {
                Ordering::Less => start = middle + 1,
                Ordering::Equal | Ordering::Greater => end = middle,
            }
        }
        start
    }

    fn insert(&mut self, at: usize, entry: Entry) {
        self.to.insert(at, entry.to);
        self.created.insert(at, entry.created);
        self.marks.insert(at, entry.mark);
        self.rows.insert(at, entry.row);
        self.tally.add(entry.mark);
        self.first = self.first.min(entry);
        self.last = self.last.max(entry);
    }

    fn remove(&mut self, at: usize, entry: Entry) {
        self.to.remove(at);
        self.created.remove(at);
        self.marks.remove(at);
        self.rows.remove(at);
        self.tally.subtract(entry.mark);
        if let Some(last) = self.len().checked_sub(1) {
            (self.first, self.last) = (self.entry(0), self.entry(last));
        }
    }
}

impl Index {
    pub(crate) fn of(mut entries: Vec<Entry>) -> Self {
        entries.sort_unstable();
        Self(entries.chunks(FILLED).filter_map(Leaf::of).collect())
    }

    /// Returns the index of the leaf that contains an entry, or that it has to be inserted into.
    fn leaf(&self, entry: Entry) -> usize {
        let leaf = self.0.partition_point(|leaf| leaf.last < entry);
        leaf.min(self.0.len().saturating_sub(1))
    }

    pub(crate) fn insert(&mut self, entry: Entry) {
        let at = self.leaf(entry);
        let Some(leaf) = self.0.get_mut(at) else {
            self.0.extend(Leaf::of(&[entry]));
            return;
        };
        leaf.insert(leaf.search(entry), entry);
        if leaf.len() > MOST {
            let entries: Vec<_> = (0..leaf.len()).map(|at| leaf.entry(at)).collect();
            let (first, second) = entries.split_at(entries.len() / 2);
            self.0.splice(at..=at, [first, second].into_iter().filter_map(Leaf::of));
        }
    }

    pub(crate) fn remove(&mut self, entry: Entry) {
        let at = self.leaf(entry);
        let Some(leaf) = self.0.get_mut(at) else {
            return;
        };
        let offset = leaf.search(entry);
        if offset < leaf.len() && leaf.entry(offset) == entry {
            leaf.remove(offset, entry);
            if leaf.len() == 0 {
                self.0.remove(at);
            }
        }
    }

    /// Counts the attempts of the wanted groups and period whose destination has this prefix.
    pub(crate) fn count(&self, wanted: &Wanted, prefix: Prefix, period: Period) -> Counts {
        let mut counts = Counts::default();
        let start = self.0.partition_point(|leaf| leaf.last.to < prefix.first());
        let leaves = self.0[start..].iter();
        for leaf in leaves.take_while(|leaf| leaf.first.to < prefix.past()) {
            let is_whole = prefix.matches(leaf.first.to) && prefix.matches(leaf.last.to);
            if is_whole && period == Period::default() {
                counts += leaf.tally.count(wanted);
                continue;
            }
            let start = leaf.to.partition_point(|to| *to < prefix.first());
            let end = leaf.to.partition_point(|to| *to < prefix.past());
            let marks = leaf.marks[start..end].iter().copied();
            counts += if period == Period::default() {
                wanted.count(marks)
            } else {
                wanted.count_of(period, marks.zip(leaf.created[start..end].iter().copied()))
            };
        }
        counts
    }

    /// Returns the rows of the attempts to this destination.
    pub(crate) fn rows(&self, to: Destination) -> impl Iterator<Item = u32> {
        let start = self.0.partition_point(|leaf| leaf.last.to < to);
        let leaves = self.0[start..].iter();
        leaves.take_while(move |leaf| leaf.first.to <= to).flat_map(move |leaf| {
            let start = leaf.to.partition_point(|own| *own < to);
            let end = leaf.to.partition_point(|own| *own <= to);
            leaf.rows[start..end].iter().copied()
        })
    }
}
