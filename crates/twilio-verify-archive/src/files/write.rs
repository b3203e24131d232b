//! Writes the file of a day.

use std::io::{self, Write};
use std::sync::Arc;

use arrow_schema::ArrowError;
use chrono::NaiveDate;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::SortingColumn;
use parquet::file::properties::WriterProperties;
use parquet::schema::types::ColumnPath;

use crate::error::ArchiveError;
use crate::files::label::{FileLabel, THIS_PROGRAM};
use crate::numbers::destination::digits_after_plus;
use crate::numbers::numbers::NumbersMode;
use crate::rows::columns::TEXTS;
use crate::rows::encode::encode;
use crate::rows::row::Row;
use crate::rows::schema::{DATE_CREATED, DATE_UPDATED, PRICE_EXACT, SCHEMA, SID};
use crate::store::names;
use crate::store::store::Store;

/// The number of rows that are encoded at once.
const BATCH: usize = 16 * 1024;
/// The number of rows in a row group. A reader may read several groups at once.
const GROUP: usize = 1 << 18;

/// Writes the sorted rows of a day. Returns `None` if another writer has written the file since it
/// was opened.
pub(crate) fn write(
    store: &Store,
    day: NaiveDate,
    numbers: NumbersMode,
    rows: &[Row],
) -> Result<Option<()>, ArchiveError> {
    let kept = rows.iter().filter_map(|row| row.destination.as_ref());
    let digits = kept.filter_map(|kept| digits_after_plus(kept.as_str())).map(str::len).max();
    let label = FileLabel { day, numbers, digits };
    let properties = properties(&label);
    store.write(&names::file(day), &mut |file| {
        fill(file, properties.clone(), rows).map_err(io_error)
    })
}

fn fill(
    file: &mut (dyn Write + Send),
    properties: WriterProperties,
    rows: &[Row],
) -> Result<(), ParquetError> {
    let mut writer = ArrowWriter::try_new(file, Arc::clone(&SCHEMA), Some(properties))?;
    for rows in rows.chunks(BATCH) {
        writer.write(&encode(rows)?)?;
    }
    writer.close()?;
    Ok(())
}

fn properties(label: &FileLabel) -> WriterProperties {
    let mut properties = WriterProperties::builder()
        .set_created_by(THIS_PROGRAM.to_owned())
        .set_key_value_metadata(Some(label.write()))
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_max_row_group_row_count(Some(GROUP))
        .set_sorting_columns(Some(vec![
            SortingColumn { column_idx: 1, descending: false, nulls_first: false },
            SortingColumn { column_idx: 0, descending: false, nulls_first: false },
        ]));
    let distinct = TEXTS.iter().filter(|column| !column.repeated).map(|column| column.name);
    for name in distinct.chain([SID, PRICE_EXACT]) {
        properties = properties.set_column_dictionary_enabled(ColumnPath::from(name), false);
    }
    for name in [DATE_CREATED, DATE_UPDATED] {
        let column = ColumnPath::from(name);
        properties = properties
            .set_column_dictionary_enabled(column.clone(), false)
            .set_column_encoding(column, Encoding::DELTA_BINARY_PACKED);
    }
    properties.build()
}

/// Returns the I/O error that caused the error, or wraps it in one.
pub(crate) fn io_error(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(source) => match source.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(source) => match source.downcast::<ArrowError>() {
                Ok(error) => match *error {
                    ArrowError::IoError(_, error) => error,
                    error => io::Error::other(error),
                },
                Err(source) => io::Error::other(source),
            },
        },
        error => io::Error::other(error),
    }
}
