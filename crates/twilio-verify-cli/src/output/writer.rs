//! Writes resources to stdout.

use std::io::{self, BufWriter, IsTerminal, Write};

use serde_json::Value;

use super::format::Format;
use super::options::Options;
use super::shape::Shape;
use super::sink::Sink;
use super::{delimited, json, table};
use crate::failure::report::Failure;
use crate::values::zone::Zone;

/// The output, in one of the formats.
pub(crate) struct Output {
    options: Options,
    /// Whether characters that control a terminal are replaced in data. In a table they always are.
    cleaned: bool,
    out: Box<dyn Write + Send>,
}

impl Output {
    /// Creates an output to stdout.
    pub(crate) fn stdout(options: Options) -> Self {
        let out: Box<dyn Write + Send> = match options.format() {
            Format::Table => Box::new(anstream::stdout()),
            // Files and programs get the data unchanged, even if it looks like a style.
            Format::Json | Format::Jsonl | Format::Csv | Format::Tsv => Box::new(io::stdout()),
        };
        Self::to(BufWriter::new(out), io::stdout().is_terminal(), options)
    }

    /// Creates an output to a file.
    pub(crate) fn file(out: impl Write + Send + 'static, options: Options) -> Self {
        Self::to(BufWriter::new(out), false, options)
    }

    fn to(out: impl Write + Send + 'static, is_terminal: bool, options: Options) -> Self {
        Self { options, cleaned: is_terminal, out: Box::new(out) }
    }

    /// Returns the format.
    pub(crate) fn format(&self) -> Format {
        self.options.format()
    }

    /// Returns the time zone of days, and of times without an offset.
    pub(crate) fn zone(&self) -> Zone {
        self.options.zone()
    }

    /// Returns the options.
    pub(crate) fn options(&self) -> &Options {
        &self.options
    }

    /// Rejects properties that resources of this shape don't have.
    pub(crate) fn check(&self, shape: &Shape) -> Result<(), Failure> {
        self.options.chosen(shape).map(drop)
    }

    /// Returns the shape with the properties that were chosen. If it lacks one,
    /// which `check` rejects, returns it unchanged.
    fn chosen(&self, shape: &Shape) -> Shape {
        self.options.chosen(shape).unwrap_or_else(|_| shape.clone())
    }

    /// Writes one resource; `table` makes its table, unless properties were chosen.
    pub(crate) fn one(
        &mut self,
        shape: &Shape,
        resource: Value,
        table: impl FnOnce(&Value) -> String,
    ) -> io::Result<()> {
        let shape = self.chosen(shape);
        let out = &mut self.out;
        match (self.options.delimited(), self.options.format()) {
            (Some(form), _) => {
                let mut rows = delimited::Rows::begin(out, self.cleaned, form, &shape)?;
                rows.row(&resource)?;
                rows.flush()?;
            }
            (None, Format::Json) => json::one(out, self.cleaned, &shape, resource)?,
            (None, Format::Jsonl) => json::line(out, self.cleaned, &shape, resource)?,
            (None, _) if shape.chosen.is_some() => {
                out.write_all(table::resource(&shape, &resource).as_bytes())?;
            }
            (None, _) => out.write_all(table(&resource).as_bytes())?,
        }
        self.out.flush()
    }

    /// Writes one resource. JSON is written on one line, so that a reader knows
    /// where it ends while the program continues.
    pub(crate) fn line(
        &mut self,
        shape: &Shape,
        resource: Value,
        table: impl FnOnce(&Value) -> String,
    ) -> io::Result<()> {
        if self.options.format() != Format::Json {
            return self.one(shape, resource, table);
        }
        let shape = self.chosen(shape);
        json::line(&mut self.out, self.cleaned, &shape, resource)?;
        self.out.flush()
    }

    /// Begins a list.
    pub(crate) fn list(&mut self, shape: Shape) -> io::Result<List<'_>> {
        let (shape, zone, cleaned) = (self.chosen(&shape), self.zone(), self.cleaned);
        let out = &mut self.out;
        let form = match (self.options.delimited(), self.options.format()) {
            (Some(form), _) => {
                Form::Delimited(Box::new(delimited::Rows::begin(out, cleaned, form, &shape)?))
            }
            (None, Format::Json) => Form::Json(json::List::begin(out, cleaned, &shape)?),
            (None, Format::Jsonl) => Form::Lines { out, cleaned },
            (None, _) => Form::Table { out, zone, rows: Vec::new() },
        };
        Ok(List { form, shape })
    }

    /// Writes rows with this shape.
    pub(crate) fn rows(&mut self, shape: Shape, rows: Vec<Value>) -> io::Result<()> {
        let mut list = self.list(shape)?;
        list.page(rows)?;
        list.end()
    }

    /// Writes JSON from a server.
    pub(crate) fn json(&mut self, value: &Value) -> io::Result<()> {
        let text = match self.options.format() {
            Format::Jsonl => format!("{value}\n"),
            _ => format!("{value:#}\n"),
        };
        json::text(&mut self.out, self.cleaned, &text)?;
        self.out.flush()
    }

    /// Writes bytes of this program unchanged.
    pub(crate) fn raw(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.out.write_all(bytes)?;
        self.out.flush()
    }
}

/// A list that is being written page by page. A table is written at the end, as
/// its columns are as wide as their widest value.
pub(crate) struct List<'a> {
    form: Form<'a>,
    shape: Shape,
}

