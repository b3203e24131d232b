//! csv and tsv.
//!
//! Values are exact, except on a terminal. A number in E.164 format begins with `+`, as a formula of
//! a spreadsheet does: escaping it would change the value for programs that
//! read it, so `--help` advises importing it as text instead.

use std::io;

use serde_json::Value;

use super::fields;
use super::shape::Shape;
use super::sink::Sink;
use crate::values::clean;

/// Rows below a header of the fields' paths.
pub(super) struct Rows<'a> {
    writer: csv::Writer<Sink<'a>>,
    paths: Vec<String>,
    /// Whether values are cleaned for a terminal.
    cleaned: bool,
}

impl<'a> Rows<'a> {
    /// Writes the header.
    pub(super) fn begin(
        out: Sink<'a>,
        cleaned: bool,
        delimiter: u8,
        shape: &Shape,
    ) -> io::Result<Self> {
        let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(out);
        let paths = shape.paths.clone();
        writer.write_record(&paths).map_err(io_error)?;
        Ok(Self { writer, paths, cleaned })
    }

    /// Writes a row; a value that is null or missing is empty.
    pub(super) fn row(&mut self, resource: &Value) -> io::Result<()> {
        let fields = self.paths.iter().map(|path| {
            let text = fields::value(resource, path).map(fields::text).unwrap_or_default();
            if self.cleaned { clean::value(&text).into_owned() } else { text }
        });
        self.writer.write_record(fields).map_err(io_error)
    }

    /// Flushes all rows to the reader.
    pub(super) fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

/// The error with its kind, so that a closed pipe is recognised.
fn io_error(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        kind => io::Error::other(format!("{kind:?}")),
    }
}
