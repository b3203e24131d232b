//! Writes rows of any days to one file.

use std::io::Write;
use std::sync::Arc;

use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;

use crate::error::ArchiveError;
use crate::rows::encode::encode;
use crate::rows::row::Row;
use crate::rows::schema::SCHEMA;

/// The number of rows that are encoded at once.
const BATCH: usize = 16 * 1024;
/// The number of rows in a row group, which is kept in memory until it is written.
const GROUP: usize = 1 << 17;

/// Writes rows to a Parquet file outside an archive, with an archive's columns. The rows may be of any
/// days, and keep their order.
#[derive(Debug)]
pub struct RowWriter<W: Write + Send> {
    writer: ArrowWriter<W>,
}

impl<W: Write + Send> RowWriter<W> {
    /// Begins a file.
    ///
    /// # Errors
    ///
    /// [`ArchiveError::Io`].
    pub fn new(out: W) -> Result<Self, ArchiveError> {
        let properties = WriterProperties::builder()
            .set_created_by(format!("twilio-verify {}", env!("CARGO_PKG_VERSION")))
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_max_row_group_row_count(Some(GROUP))
            .build();
        let writer = ArrowWriter::try_new(out, Arc::clone(&SCHEMA), Some(properties));
        Ok(Self { writer: writer.map_err(failed)? })
    }

    /// Writes rows.
    ///
    /// # Errors
    ///
    /// [`ArchiveError::Io`].
    pub fn write(&mut self, rows: &[Row]) -> Result<(), ArchiveError> {
        for rows in rows.chunks(BATCH) {
            let batch = encode(rows).map_err(|error| failed(error.into()))?;
            self.writer.write(&batch).map_err(failed)?;
        }
        Ok(())
    }

    /// Finishes the file, and returns the output.
    ///
    /// # Errors
    ///
    /// [`ArchiveError::Io`].
    pub fn close(self) -> Result<W, ArchiveError> {
        self.writer.into_inner().map_err(failed)
    }
}

fn failed(error: ParquetError) -> ArchiveError {
    let source = super::write::io_error(error);
    ArchiveError::Io { action: "write", file: "the file".to_owned(), source }
}
