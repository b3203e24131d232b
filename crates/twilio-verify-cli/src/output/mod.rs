//! What is written to stdout: any resource, in any of the formats.

mod columns;
mod delimited;
mod json;
mod progress;
pub(crate) mod table;

use std::io::{self, BufWriter, Write};
use std::marker::PhantomData;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

pub(crate) use self::progress::Progress;

/// The form of the output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// For eyes.
    #[default]
    Table,
    /// For programs: one JSON value, with the API's field names.
    Json,
    /// Comma-separated, with a header of the API's field names.
    Csv,
    /// The same, separated by tabs.
    Tsv,
}

/// Something that the API tells of, and that can be written.
pub(crate) trait Resource: Serialize + JsonSchema {
    /// What a list of them is called in JSON.
    const PLURAL: &'static str;
    /// What a table of them shows; csv and tsv begin with these, too.
    const COLUMNS: &'static [Column];
}

/// A column of a table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Column {
    heading: &'static str,
    /// The names of the fields that lead to the value, with dots between.
    path: &'static str,
    kind: Kind,
    /// The smallest of these is left out first where a terminal is too narrow
    /// for all; those that have none never are.
    spare: Option<u8>,
}

impl Column {
    /// A column of the values of a field.
    pub(crate) const fn new(heading: &'static str, path: &'static str) -> Self {
        Self {
            heading,
            path,
            kind: Kind::Text,
            spare: None,
        }
    }

    /// How the value is shown.
    pub(crate) const fn kind(self, kind: Kind) -> Self {
        Self { kind, ..self }
    }

    /// May be left out in a narrow terminal, in this order.
    pub(crate) const fn spare(self, order: u8) -> Self {
        Self {
            spare: Some(order),
            ..self
        }
    }
}

/// How a value is shown in a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// As it is.
    Text,
    /// An instant, to the second, in UTC.
    Date,
    /// A status, in its colour.
    Status,
    /// An amount and its currency.
    Money,
    /// Several values, or the names of several.
    List,
}

/// Where output goes, and in which format.
pub(crate) struct Output {
    format: Format,
    out: Box<dyn Write + Send>,
}

impl Output {
    /// To stdout.
    pub(crate) fn stdout(format: Format) -> Self {
        let out: Box<dyn Write + Send> = match format {
            Format::Table => Box::new(anstream::stdout()),
            // Data has no colours, and what it has is not to be taken for some.
            Format::Json | Format::Csv | Format::Tsv => Box::new(io::stdout()),
        };
        Self {
            format,
            out: Box::new(BufWriter::new(out)),
        }
    }

    /// Writes one resource; `table` draws it for eyes.
    pub(crate) fn one<T: Resource>(
        &mut self,
        resource: &T,
        table: impl FnOnce(&T) -> io::Result<String>,
    ) -> io::Result<()> {
        match self.delimiter() {
            Some(delimiter) => {
                let mut rows = delimited::Rows::begin::<T>(&mut self.out, delimiter)?;
                rows.row(&serde_json::to_value(resource)?)?;
                rows.flush()?;
            }
            None if self.format == Format::Json => json::one(&mut self.out, resource)?,
            None => self.out.write_all(table(resource)?.as_bytes())?,
        }
        self.out.flush()
    }

    /// Writes one resource; in JSON on one line, so that a reader knows its end
    /// while the program goes on.
    pub(crate) fn line<T: Resource>(
        &mut self,
        resource: &T,
        table: impl FnOnce(&T) -> io::Result<String>,
    ) -> io::Result<()> {
        if self.format != Format::Json {
            return self.one(resource, table);
        }
        json::line(&mut self.out, resource)?;
        self.out.flush()
    }

    /// Begins a list.
    pub(crate) fn list<T: Resource>(&mut self) -> io::Result<List<'_, T>> {
        let form = match self.delimiter() {
            Some(delimiter) => Form::Delimited(Box::new(delimited::Rows::begin::<T>(
                &mut self.out,
                delimiter,
            )?)),
            None if self.format == Format::Json => {
                Form::Json(json::List::begin(&mut self.out, T::PLURAL)?)
            }
            None => Form::Table(&mut self.out, Vec::new()),
        };
        Ok(List {
            form,
            resource: PhantomData,
        })
    }

    /// Writes bytes as they are.
    pub(crate) fn raw(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.out.write_all(bytes)?;
        self.out.flush()
    }

    fn delimiter(&self) -> Option<u8> {
        match self.format {
            Format::Csv => Some(b','),
            Format::Tsv => Some(b'\t'),
            Format::Table | Format::Json => None,
        }
    }
}

/// A stream that output goes to.
type Sink<'a> = &'a mut (dyn Write + Send);

/// A list that is being written, page by page; a table is at its end, as its
/// columns are as wide as their widest value.
pub(crate) struct List<'a, T> {
    form: Form<'a>,
    resource: PhantomData<fn(&T)>,
}

enum Form<'a> {
    Table(Sink<'a>, Vec<Value>),
    Json(json::List<'a>),
    Delimited(Box<delimited::Rows<'a>>),
}

impl<T: Resource> List<'_, T> {
    /// Writes a page, so that a reader has it while the next is fetched.
    pub(crate) fn page(&mut self, items: &[T]) -> io::Result<()> {
        match &mut self.form {
            Form::Table(_, rows) => {
                for item in items {
                    rows.push(serde_json::to_value(item)?);
                }
                Ok(())
            }
            Form::Json(list) => list.page(items),
            Form::Delimited(rows) => {
                for item in items {
                    rows.row(&serde_json::to_value(item)?)?;
                }
                rows.flush()
            }
        }
    }

    /// Ends the list.
    pub(crate) fn end(self) -> io::Result<()> {
        match self.form {
            Form::Table(out, rows) => {
                out.write_all(table::rows::<T>(&rows).as_bytes())?;
                out.flush()
            }
            Form::Json(list) => list.end(),
            Form::Delimited(mut rows) => rows.flush(),
        }
    }

    /// Whether it is written piece by piece, not all at its end.
    fn streams(&self) -> bool {
        !matches!(self.form, Form::Table(..))
    }
}

/// Tells something beside the output, on stderr.
pub(crate) fn note(text: &str) {
    // It is only a note: where it can't be said, nothing is lost.
    let _ = writeln!(anstream::stderr(), "note: {text}");
}
