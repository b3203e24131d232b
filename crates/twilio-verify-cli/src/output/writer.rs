//! Writes resources to stdout.

use std::io::{self, BufWriter, Write};

use serde_json::Value;

use super::format::Format;
use super::shape::Shape;
use super::sink::Sink;
use super::{delimited, json, table};

/// The output, in one of the formats.
pub(crate) struct Output {
    format: Format,
    out: Box<dyn Write + Send>,
}

impl Output {
    /// To stdout.
    pub(crate) fn stdout(format: Format) -> Self {
        let out: Box<dyn Write + Send> = match format {
            Format::Table => Box::new(anstream::stdout()),
            // Data is written unchanged, also what looks like a style.
            Format::Json | Format::Csv | Format::Tsv => Box::new(io::stdout()),
        };
        Self { format, out: Box::new(BufWriter::new(out)) }
    }

    /// Its format.
    pub(crate) fn format(&self) -> Format {
        self.format
    }

    /// Writes one resource; `table` is its table.
    pub(crate) fn one(
        &mut self,
        shape: &Shape,
        resource: Value,
        table: impl FnOnce(&Value) -> String,
    ) -> io::Result<()> {
        match self.format.delimiter() {
            Some(delimiter) => {
                let mut rows = delimited::Rows::begin(&mut self.out, delimiter, shape)?;
                rows.row(&resource)?;
                rows.flush()?;
            }
            None if self.format == Format::Json => json::one(&mut self.out, shape, resource)?,
            None => self.out.write_all(table(&resource).as_bytes())?,
        }
        self.out.flush()
    }

    /// Writes one resource; in JSON on one line, so that a reader knows its end
    /// while the program continues.
    pub(crate) fn line(
        &mut self,
        shape: &Shape,
        resource: Value,
        table: impl FnOnce(&Value) -> String,
    ) -> io::Result<()> {
        if self.format != Format::Json {
            return self.one(shape, resource, table);
        }
        json::line(&mut self.out, shape, resource)?;
        self.out.flush()
    }

    /// Begins a list.
    pub(crate) fn list(&mut self, shape: Shape) -> io::Result<List<'_>> {
        let form = match self.format.delimiter() {
            Some(delimiter) => {
                let rows = delimited::Rows::begin(&mut self.out, delimiter, &shape)?;
                Form::Delimited(Box::new(rows))
            }
            None if self.format == Format::Json => {
                Form::Json(json::List::begin(&mut self.out, &shape)?)
            }
            None => Form::Table(&mut self.out, Vec::new()),
        };
        Ok(List { form, shape })
    }

    /// Writes bytes unchanged.
    pub(crate) fn raw(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.out.write_all(bytes)?;
        self.out.flush()
    }
}

/// A list that is being written, page by page; a table at its end, as its
/// columns are as wide as their widest value.
pub(crate) struct List<'a> {
    form: Form<'a>,
    shape: Shape,
}

enum Form<'a> {
    Table(Sink<'a>, Vec<Value>),
    Json(json::List<'a>),
    Delimited(Box<delimited::Rows<'a>>),
}

impl List<'_> {
    /// Writes a page, so that a reader has it while the next is fetched.
    pub(crate) fn page(&mut self, items: Vec<Value>) -> io::Result<()> {
        match &mut self.form {
            Form::Table(_, rows) => {
                rows.extend(items);
                Ok(())
            }
            Form::Json(list) => list.page(&self.shape, items),
            Form::Delimited(rows) => {
                items.iter().try_for_each(|item| rows.row(item))?;
                rows.flush()
            }
        }
    }

    /// Ends the list.
    pub(crate) fn end(self) -> io::Result<()> {
        match self.form {
            Form::Table(out, rows) => {
                out.write_all(table::rows(&self.shape, &rows).as_bytes())?;
                out.flush()
            }
            Form::Json(list) => list.end(),
            Form::Delimited(mut rows) => rows.flush(),
        }
    }

    /// The name of what is listed, for people.
    pub(super) fn words(&self) -> String {
        self.shape.words()
    }

    /// Whether it is written page by page, not all at its end.
    pub(super) fn streams(&self) -> bool {
        !matches!(self.form, Form::Table(..))
    }
}
