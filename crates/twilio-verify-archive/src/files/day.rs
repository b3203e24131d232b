//! Reads the file of a day.

use std::error::Error;
use std::io;
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::ArrowError;
use chrono::NaiveDate;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};
use parquet::errors::ParquetError;
use parquet::file::metadata::{PageIndexPolicy, ParquetMetaData};

use crate::error::ArchiveError;
use crate::files::label::{FileLabel, LabelFault};
use crate::rows::decode::decode;
use crate::rows::row::Row;
use crate::rows::schema::{SCHEMA, VERSION};
use crate::store::names;
use crate::store::source::Parts;
use crate::store::store::Store;

/// The number of rows that are decoded at once.
const BATCH: usize = 8 * 1024;

/// An open file of a day.
pub(crate) struct DayFile {
    pub(crate) label: FileLabel,
    name: String,
    day: NaiveDate,
    metadata: ArrowReaderMetadata,
    parts: Parts,
}

impl DayFile {
    /// Opens the file of a day, if there is one.
    pub(crate) fn open(store: &Store, day: NaiveDate) -> Result<Option<Self>, ArchiveError> {
        let file = names::file(day);
        let Some(parts) = store.open(&file)? else { return Ok(None) };
        let name = store.name(&file);
        let options = ArrowReaderOptions::new().with_page_index_policy(PageIndexPolicy::Skip);
        let metadata = match ArrowReaderMetadata::load(&parts, options) {
            Ok(metadata) => metadata,
            Err(error) if !is_parquet(&parts).map_err(|error| read(&name, error))? => {
                let found = format!("it is not a Parquet file: {error}");
                return Err(ArchiveError::Foreign { file: name, found });
            }
            Err(error) => return Err(fault(&name, day, error)),
        };
        let about = metadata.metadata().file_metadata();
        let label = match FileLabel::read(about.key_value_metadata()) {
            Ok(label) => label,
            Err(LabelFault::Foreign) => {
                let found = match about.created_by() {
                    Some(program) => format!("{program} wrote it"),
                    None => "another program wrote it".to_owned(),
                };
                return Err(ArchiveError::Foreign { file: name, found });
            }
            Err(LabelFault::Version { found, program: written_by }) => {
                return Err(ArchiveError::Version {
                    file: name,
                    found,
                    expected: VERSION,
                    written_by,
                });
            }
            Err(LabelFault::Value(key)) => {
                let source = format!("its value of {key} can't be read").into();
                return Err(ArchiveError::Corrupt { day, file: name, source });
            }
        };
        if label.day != day {
            let found = format!("it holds the attempts of {}", label.day);
            return Err(ArchiveError::Foreign { file: name, found });
        }
        Ok(Some(Self { label, name, day, metadata, parts }))
    }

    /// Returns the number of rows.
    pub(crate) fn len(&self) -> usize {
        let rows = self.metadata.metadata().file_metadata().num_rows();
        usize::try_from(rows).unwrap_or_default()
    }

    /// Returns the number of row groups.
    pub(crate) fn groups(&self) -> usize {
        self.metadata.metadata().num_row_groups()
    }

    /// Reads all rows, sorted by time.
    pub(crate) fn rows(&self) -> Result<Vec<Row>, ArchiveError> {
        let mut rows = Vec::new();
        let names: Vec<&str> = SCHEMA.fields().iter().map(|field| field.name().as_str()).collect();
        for group in 0..self.groups() {
            self.scan(group, &names, |batch| decode(batch, self.label.numbers, &mut rows))?;
        }
        Ok(rows)
    }

    /// Whether any row may have a value in a column, according to the file's statistics.
    pub(crate) fn has(&self, column: &str) -> bool {
        let Some(index) = self.index(column) else { return false };
        let groups = self.metadata.metadata().row_groups();
        groups.iter().any(|group| {
            let nulls = group.column(index).statistics().and_then(|all| all.null_count_opt());
            nulls.is_none_or(|nulls| Some(nulls) != u64::try_from(group.num_rows()).ok())
        })
    }

    fn index(&self, column: &str) -> Option<usize> {
        let columns = self.metadata.parquet_schema().columns();
        columns.iter().position(|leaf| leaf.name() == column)
    }

    /// Reads columns of a row group, batch by batch.
    pub(crate) fn scan(
        &self,
        group: usize,
        columns: &[&str],
        mut each: impl FnMut(&RecordBatch) -> Result<(), ArrowError>,
    ) -> Result<(), ArchiveError> {
        let metadata: &Arc<ParquetMetaData> = self.metadata.metadata();
        let mask = ProjectionMask::columns(self.metadata.parquet_schema(), columns.iter().copied());
        let Some(chunks) = metadata.row_groups().get(group).map(|group| group.columns()) else {
            return Ok(());
        };
        let chunks = chunks.iter().enumerate().filter(|(leaf, _)| mask.leaf_included(*leaf));
        let ranges = chunks.map(|(_, chunk)| {
            let (start, length) = chunk.byte_range();
            start..start.saturating_add(length)
        });
        let mut parts = self.parts.clone();
        parts
            .load(&ranges.collect::<Vec<_>>())
            .map_err(|error| read_or_corrupt(&self.name, self.day, error))?;
        let reader =
            ParquetRecordBatchReaderBuilder::new_with_metadata(parts, self.metadata.clone())
                .with_projection(mask)
                .with_row_groups(vec![group])
                .with_batch_size(BATCH)
                .build()
                .map_err(|error| fault(&self.name, self.day, error))?;
        for batch in reader {
            let read = batch.and_then(|batch| each(&batch));
            read.map_err(|error| match error {
                ArrowError::IoError(_, error) => read_or_corrupt(&self.name, self.day, error),
                error => self.corrupt(error),
            })?;
        }
        Ok(())
    }

    fn corrupt(&self, source: impl Into<Box<dyn Error + Send + Sync>>) -> ArchiveError {
        ArchiveError::Corrupt { day: self.day, file: self.name.clone(), source: source.into() }
    }
}

fn read(file: &str, source: io::Error) -> ArchiveError {
    ArchiveError::Io { action: "read", file: file.to_owned(), source }
}

fn read_or_corrupt(file: &str, day: NaiveDate, error: io::Error) -> ArchiveError {
    match error.kind() {
        io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidData => {
            ArchiveError::Corrupt { day, file: file.to_owned(), source: error.into() }
        }
        _ => read(file, error),
    }
}

/// Converts an error that is caused by the disk or by the content of the file.
fn fault(file: &str, day: NaiveDate, error: ParquetError) -> ArchiveError {
    match error {
        ParquetError::External(source) => match source.downcast::<io::Error>() {
            Ok(error) => read_or_corrupt(file, day, *error),
            Err(source) => ArchiveError::Corrupt { day, file: file.to_owned(), source },
        },
        error => ArchiveError::Corrupt { day, file: file.to_owned(), source: error.into() },
    }
}

/// Whether a file begins like a Parquet file, even if it is truncated or blank: a disk may leave
/// zeros after a power failure.
fn is_parquet(parts: &Parts) -> io::Result<bool> {
    use parquet::file::reader::Length;

    let magic = b"PAR1";
    let head = parts.bytes(0..parts.len().min(4))?;
    Ok(magic.starts_with(&head) || head.iter().all(|byte| *byte == 0))
}
