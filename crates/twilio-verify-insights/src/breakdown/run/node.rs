//! A part of a breakdown that is being asked.

use crate::breakdown::plan::sample::Row;
use crate::breakdown::requests::filters::PartFilters;
use crate::table::by::By;
use crate::table::counts::Counts;
use crate::table::label::Label;

/// A part, counted already.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    /// One for each dimension; `None` where it is open, or any.
    pub(crate) labels: Vec<Option<Label>>,
    /// The dimensions that it is to be broken down by.
    pub(crate) open: Vec<usize>,
    pub(crate) filters: PartFilters,
    pub(crate) counts: Counts,
    /// How many attempts the list has to read for it; `None` where the list can't give it.
    pub(crate) listed: Option<u64>,
}

impl Node {
    /// The whole of a breakdown by this number of dimensions.
    pub(crate) fn root(
        dimensions: usize,
        filters: PartFilters,
        counts: Counts,
        listed: Option<u64>,
    ) -> Self {
        let open = (0..dimensions).collect();
        Self { labels: vec![None; dimensions], open, filters, counts, listed }
    }

    /// The same attempts, with a dimension closed.
    pub(crate) fn same(&self, dimension: usize, label: Label) -> Self {
        let mut same = self.clone();
        same.open.retain(|open| *open != dimension);
        if let Some(known) = same.labels.get_mut(dimension) {
            *known = Some(label);
        }
        same
    }

    /// With any label of a dimension that is closed. The list would give the labels that there are.
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
        // By prefix the list can't be filtered.
        let listed =
            self.listed.filter(|_| filters.chosen.prefix.is_none()).map(|_| counts.attempts);
        Self { filters, counts, listed, ..self.same(dimension, label) }
    }

    /// Whether a listed attempt is in this part, as far as its labels tell. Of times they don't: the
    /// sample is of the newest attempts alone, so it stands for every day.
    pub(crate) fn has(&self, by: &[By], row: &Row) -> bool {
        let mut labels = self.labels.iter().zip(&row.labels).zip(by);
        (!self.filters.is_email() || row.is_email)
            && labels.all(|((known, label), by)| {
                matches!(by, By::Day | By::Hour) || known.as_ref().is_none_or(|it| it == label)
            })
    }
}
