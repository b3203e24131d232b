//! JSON: exactly one value.

use std::io;

use serde_json::Value;

use super::{Resource, Sink, columns};

/// Writes one resource, a field a line.
pub(crate) fn one<T: Resource>(out: Sink<'_>, resource: &T) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &whole(resource, &columns::names::<T>())?)?;
    writeln!(out)
}

/// Writes one resource on a line.
pub(crate) fn line<T: Resource>(out: Sink<'_>, resource: &T) -> io::Result<()> {
    serde_json::to_writer(&mut *out, &whole(resource, &columns::names::<T>())?)?;
    writeln!(out)
}

/// A list, a resource a line. It is written as it comes: if a later page can't
/// be had, what stands on stdout is no JSON, and no reader takes a part for
/// the whole.
pub(crate) struct List<'a> {
    out: Sink<'a>,
    is_empty: bool,
}

impl<'a> List<'a> {
    /// Writes what comes before the resources.
    pub(crate) fn begin(out: Sink<'a>, plural: &str) -> io::Result<Self> {
        write!(out, "{{\"{plural}\":[")?;
        Ok(Self {
            out,
            is_empty: true,
        })
    }

    /// Writes a page.
    pub(crate) fn page<T: Resource>(&mut self, items: &[T]) -> io::Result<()> {
        let names = columns::names::<T>();
        for item in items {
            self.out
                .write_all(if self.is_empty { b"\n" } else { b",\n" })?;
            self.is_empty = false;
            serde_json::to_writer(&mut *self.out, &whole(item, &names)?)?;
        }
        self.out.flush()
    }

    /// Writes what comes after the resources.
    pub(crate) fn end(self) -> io::Result<()> {
        writeln!(self.out, "{}]}}", if self.is_empty { "" } else { "\n" })?;
        self.out.flush()
    }
}

/// A resource with all its fields: those that an answer left out are null, as
/// the API itself writes them.
fn whole<T: Resource>(resource: &T, names: &[String]) -> io::Result<Value> {
    let mut value = serde_json::to_value(resource)?;
    if let Value::Object(fields) = &mut value {
        for name in names {
            if !fields.contains_key(name) {
                fields.insert(name.clone(), Value::Null);
            }
        }
    }
    Ok(value)
}
