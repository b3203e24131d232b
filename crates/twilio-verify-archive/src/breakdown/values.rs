//! Reads the number of each row's label in a dimension.

use arrow_array::cast::AsArray;
use arrow_array::{Array, RecordBatch};
use arrow_schema::ArrowError;
use chrono::NaiveTime;
use twilio_verify_insights::By;

use crate::breakdown::columns::{Lookup, Pairs};
use crate::breakdown::dimension::{columns, label};
use crate::breakdown::labels::Labels;
use crate::breakdown::prefix;
use crate::breakdown::query::DESTINATION;
use crate::files::label::FileLabel;
use crate::numbers::numbers::NumbersMode;
use crate::rows::decode::{column, dates, wrong};
use crate::rows::schema::DATE_CREATED;

/// Reads a dimension, batch by batch.
#[derive(Default)]
pub(crate) struct Values {
    first: Lookup,
    second: Lookup,
    pairs: Pairs,
}

impl Values {
    /// Writes the number of each row's label to `ids`, and returns an exclusive upper bound.
    pub(crate) fn look(
        &mut self,
        by: By,
        batch: &RecordBatch,
        file: &FileLabel,
        labels: &Labels,
        ids: &mut Vec<u64>,
    ) -> Result<u64, ArrowError> {
        ids.clear();
        ids.resize(batch.num_rows(), 0);
        match by {
            // The file determines the day.
            By::Day => Ok(1),
            By::Hour => {
                let midnight = file.day.and_time(NaiveTime::MIN).and_utc().timestamp_millis();
                for (id, date) in ids.iter_mut().zip(dates(batch, DATE_CREATED)?.values()) {
                    let hour = date.saturating_sub(midnight) / 3_600_000;
                    *id = u64::try_from(hour.clamp(0, 23)).unwrap_or_default();
                }
                Ok(24)
            }
            By::Prefix(digits) => {
                let is_cut = matches!(file.numbers, NumbersMode::Prefix(_));
                let kept = column(batch, DESTINATION)?;
                let kept = kept.as_string_opt::<i32>().ok_or_else(|| wrong(DESTINATION))?;
                for (id, kept) in ids.iter_mut().zip(kept) {
                    *id = kept.map_or(0, |kept| prefix::of(kept, digits, is_cut));
                }
                Ok(prefix::codes(digits))
            }
            _ => {
                self.texts(by, batch, labels, ids)?;
                Ok(labels.len())
            }
        }
    }

    fn texts(
        &mut self,
        by: By,
        batch: &RecordBatch,
        labels: &Labels,
        ids: &mut [u64],
    ) -> Result<(), ArrowError> {
        let [name, others @ ..] = columns(by) else { return Ok(()) };
        let number = |text: &str| labels.id(&label(by, text));
        self.first.refresh(batch, name, 0, number)?;
        self.first.each(batch, name, |row, id| ids[row] = u64::from(id))?;
        match others {
            [mcc, mnc] => self.pairs.each(batch, [mcc, mnc], number, |row, id| {
                if ids[row] == 0 {
                    ids[row] = u64::from(id);
                }
            }),
            // A text in the first column is the label, even an empty one.
            [second] => {
                let nulls = column(batch, name)?.logical_nulls();
                self.second.refresh(batch, second, 0, number)?;
                self.second.each(batch, second, |row, id| {
                    if nulls.as_ref().is_some_and(|nulls| nulls.is_null(row)) {
                        ids[row] = u64::from(id);
                    }
                })
            }
            _ => Ok(()),
        }
    }
}
