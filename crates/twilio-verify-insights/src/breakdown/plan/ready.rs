//! What is known before the parts of a breakdown are requested.

use std::collections::BTreeMap;

use twilio_verify::Attempts;

use crate::breakdown::plan::estimate::{Estimate, Model, Part};
use crate::breakdown::plan::sample::{Row, Sample};
use crate::breakdown::requests::bounds::Bounds;
use crate::breakdown::requests::filters::PartFilters;
use crate::table::by::By;
use crate::table::counts::Counts;
use crate::table::label::Label;

/// What is known before the parts are requested.
#[derive(Clone, Debug)]
pub(crate) struct Ready {
    pub(crate) attempts: Attempts,
    pub(crate) filters: PartFilters,
    pub(crate) min_attempts: u64,
    pub(crate) before: Counts,
    pub(crate) bounds: Bounds,
    /// How many attempts may or may not be in the period, because the bounds are not known.
    pub(crate) doubt: u64,
    pub(crate) sample: Sample,
    /// How many attempts must be listed for the whole, if the list has them.
    pub(crate) listed: Option<u64>,
}

impl Ready {
    pub(crate) fn model<'m>(&'m self, by: &'m [By]) -> Model<'m> {
        Model {
            by,
            sample: &self.sample,
            min_attempts: self.min_attempts,
            emails_have_no_country: self.sample.emails_without_country().is_some(),
        }
    }

    pub(crate) fn estimate(&self, by: &[By]) -> Estimate {
        let rows: Vec<&Row> = self.sample.rows().collect();
        let open: Vec<usize> = (0..by.len()).collect();
        let known = self.sample.listed_rows().count() as u64;
        self.model(by).best(Part {
            filters: &self.filters,
            open: &open,
            attempts: self.before.attempts,
            listed: self.listed.map(|listed| listed.saturating_sub(known)),
            rows: &rows,
        })
    }

    /// Returns the known labels of each dimension, and about how many attempts each has.
    pub(crate) fn known(&self, dimensions: usize) -> Vec<BTreeMap<Label, u64>> {
        let rows = self.sample.rows().count() as u64;
        let scale = self.before.attempts.checked_div(rows).unwrap_or(1).max(1);
        let weights = (0..dimensions).map(|dimension| self.sample.weights(dimension));
        let scaled = |(label, rows): (Label, u64)| (label, rows.saturating_mul(scale));
        weights.map(|weights| weights.into_iter().map(scaled).collect()).collect()
    }
}
