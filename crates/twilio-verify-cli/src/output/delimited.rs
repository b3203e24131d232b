//! Writes csv and tsv.

use std::borrow::Cow;
use std::io;

use serde_json::Value;

use super::formula::disarmed;
use super::shape::Shape;
use super::sink::Sink;
use super::{fields, options::Delimited};
use crate::values::clean;

/// The byte order mark, in UTF-8.
const BOM: &[u8] = "\u{feff}".as_bytes();

/// The rows below a header of the fields' paths.
pub(super) struct Rows<'a> {
    writer: csv::Writer<Sink<'a>>,
    paths: Vec<String>,
    /// Whether values are cleaned for a terminal.
    cleaned: bool,
    /// Whether formulas are written unchanged.
    raw: bool,
}

impl<'a> Rows<'a> {
    /// Writes the header.
    pub(super) fn begin(
        out: Sink<'a>,
        cleaned: bool,
        form: Delimited,
        shape: &Shape,
    ) -> io::Result<Self> {
        if form.bom {
            out.write_all(BOM)?;
        }
        let mut writer = csv::WriterBuilder::new().delimiter(form.delimiter).from_writer(out);
        let paths = shape.paths.clone();
        writer.write_record(&paths).map_err(io_error)?;
        Ok(Self { writer, paths, cleaned, raw: form.raw })
    }

    /// Writes a row. A value that is null or missing is empty.
    pub(super) fn row(&mut self, resource: &Value) -> io::Result<()> {
        let fields = self.paths.iter().map(|path| {
            let text = fields::value(resource, path).map(fields::text).unwrap_or_default();
            let text = if self.raw { Cow::Borrowed(&*text) } else { disarmed(&text) };
            match self.cleaned {
                true => clean::value(&text).into_owned(),
                false => text.into_owned(),
            }
        });
        self.writer.write_record(fields).map_err(io_error)
    }

    /// Flushes all rows to the reader.
    pub(super) fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

/// Converts an error and keeps its kind, so that a closed pipe is recognised.
fn io_error(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        kind => io::Error::other(format!("{kind:?}")),
    }
}