enum Form<'a> {
    Table { out: Sink<'a>, zone: Zone, rows: Vec<Value> },
    Json(json::List<'a>),
    Lines { out: Sink<'a>, cleaned: bool },
    Delimited(Box<delimited::Rows<'a>>),
}

impl List<'_> {
    /// Writes a page, so that a reader gets it while the next one is fetched.
    pub(crate) fn page(&mut self, items: Vec<Value>) -> io::Result<()> {
        match &mut self.form {
            Form::Table { rows, .. } => {
                rows.extend(items);
                Ok(())
            }
            Form::Json(list) => list.page(&self.shape, items),
            Form::Lines { out, cleaned } => {
                for item in items {
                    json::line(*out, *cleaned, &self.shape, item)?;
                }
                out.flush()
            }
            Form::Delimited(rows) => {
                items.iter().try_for_each(|item| rows.row(item))?;
                rows.flush()
            }
        }
    }

    /// Ends the list.
    pub(crate) fn end(self) -> io::Result<()> {
        match self.form {
            Form::Table { out, zone, rows } => {
                out.write_all(table::rows(&self.shape, zone, &rows).as_bytes())?;
                out.flush()
            }
            Form::Json(list) => list.end(),
            Form::Lines { out, .. } => out.flush(),
            Form::Delimited(mut rows) => rows.flush(),
        }
    }

    /// Returns the plural of the resources, for people.
    pub(super) fn words(&self) -> String {
        self.shape.words()
    }

    /// Whether the list is written page by page, rather than at its end.
    pub(super) fn streams(&self) -> bool {
        !matches!(self.form, Form::Table { .. })
    }
}

#[cfg(test)]
mod tests {
    use std::io::{self, Write};
    use std::sync::{Arc, Mutex};

    use serde_json::{Value, json};

    use super::Output;
    use crate::output::column::Column;
    use crate::output::fields::Fields;
    use crate::output::format::Format;
    use crate::output::options::Options;
    use crate::output::shape::Shape;
    use crate::output::table;

    #[derive(Clone, Default)]
    struct Shared(Arc<Mutex<Vec<u8>>>);

    impl Write for Shared {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// Escape, DEL, CSI (a C1 control), and a character that overrides the text direction.
    const OBEYED: [char; 4] = ['\u{1b}', '\u{7f}', '\u{9b}', '\u{202e}'];

    type Written<'a> = &'a dyn Fn(&mut Output) -> io::Result<()>;

    /// Writes a resource with this name: alone, on a line, in a list, and as the server's own JSON.
    fn written(format: Format, is_terminal: bool) -> [String; 4] {
        let name: String = OBEYED.into_iter().collect();
        let resource = json!({ "name": format!("a{name}b\nc") });
        let shape = || {
            let fields = Fields { paths: vec!["name".to_owned()], maps: Vec::new() };
            Shape::new("things", vec![Column::new("NAME", "name")], fields)
        };
        let writes: [Written<'_>; 4] = [
            &|output| {
                output.one(&shape(), resource.clone(), |value| table::resource(&shape(), value))
            },
            &|output| {
                output.line(&shape(), resource.clone(), |value| table::resource(&shape(), value))
            },
            &|output| {
                let mut list = output.list(shape())?;
                list.page(vec![resource.clone()])?;
                list.end()
            },
            &|output| output.json(&resource),
        ];
        writes.map(|write| {
            let out = Shared::default();
            let options = Options::default().with_format(format);
            write(&mut Output::to(out.clone(), is_terminal, options)).unwrap();
            let bytes = out.0.lock().unwrap().clone();
            String::from_utf8(bytes).unwrap()
        })
    }

    #[test]
    fn a_terminal_gets_nothing_that_it_obeys_in_any_format() {
        for format in [Format::Table, Format::Json, Format::Jsonl, Format::Csv, Format::Tsv] {
            for (index, text) in written(format, true).into_iter().enumerate() {
                // The styles of a table are this program's own.
                let plain = match format {
                    Format::Table => text
                        .replace("\u{1b}[1m", "")
                        .replace("\u{1b}[2m", "")
                        .replace("\u{1b}[0m", ""),
                    _ => text,
                };
                for obeyed in OBEYED {
                    assert!(!plain.contains(obeyed), "{format:?} {index} {plain:?}");
                }
                assert!(
                    plain.contains('a') && plain.contains('b') && plain.contains('c'),
                    "{plain}"
                );
            }
        }
        // A line break in a value doesn't end the row.
        for format in [Format::Csv, Format::Tsv] {
            assert_eq!(
                written(format, true)[0],
                "name\na\u{fffd}\u{fffd}\u{fffd}\u{fffd}b\u{fffd}c\n"
            );
        }
    }

    #[test]
    fn programs_and_files_get_data_byte_by_byte() {
        let name: String = OBEYED.into_iter().collect();
        for format in [Format::Csv, Format::Tsv] {
            let expected = format!("name\n\"a{name}b\nc\"\n");
            assert_eq!(written(format, false)[..3], [expected.clone(), expected.clone(), expected]);
        }
        let expected = json!({ "name": format!("a{name}b\nc") });
        let [one, line, list, raw] = written(Format::Json, false);
        assert!(one.contains("a\\u001b\u{7f}\u{9b}\u{202e}b\\nc"), "{one:?}");
        for text in [one, line, raw] {
            assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), expected);
        }
        assert_eq!(serde_json::from_str::<Value>(&list).unwrap(), json!({ "things": [expected] }));
    }

    #[test]
    fn json_on_a_terminal_is_the_same_json() {
        let name: String = OBEYED.into_iter().collect();
        let [one, ..] = written(Format::Json, true);
        assert_eq!(serde_json::from_str::<Value>(&one).unwrap()["name"], format!("a{name}b\nc"));
    }
}
