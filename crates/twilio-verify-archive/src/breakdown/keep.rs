//! Selects the rows that a breakdown counts.

use arrow_array::RecordBatch;
use arrow_array::cast::AsArray;
use arrow_schema::ArrowError;

use crate::breakdown::columns::Lookup;
use crate::breakdown::prefix::begins;
use crate::breakdown::query::{DESTINATION, Query};
use crate::rows::decode::{column, dates, wrong};
use crate::rows::schema::DATE_CREATED;

/// The filters of a breakdown.
pub(crate) struct Keep<'a> {
    query: &'a Query,
    lookups: Vec<Lookup>,
    /// Whether each row is counted. If empty, all rows are.
    rows: Vec<bool>,
}

/// The reason why the filters can't be applied to a row.
pub(crate) enum KeepFault {
    /// Fewer digits of its number are kept than the filter has.
    Digits,
    Arrow(ArrowError),
}

impl From<ArrowError> for KeepFault {
    fn from(error: ArrowError) -> Self {
        Self::Arrow(error)
    }
}

impl<'a> Keep<'a> {
    pub(crate) fn new(query: &'a Query) -> Self {
        let lookups = query.texts.iter().map(|_| Lookup::default()).collect();
        Self { query, lookups, rows: Vec::new() }
    }

    pub(crate) fn keeps(&self, row: usize) -> bool {
        self.rows.get(row).copied().unwrap_or(true)
    }

    /// Applies the filters to the rows of a batch.
    pub(crate) fn look(
        &mut self,
        batch: &RecordBatch,
        in_part: bool,
        is_cut: bool,
    ) -> Result<(), KeepFault> {
        self.rows.clear();
        if !in_part && self.query.texts.is_empty() && self.query.prefix.is_none() {
            return Ok(());
        }
        let rows = &mut self.rows;
        rows.resize(batch.num_rows(), true);
        if let Some(period) = self.query.period
            && in_part
        {
            let range = period.from().timestamp_millis()..period.to().timestamp_millis();
            let dates = dates(batch, DATE_CREATED)?;
            for (row, date) in rows.iter_mut().zip(dates.values()) {
                *row &= range.contains(date);
            }
        }
        for ((name, text), lookup) in self.query.texts.iter().zip(&mut self.lookups) {
            lookup.refresh(batch, name, 0, |found| u32::from(found == text))?;
            lookup.each(batch, name, |row, is_wanted| rows[row] &= is_wanted == 1)?;
        }
        if let Some(prefix) = &self.query.prefix {
            let kept = column(batch, DESTINATION)?;
            let kept = kept.as_string_opt::<i32>().ok_or_else(|| wrong(DESTINATION))?;
            for (row, kept) in rows.iter_mut().zip(kept) {
                if *row {
                    let begins = kept.map_or(Some(false), |kept| begins(kept, prefix, is_cut));
                    *row = begins.ok_or(KeepFault::Digits)?;
                }
            }
        }
        Ok(())
    }
}
