//! The parts of a running breakdown.

use crate::breakdown::plan::sample::Row;
use crate::breakdown::requests::filters::PartFilters;
use crate::table::by::By;
use crate::table::counts::Counts;
use crate::table::label::Label;

/// A part that is counted already.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    /// The labels, one for each dimension; `None` if the dimension is open or can have any label.
    pub(crate) labels: Vec<Option<Label>>,
    /// The dimensions that it is still to be broken down by.
    pub(crate) open: Vec<usize>,
    pub(crate) filters: PartFilters,
    pub(crate) counts: Counts,
    /// How many attempts must be listed for it. `None` if it can't be listed.
    pub(crate) listed: Option<u64>,
}

impl Node {
    /// Creates the whole of a breakdown by this number of dimensions.
    pub(crate) fn root(
        dimensions: usize,
        filters: PartFilters,
        counts: Counts,
        listed: Option<u64>,
    ) -> Self {
        let open = (0..dimensions).collect();
        Self { labels: vec![None; dimensions], open, filters, counts, listed }
    }

    /// Returns the same attempts, with a dimension closed.
    pub(crate) fn same(&self, dimension: usize, label: Label) -> Self {
        let mut same = self.clone();
        same.open.retain(|open| *open != dimension);
        if let Some(known) = same.labels.get_mut(dimension) {
            *known = Some(label);
        }
        same
    }

    /// Allows any label of a closed dimension. Such a part is not listed: the list would have the
    /// actual labels.
    pub(crate) fn of_any(mut self, dimension: usize) -> Self {
        if let Some(known) = self.labels.get_mut(dimension) {
            *known = None;
        }
        self.listed = None;
        self
    }

    pub(crate) fn child(
        &self,
        dimension: usize,
        label: Label,
        filters: PartFilters,
        counts: Counts,
    ) -> Self {
        // The list can't be filtered by prefix.
        let listed =
            self.listed.filter(|_| filters.chosen.prefix.is_none()).map(|_| counts.attempts);
        Self { filters, counts, listed, ..self.same(dimension, label) }
    }

    /// Whether a listed attempt is in this part, according to its labels. Days and hours are
    /// ignored: the sample has only the newest attempts, so it stands for every day.
    pub(crate) fn has(&self, by: &[By], row: &Row) -> bool {
        let mut labels = self.labels.iter().zip(&row.labels).zip(by);
        (!self.filters.is_email() || row.is_email)
            && labels.all(|((known, label), by)| {
                matches!(by, By::Day | By::Hour) || known.as_ref().is_none_or(|it| it == label)
            })
    }
}
