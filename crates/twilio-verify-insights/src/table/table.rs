//! A table of attempts.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};
use twilio_verify::Attempt;

use crate::period::Period;
use crate::table::by::By;
use crate::table::counts::Counts;
use crate::table::label::Label;
use crate::table::proof::Proof;

/// The version of the serialized form.
const VERSION: u32 = 1;

/// Attempts by one or more dimensions.
///
/// Tables with the same dimensions [merge](Self::merge) exactly, because counts add up: those of
/// single days, services or machines are one table. With serde a table is written with a version,
/// and reading one of another version is an error.
///
/// ```
/// use twilio_verify_insights::{By, Counts, Table};
///
/// let mut table = Table::new([By::Country, By::Channel]);
/// table.add(["CO".into(), "sms".into()], &Counts::new(100, 72, 28))?;
/// table.add(["CO".into(), "call".into()], &Counts::new(10, 4, 6))?;
/// assert_eq!(table.total().attempts, 110);
/// assert_eq!(table.total().rate().map(|rate| rate.to_string()).as_deref(), Some("69.090909091"));
/// # Ok::<(), twilio_verify_insights::TableError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Table {
    version: u32,
    by: Vec<By>,
    #[serde(skip_serializing_if = "Option::is_none")]
    period: Option<Period>,
    #[serde(serialize_with = "cells")]
    cells: BTreeMap<Vec<Label>, Counts>,
    other: Counts,
    unreadable: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    proof: Option<Proof>,
}

/// A cell in the serialized form.
#[derive(Serialize, Deserialize)]
struct Cell<L, C> {
    labels: L,
    #[serde(flatten)]
    counts: C,
}

fn cells<S: serde::Serializer>(
    cells: &BTreeMap<Vec<Label>, Counts>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(cells.iter().map(|(labels, counts)| Cell { labels, counts }))
}

/// Why a cell or a table can't be added to a table.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TableError {
    /// A cell has not one label for each dimension.
    #[error("a cell of this table has {expected} labels, not {found}")]
    Labels {
        /// The number of dimensions.
        expected: usize,
        /// The number of labels.
        found: usize,
    },
    /// The tables have different dimensions.
    #[error("only tables with the same dimensions, in the same order, can be merged")]
    Dimensions,
}

impl Table {
    /// A table without cells.
    pub fn new(by: impl IntoIterator<Item = By>) -> Self {
        Self {
            version: VERSION,
            by: by.into_iter().collect(),
            period: None,
            cells: BTreeMap::new(),
            other: Counts::default(),
            unreadable: 0,
            proof: None,
        }
    }

