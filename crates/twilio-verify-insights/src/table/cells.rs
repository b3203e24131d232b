//! The cells of a table, sorted by their labels.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::iter::Peekable;
use std::ops::Range;

use crate::table::counts::Counts;
use crate::table::label::Label;

/// Cells with `width` labels each.
///
/// Cells that were added in bulk lie side by side, 16 bytes for each label and 56 for the counts.
/// Cells that were added one at a time are in a tree. No cell is in both.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cells {
    width: usize,
    /// The labels of the cells in bulk, `width` for each, sorted.
    labels: Vec<Label>,
    /// The counts of the cells in bulk.
    bulk: Vec<Counts>,
    single: BTreeMap<Box<[Label]>, Counts>,
}

impl Cells {
    pub(crate) const fn new(width: usize) -> Self {
        Self { width, labels: Vec::new(), bulk: Vec::new(), single: BTreeMap::new() }
    }

    pub(crate) fn len(&self) -> usize {
        self.bulk.len() + self.single.len()
    }

    fn range(&self, index: usize) -> Range<usize> {
        index * self.width..(index + 1) * self.width
    }

    fn labels(&self, index: usize) -> &[Label] {
        self.labels.get(self.range(index)).unwrap_or_default()
    }

    /// Searches the bulk for labels: returns their index, or where they would be inserted.
    fn search(&self, labels: &[Label]) -> Result<usize, usize> {
        let (mut low, mut high) = (0, self.bulk.len());
        while low < high {
            let middle = usize::midpoint(low, high);
            match self.labels(middle).cmp(labels) {
                Ordering::Less => low = middle + 1,
                Ordering::Equal => return Ok(middle),
                Ordering::Greater => high = middle,
            }
        }
        Err(low)
    }

    pub(crate) fn get(&self, labels: &[Label]) -> Option<&Counts> {
        match self.search(labels) {
            Ok(index) => self.bulk.get(index),
            Err(_) => self.single.get(labels),
        }
    }

    /// Adds counts to a cell. The caller counts the labels.
    pub(crate) fn add(&mut self, labels: Vec<Label>, counts: &Counts) {
        let found = self.search(&labels).ok();
        match found.and_then(|index| self.bulk.get_mut(index)) {
            Some(cell) => *cell += counts,
            None => *self.single.entry(labels.into()).or_default() += counts,
        }
    }

    pub(crate) fn iter(&self) -> Iter<'_> {
        Iter { cells: self, next: 0, single: self.single.iter().peekable() }
    }

    pub(crate) fn values(&self) -> impl Iterator<Item = &Counts> {
        self.bulk.iter().chain(self.single.values())
    }

    /// Adds the cells of `other`.
    pub(crate) fn absorb(&mut self, other: &Self) {
        // Few cells are looked up; many are merged.
        if other.len() < self.len() / 16 {
            for (labels, counts) in other.iter() {
                self.add(labels.to_vec(), counts);
            }
            return;
        }
        let mut merged = Bulk::new(self.width, self.len().max(other.len()));
        let (mut left, mut right) = (self.iter().peekable(), other.iter().peekable());
        loop {
            let order = match (left.peek(), right.peek()) {
                (Some((a, _)), Some((b, _))) => a.cmp(b),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (None, None) => break,
            };
            let next = if order.is_gt() { right.next() } else { left.next() };
            let Some((labels, counts)) = next else { break };
            let mut counts = counts.clone();
            if order.is_eq()
                && let Some((_, more)) = right.next()
            {
                counts += more;
            }
            // Can't fail: the number of labels is unchanged.
            let _ = merged.push(labels.iter().cloned(), counts);
        }
        *self = merged.into_cells();
    }

    /// Keeps the cells for which `keep` returns `true`.
    pub(crate) fn retain(&mut self, mut keep: impl FnMut(&Counts) -> bool) {
        let mut kept = 0;
        for index in 0..self.bulk.len() {
            if !self.bulk.get(index).is_some_and(&mut keep) {
                continue;
            }
            self.bulk.swap(kept, index);
            for (to, from) in self.range(kept).zip(self.range(index)) {
                self.labels.swap(to, from);
            }
            kept += 1;
        }
        self.bulk.truncate(kept);
        self.labels.truncate(kept * self.width);
        self.single.retain(|_, counts| keep(counts));
    }
}

