//! A table of attempts.

use std::borrow::Borrow;

use twilio_verify::Attempt;

use crate::period::Period;
use crate::table::by::By;
use crate::table::caveat::Caveat;
use crate::table::cells::{Bulk, Cells};
use crate::table::counts::Counts;
use crate::table::label::Label;
use crate::table::proof::Proof;

/// Attempts by one or more dimensions.
///
/// Tables with the same dimensions [merge](Self::merge) exactly, because counts add up: tables of
/// single days, services or machines become one. With serde, a table is written with a version, and
/// reading another version is an error.
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    by: Vec<By>,
    period: Option<Period>,
    cells: Cells,
    other: Counts,
    unreadable: u64,
    proof: Option<Proof>,
    caveats: Vec<Caveat>,
}

/// Why a cell or a table can't be added to a table.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TableError {
    /// A cell does not have one label for each dimension.
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
    /// Creates a table without cells.
    pub fn new(by: impl IntoIterator<Item = By>) -> Self {
        let by: Vec<By> = by.into_iter().collect();
        Self {
            cells: Cells::new(by.len()),
            by,
            period: None,
            other: Counts::default(),
            unreadable: 0,
            proof: None,
            caveats: Vec::new(),
        }
    }

    /// Creates a table of cells that are counted already. Cells with the same labels are added up.
    ///
    /// It is made for millions of cells: a cell takes 56 bytes, and 16 for each label. Cells in the
    /// order of their labels need no sorting, and an iterator that knows its length needs no further
    /// memory.
    ///
    /// ```
    /// use twilio_verify_insights::{By, Counts, Label, Table};
    ///
    /// let cells = [
    ///     ([Label::from("CO"), "2026-03-01".into()], Counts::new(100, 72, 28)),
    ///     ([Label::from("CO"), "2026-03-02".into()], Counts::new(120, 90, 30)),
    /// ];
    /// let table = Table::from_cells([By::Country, By::Day], cells)?;
    /// assert_eq!(table.total().attempts, 220);
    /// # Ok::<(), twilio_verify_insights::TableError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`TableError::Labels`] if a cell does not have one label for each dimension.
    pub fn from_cells<L: IntoIterator<Item = Label>>(
        by: impl IntoIterator<Item = By>,
        cells: impl IntoIterator<Item = (L, Counts)>,
    ) -> Result<Self, TableError> {
        let mut table = Self::new(by);
        let expected = table.by.len();
        let cells = cells.into_iter();
        let mut bulk = Bulk::new(expected, cells.size_hint().0);
        for (labels, counts) in cells {
            bulk.push(labels, counts).map_err(|found| TableError::Labels { expected, found })?;
        }
        table.cells = bulk.into_cells();
        Ok(table)
    }

    /// Creates a table of attempts, owned or borrowed.
    ///
    /// An attempt without a SID or a date of creation counts as [unreadable](Self::unreadable), and is
    /// not in any cell.
    pub fn of<A: Borrow<Attempt>>(
        by: impl IntoIterator<Item = By>,
        attempts: impl IntoIterator<Item = A>,
    ) -> Self {
        let mut table = Self::new(by);
        for attempt in attempts {
            table.count(attempt.borrow());
        }
        table
    }

    /// Counts one attempt.
    pub fn count(&mut self, attempt: &Attempt) {
        self.counted(attempt);
    }

    /// Counts one attempt. Returns whether it is in a cell.
    pub(crate) fn counted(&mut self, attempt: &Attempt) -> bool {
        if attempt.sid.is_none() || attempt.date_created.is_none() {
            self.add_unreadable(1);
            return false;
        }
        let labels = self.by.iter().map(|by| by.of(attempt)).collect();
        self.cells.add(labels, &Counts::of(attempt));
        true
    }

    /// Adds counts to a cell that has as many labels as there are dimensions.
    pub(crate) fn add_row(&mut self, labels: &[Label], counts: &Counts) {
        debug_assert_eq!(labels.len(), self.by.len());
        self.cells.add(labels.to_vec(), counts);
    }

    /// Adds counts to a cell, with one label for each dimension.
    ///
    /// # Errors
    ///
    /// [`TableError::Labels`] if the number of labels is another one.
    pub fn add(
        &mut self,
        labels: impl IntoIterator<Item = Label>,
        counts: &Counts,
    ) -> Result<(), TableError> {
        let labels: Vec<Label> = labels.into_iter().collect();
        if labels.len() != self.by.len() {
            return Err(TableError::Labels { expected: self.by.len(), found: labels.len() });
        }
        self.cells.add(labels, counts);
        Ok(())
    }

    /// Adds counts that belong to no cell.
    pub fn add_other(&mut self, counts: &Counts) {
        self.other += counts;
    }

    /// Counts attempts that are in no cell, because they have no SID or no date of creation.
    pub const fn add_unreadable(&mut self, attempts: u64) {
        self.unreadable = self.unreadable.saturating_add(attempts);
    }

    /// Merges this table with another one, of other attempts.
    ///
    /// The period is that of both tables if one begins where the other ends, and absent otherwise. The
    /// proof is removed, because it covers only one part.
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
        for caveat in &other.caveats {
            if !self.caveats.contains(caveat) {
                self.caveats.push(caveat.clone());
            }
        }
        Ok(self)
    }

    /// Adds the counts of a table with the same dimensions.
    pub(crate) fn absorb(&mut self, other: &Self) {
        self.cells.absorb(&other.cells);
        self.other += &other.other;
        self.add_unreadable(other.unreadable);
    }

    /// Moves all cells with fewer attempts to [`other`](Self::other). Nothing is dropped.
    #[must_use]
    pub fn min_attempts(mut self, attempts: u64) -> Self {
        let other = &mut self.other;
        self.cells.retain(|counts| {
            let is_kept = counts.attempts >= attempts;
            if !is_kept {
                *other += counts;
            }
            is_kept
        });
        self
    }

    /// Returns the dimensions.
    pub fn by(&self) -> &[By] {
        &self.by
    }

    /// Returns the cells, sorted by their labels.
    pub fn cells(&self) -> impl ExactSizeIterator<Item = (&[Label], &Counts)> {
        self.cells.iter()
    }

    /// Returns the counts of one cell.
    pub fn get(&self, labels: &[Label]) -> Option<&Counts> {
        self.cells.get(labels)
    }

    /// Returns the counts that are in no cell: small cells, and what a plan did not break down.
    pub const fn other(&self) -> &Counts {
        &self.other
    }

    /// Returns how many attempts came without a SID or a date of creation.
    pub const fn unreadable(&self) -> u64 {
        self.unreadable
    }

    /// Returns the sum of all cells and [`other`](Self::other).
    pub fn total(&self) -> Counts {
        let mut total = self.other.clone();
        for counts in self.cells.values() {
            total += counts;
        }
        total
    }

    /// Returns the period, if the table has one.
    pub const fn period(&self) -> Option<Period> {
        self.period
    }

    /// Sets the period of the table.
    #[must_use]
    pub const fn with_period(mut self, period: Period) -> Self {
        self.period = Some(period);
        self
    }

    /// Returns whether the cells sum to the whole, if that was checked.
    pub const fn proof(&self) -> Option<&Proof> {
        self.proof.as_ref()
    }

    /// Sets whether the cells sum to the whole.
    #[must_use]
    pub fn with_proof(mut self, proof: Proof) -> Self {
        self.proof = Some(proof);
        self
    }

    /// Returns what is assumed or unknown about the numbers, in spite of a proof.
    pub fn caveats(&self) -> &[Caveat] {
        &self.caveats
    }

    /// Sets what is assumed or unknown about the numbers.
    #[must_use]
    pub fn with_caveats(mut self, caveats: impl IntoIterator<Item = Caveat>) -> Self {
        self.caveats = caveats.into_iter().collect();
        self
    }
}