    /// Counts attempts.
    ///
    /// An attempt without a SID or a date of creation counts as [unreadable](Self::unreadable), and
    /// not in any cell.
    pub fn of<'a>(
        by: impl IntoIterator<Item = By>,
        attempts: impl IntoIterator<Item = &'a Attempt>,
    ) -> Self {
        let mut table = Self::new(by);
        for attempt in attempts {
            table.count(attempt);
        }
        table
    }

    /// Counts one attempt.
    pub fn count(&mut self, attempt: &Attempt) {
        self.count_below(&[], attempt);
    }

    /// Counts one attempt whose first labels are known. Gives whether it is in a cell.
    pub(crate) fn count_below(&mut self, labels: &[Label], attempt: &Attempt) -> bool {
        if attempt.sid.is_none() || attempt.date_created.is_none() {
            self.unreadable = self.unreadable.saturating_add(1);
            return false;
        }
        let others = self.by.iter().skip(labels.len()).map(|by| by.of(attempt));
        let labels = labels.iter().cloned().chain(others).collect();
        *self.cells.entry(labels).or_default() += &Counts::of(attempt);
        true
    }

    /// Adds counts to a cell, with one label for each dimension.
    ///
    /// # Errors
    ///
    /// [`TableError::Labels`] if their number is another one.
    pub fn add(
        &mut self,
        labels: impl IntoIterator<Item = Label>,
        counts: &Counts,
    ) -> Result<(), TableError> {
        let labels: Vec<Label> = labels.into_iter().collect();
        if labels.len() != self.by.len() {
            return Err(TableError::Labels { expected: self.by.len(), found: labels.len() });
        }
        *self.cells.entry(labels).or_default() += counts;
        Ok(())
    }

    /// Adds counts that belong to no cell.
    pub fn add_other(&mut self, counts: &Counts) {
        self.other += counts;
    }

    /// This table and another one, of attempts that are not in this one.
    ///
    /// The period is that of both if one begins where the other ends, and absent otherwise. The proof
    /// is left out: it is of the parts.
    ///
    /// # Errors
    ///
    /// [`TableError::Dimensions`] if the other table has other dimensions.
    pub fn merge(mut self, other: &Self) -> Result<Self, TableError> {
        if self.by != other.by {
            return Err(TableError::Dimensions);
        }
        self.absorb(other);
        self.period = match (self.period, other.period) {
            (Some(one), Some(next)) => one.join(next),
            _ => None,
        };
        self.proof = None;
        Ok(self)
    }

    /// Adds the counts of a table with the same dimensions.
    pub(crate) fn absorb(&mut self, other: &Self) {
        for (labels, counts) in &other.cells {
            match self.cells.get_mut(labels) {
                Some(cell) => *cell += counts,
                None => {
                    self.cells.insert(labels.clone(), counts.clone());
                }
            }
        }
        self.other += &other.other;
        self.unreadable = self.unreadable.saturating_add(other.unreadable);
    }

    /// With all cells of fewer attempts in [`other`](Self::other). Nothing is dropped.
    #[must_use]
    pub fn min_attempts(mut self, attempts: u64) -> Self {
        let (cells, small) =
            self.cells.into_iter().partition(|(_, counts)| counts.attempts >= attempts);
        self.cells = cells;
        let small: BTreeMap<Vec<Label>, Counts> = small;
        for counts in small.values() {
            self.other += counts;
        }
        self
    }

    /// The dimensions.
    pub fn by(&self) -> &[By] {
        &self.by
    }

    /// The cells, sorted by their labels.
    pub fn cells(&self) -> impl ExactSizeIterator<Item = (&[Label], &Counts)> {
        self.cells.iter().map(|(labels, counts)| (labels.as_slice(), counts))
    }

    /// The counts of one cell.
    pub fn get(&self, labels: &[Label]) -> Option<&Counts> {
        self.cells.get(labels)
    }

    /// What is in no cell: small cells, and what a plan did not break down.
    pub const fn other(&self) -> &Counts {
        &self.other
    }

    /// How many attempts came without a SID or a date of creation.
    pub const fn unreadable(&self) -> u64 {
        self.unreadable
    }

    /// All cells and [`other`](Self::other).
    pub fn total(&self) -> Counts {
        let mut total = self.other.clone();
        for counts in self.cells.values() {
            total += counts;
        }
        total
    }

    /// The period, if the table is of one.
    pub const fn period(&self) -> Option<Period> {
        self.period
    }

    /// Says which period the table is of.
    #[must_use]
    pub const fn with_period(mut self, period: Period) -> Self {
        self.period = Some(period);
        self
    }

    /// Whether the cells sum to the whole, if that was asked.
    pub const fn proof(&self) -> Option<&Proof> {
        self.proof.as_ref()
    }

    /// Says whether the cells sum to the whole.
    #[must_use]
    pub fn with_proof(mut self, proof: Proof) -> Self {
        self.proof = Some(proof);
        self
    }
}

impl<'de> Deserialize<'de> for Table {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error;

        #[derive(Deserialize)]
        struct Written {
            version: u32,
            by: Vec<By>,
            #[serde(default)]
            period: Option<Period>,
            cells: Vec<Cell<Vec<Label>, Counts>>,
            other: Counts,
            unreadable: u64,
            #[serde(default)]
            proof: Option<Proof>,
        }

        let written = Written::deserialize(deserializer)?;
        if written.version != VERSION {
            return Err(Error::custom(format_args!(
                "this is a table of version {}; this program reads version {VERSION}",
                written.version
            )));
        }
        let mut table = Self::new(written.by);
        for cell in written.cells {
            table.add(cell.labels, &cell.counts).map_err(Error::custom)?;
        }
        table.period = written.period;
        table.other = written.other;
        table.unreadable = written.unreadable;
        table.proof = written.proof;
        Ok(table)
    }
}