impl PartialEq for Cells {
    fn eq(&self, other: &Self) -> bool {
        self.width == other.width && self.len() == other.len() && self.iter().eq(other.iter())
    }
}

impl Eq for Cells {}

/// An iterator over cells in the order of their labels.
pub(crate) struct Iter<'a> {
    cells: &'a Cells,
    /// The index of the next cell in bulk.
    next: usize,
    single: Peekable<std::collections::btree_map::Iter<'a, Box<[Label]>, Counts>>,
}

impl<'a> Iterator for Iter<'a> {
    type Item = (&'a [Label], &'a Counts);

    fn next(&mut self) -> Option<Self::Item> {
        let bulk =
            self.cells.bulk.get(self.next).map(|counts| (self.cells.labels(self.next), counts));
        match (bulk, self.single.peek()) {
            (Some(bulk), single) if single.is_none_or(|(labels, _)| bulk.0 < &***labels) => {
                self.next += 1;
                Some(bulk)
            }
            _ => self.single.next().map(|(labels, counts)| (&**labels, counts)),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.cells.bulk.len() - self.next + self.single.len();
        (left, Some(left))
    }
}

impl ExactSizeIterator for Iter<'_> {}

/// A collector of cells in bulk.
pub(crate) struct Bulk {
    cells: Cells,
    is_sorted: bool,
}

impl Bulk {
    /// Reserves memory for `expected` cells.
    pub(crate) fn new(width: usize, expected: usize) -> Self {
        let mut cells = Cells::new(width);
        cells.labels.reserve_exact(expected.saturating_mul(width));
        cells.bulk.reserve_exact(expected);
        Self { cells, is_sorted: true }
    }

    /// Adds a cell. If it doesn't have `width` labels, nothing is added, and the error is their
    /// number.
    pub(crate) fn push(
        &mut self,
        labels: impl IntoIterator<Item = Label>,
        counts: Counts,
    ) -> Result<(), usize> {
        let Cells { width, labels: all, bulk, .. } = &mut self.cells;
        let begin = all.len();
        all.extend(labels);
        let found = all.len() - begin;
        if found != *width {
            all.truncate(begin);
            return Err(found);
        }
        bulk.push(counts);
        if let Some(last) = self.cells.bulk.len().checked_sub(2) {
            match self.cells.labels(last).cmp(self.cells.labels(last + 1)) {
                Ordering::Less => {}
                Ordering::Equal => self.join_last(),
                Ordering::Greater => self.is_sorted = false,
            }
        }
        Ok(())
    }

    /// Adds the last cell to the one before it.
    fn join_last(&mut self) {
        let Cells { width, labels, bulk, .. } = &mut self.cells;
        labels.truncate(labels.len() - *width);
        if let Some(counts) = bulk.pop()
            && let Some(cell) = bulk.last_mut()
        {
            *cell += &counts;
        }
    }

    pub(crate) fn into_cells(self) -> Cells {
        let Self { cells, is_sorted } = self;
        if is_sorted {
            return cells;
        }
        let mut order: Vec<usize> = (0..cells.bulk.len()).collect();
        order.sort_by(|a, b| cells.labels(*a).cmp(cells.labels(*b)));
        let mut sorted = Self::new(cells.width, order.len());
        let Cells { width, mut labels, mut bulk, .. } = cells;
        for index in order {
            let range = index * width..(index + 1) * width;
            let labels = labels.get_mut(range).unwrap_or_default().iter_mut().map(std::mem::take);
            let counts = bulk.get_mut(index).map(std::mem::take).unwrap_or_default();
            // Can't fail: the number of labels is unchanged.
            let _ = sorted.push(labels, counts);
        }
        sorted.cells
    }
}
