//! Maps the texts of a column to numbers.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::Int32Type;
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::ArrowError;

use crate::rows::decode::{column, wrong};

/// The numbers of a dictionary's texts, reused between batches: a row group has one dictionary.
#[derive(Default)]
pub(crate) struct Lookup {
    dictionary: Option<ArrayRef>,
    /// The numbers, by dictionary key. The last one is for an absent text.
    numbers: Vec<u32>,
}

impl Lookup {
    /// Updates the numbers if the batch has another dictionary. `number` returns the number of a text;
    /// `none` is the number of an absent one.
    pub(crate) fn refresh(
        &mut self,
        batch: &RecordBatch,
        name: &str,
        none: u32,
        mut number: impl FnMut(&str) -> u32,
    ) -> Result<(), ArrowError> {
        let array = column(batch, name)?;
        let array = array.as_dictionary_opt::<Int32Type>().ok_or_else(|| wrong(name))?;
        let values = array.values();
        if self.dictionary.as_ref().is_some_and(|known| Arc::ptr_eq(known, values)) {
            return Ok(());
        }
        let texts = values.as_string_opt::<i32>().ok_or_else(|| wrong(name))?;
        self.numbers.clear();
        self.numbers.extend(texts.iter().map(|text| text.map_or(none, &mut number)));
        self.numbers.push(none);
        self.dictionary = Some(Arc::clone(values));
        Ok(())
    }

    /// Calls `each` with the number of every row.
    pub(crate) fn each(
        &self,
        batch: &RecordBatch,
        name: &str,
        mut each: impl FnMut(usize, u32),
    ) -> Result<(), ArrowError> {
        let array = column(batch, name)?;
        let array = array.as_dictionary_opt::<Int32Type>().ok_or_else(|| wrong(name))?;
        let keys = array.keys();
        let none = self.numbers.last().copied().unwrap_or_default();
        let number = |key: i32| {
            let number = usize::try_from(key).ok().and_then(|key| self.numbers.get(key));
            number.copied().unwrap_or(none)
        };
        if keys.null_count() == 0 {
            for (row, key) in keys.values().iter().enumerate() {
                each(row, number(*key));
            }
        } else {
            for (row, key) in keys.iter().enumerate() {
                each(row, key.map_or(none, number));
            }
        }
        Ok(())
    }
}

/// Numbers for the pairs of texts in two columns, such as `310/260`.
#[derive(Default)]
pub(crate) struct Pairs {
    lookups: [Lookup; 2],
    texts: Vec<String>,
    known: hashbrown::HashMap<(u32, u32), u32>,
    first: Vec<u32>,
}

impl Pairs {
    /// Calls `each` with the number of every row that has both; `number` returns the number of a pair.
    pub(crate) fn each(
        &mut self,
        batch: &RecordBatch,
        names: [&str; 2],
        number: impl Fn(&str) -> u32,
        mut each: impl FnMut(usize, u32),
    ) -> Result<(), ArrowError> {
        let Self { lookups: [one, other], texts, known, first } = self;
        for (lookup, name) in [&mut *one, &mut *other].into_iter().zip(names) {
            lookup.refresh(batch, name, 0, |text| {
                texts.push(text.to_owned());
                u32::try_from(texts.len()).unwrap_or_default()
            })?;
        }
        let [name, next] = names;
        first.clear();
        first.resize(batch.num_rows(), 0);
        one.each(batch, name, |row, id| first[row] = id)?;
        other.each(batch, next, |row, id| {
            let pair = (first[row], id);
            if pair.0 == 0 || pair.1 == 0 {
                return;
            }
            let id = known.entry(pair).or_insert_with(|| {
                let text = |id: u32| texts.get(id as usize - 1).map_or("", String::as_str);
                number(&format!("{}/{}", text(pair.0), text(pair.1)))
            });
            each(row, *id);
        })
    }
}
