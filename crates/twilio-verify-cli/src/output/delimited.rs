//! csv and tsv.
//!
//! Values are exact. A number in E.164 format begins with `+`, and so does a
//! formula of a spreadsheet: to escape it would spoil the value for all who
//! read it with a program, so `--help` says to import it as text instead.

use std::io;

use serde_json::Value;

use super::{Resource, Sink, columns};

/// Rows under a header of the fields' paths.
pub(crate) struct Rows<'a> {
    writer: csv::Writer<Sink<'a>>,
    paths: Vec<String>,
}

impl<'a> Rows<'a> {
    /// Writes the header.
    pub(crate) fn begin<T: Resource>(out: Sink<'a>, delimiter: u8) -> io::Result<Self> {
        let mut writer = csv::WriterBuilder::new()
            .delimiter(delimiter)
            .from_writer(out);
        let paths = columns::paths::<T>();
        writer.write_record(&paths).map_err(io_error)?;
        Ok(Self { writer, paths })
    }

    /// Writes a row; what is null or missing is empty.
    pub(crate) fn row(&mut self, resource: &Value) -> io::Result<()> {
        let fields = self.paths.iter().map(|path| {
            columns::value(resource, path)
                .map(columns::text)
                .unwrap_or_default()
        });
        self.writer.write_record(fields).map_err(io_error)
    }

    /// Hands all rows to the reader.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

/// With its kind kept, so that a closed pipe is known for one.
fn io_error(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        kind => io::Error::other(format!("{kind:?}")),
    }
}
