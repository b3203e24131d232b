//! The cells found for a part.

use std::collections::BTreeMap;

use twilio_verify::Attempt;

use crate::breakdown::run::node::Node;
use crate::table::by::By;
use crate::table::counts::Counts;
use crate::table::label::Label;
use crate::table::table::Table;

/// The cells of a part.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) table: Table,
    /// Listed attempts that are in no cell, because they can't be read.
    pub(crate) unreadable: Counts,
}

impl Found {
    pub(crate) fn new(by: &[By]) -> Self {
        Self { table: Table::new(by.iter().copied()), unreadable: Counts::default() }
    }

    /// Creates a part that is one cell.
    pub(crate) fn cell(by: &[By], node: &Node) -> Self {
        let mut found = Self::new(by);
        let labels = node.labels.iter().map(|label| label.clone().unwrap_or_default());
        found.table.add_row(&labels.collect::<Vec<_>>(), &node.counts);
        found
    }

    /// Creates a part that is not broken down.
    pub(crate) fn other(by: &[By], counts: &Counts) -> Self {
        let mut found = Self::new(by);
        found.table.add_other(counts);
        found
    }

    /// Counts a listed attempt.
    pub(crate) fn count(&mut self, attempt: &Attempt) {
        if !self.table.counted(attempt) {
            self.unreadable += &Counts::of(attempt);
        }
    }

    pub(crate) fn add_unreadable(&mut self, counts: &Counts) {
        self.table.add_unreadable(counts.attempts);
        self.unreadable += counts;
    }

    pub(crate) fn absorb(&mut self, other: &Self) {
        self.table.absorb(&other.table);
        self.unreadable += &other.unreadable;
    }

    /// Adds the cells of a whole part, minus those of its children that were found, as cells without
    /// a label of this dimension. The remainder of `rest` is in no cell.
    pub(crate) fn add_difference(&mut self, whole: &Self, dimension: usize, rest: &Counts) {
        let mut children: BTreeMap<Vec<Label>, Counts> = BTreeMap::new();
        for (labels, counts) in self.table.cells() {
            let mut labels = labels.to_vec();
            if let Some(label) = labels.get_mut(dimension) {
                *label = Label::NONE;
            }
            *children.entry(labels).or_default() += counts;
        }
        let mut rest = rest.clone();
        for (labels, counts) in whole.table.cells() {
            let mut counts = counts.clone();
            if let Some(children) = children.get(labels) {
                counts -= children;
            }
            if counts.attempts > 0 {
                self.table.add_row(labels, &counts);
                rest -= &counts;
            }
        }
        self.table.add_other(&rest);
    }
}
