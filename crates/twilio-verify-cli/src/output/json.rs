//! Writes resources as JSON.

use std::io;

use serde_json::Value;

use super::properties;
use super::shape::Shape;
use super::sink::Sink;
use crate::values::clean;

/// Writes one resource, a field per line.
pub(super) fn one(out: Sink<'_>, cleaned: bool, shape: &Shape, resource: Value) -> io::Result<()> {
    text(out, cleaned, &format!("{:#}\n", whole(shape, resource)))
}

/// Writes one resource on a line.
pub(super) fn line(out: Sink<'_>, cleaned: bool, shape: &Shape, resource: Value) -> io::Result<()> {
    text(out, cleaned, &format!("{}\n", whole(shape, resource)))
}

/// Writes JSON. If it is `cleaned`, characters that control a terminal are escaped.
pub(super) fn text(out: Sink<'_>, cleaned: bool, json: &str) -> io::Result<()> {
    match cleaned {
        true => out.write_all(clean::json(json).as_bytes()),
        false => out.write_all(json.as_bytes()),
    }
}

/// A list, with a resource per line. It is written as it arrives: if a later
/// page can't be fetched, the output is not valid JSON, so that no reader
/// mistakes a part for the whole.
pub(super) struct List<'a> {
    out: Sink<'a>,
    cleaned: bool,
    is_empty: bool,
}

impl<'a> List<'a> {
    /// Writes what precedes the resources.
    pub(super) fn begin(out: Sink<'a>, cleaned: bool, shape: &Shape) -> io::Result<Self> {
        write!(out, "{{\"{}\":[", shape.plural)?;
        Ok(Self { out, cleaned, is_empty: true })
    }

    /// Writes a page.
    pub(super) fn page(&mut self, shape: &Shape, items: Vec<Value>) -> io::Result<()> {
        for item in items {
            self.out.write_all(if self.is_empty { b"\n" } else { b",\n" })?;
            self.is_empty = false;
            text(self.out, self.cleaned, &whole(shape, item).to_string())?;
        }
        self.out.flush()
    }

    /// Writes what follows the resources.
    pub(super) fn end(self) -> io::Result<()> {
        writeln!(self.out, "{}]}}", if self.is_empty { "" } else { "\n" })?;
        self.out.flush()
    }
}

/// Returns a resource with all fields of its shape, or only the chosen ones.
/// Fields that the response lacks are null, as the API itself writes them.
fn whole(shape: &Shape, mut resource: Value) -> Value {
    if let Some(chosen) = &shape.chosen {
        return properties::keep(&resource, chosen);
    }
    if let Value::Object(fields) = &mut resource {
        for name in shape.names() {
            if !fields.contains_key(name) {
                fields.insert(name.to_owned(), Value::Null);
            }
        }
    }
    resource
}
