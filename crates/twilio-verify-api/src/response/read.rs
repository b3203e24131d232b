//! Reads the body of a response. Fields that can't be understood are left out, unless callers
//! decide by them.

use std::fmt;

use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;
use serde_json::error::Category;
use serde_path_to_error::{Path, Segment};

use crate::response::field_path;
use crate::response::unread::Unread;

/// The body of a response, or an item of a list.
///
/// A field that can't be understood is absent, and is kept in the type's [`Unread`].
pub trait Received: DeserializeOwned {
    /// The fields that callers decide by, such as `sid` and `status`: if one of
    /// them can't be understood, the response can't be read.
    const DECISIVE: &'static [&'static str] = &[];

    /// Keeps the fields that can't be understood.
    fn keep(&mut self, unread: Unread);

    /// Reads JSON with a field that can't be understood.
    #[doc(hidden)]
    fn read_around(value: Value) -> Result<Self, ReadError> {
        let (mut read, unread) = around::<Self>(value, Self::DECISIVE)?;
        read.keep(Unread::new(unread));
        Ok(read)
    }

    /// Adds the paths of the fields that can't be understood.
    #[doc(hidden)]
    fn unread(&self, paths: &mut Vec<String>);
}

/// Why the body of a response can't be read. It shows nothing of the body.
#[derive(Debug)]
pub struct ReadError {
    reason: String,
    source: Option<serde_json::Error>,
}

impl ReadError {
    /// Creates the error of a body that can't be read as a `T`, with the name of the field.
    pub fn of<T: DeserializeOwned>(body: &[u8]) -> Self {
        let reader = &mut serde_json::Deserializer::from_slice(body);
        match serde_path_to_error::deserialize::<_, T>(reader) {
            Ok(_) => Self::new("it has trailing characters"),
            Err(error) => {
                let value = serde_json::from_slice(body).unwrap_or_default();
                let path = field_path::shown::<T>(error.path(), &value);
                let error = error.into_inner();
                match (error.classify(), body) {
                    (Category::Data, _) => Self::field(&path, &error),
                    (_, []) => Self { reason: "it is empty".to_owned(), source: Some(error) },
                    _ => Self { reason: format!("it is not JSON: {error}"), source: Some(error) },
                }
            }
        }
    }

    pub(crate) fn new(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), source: None }
    }

    /// Creates an error without a source, whose text would repeat what was received.
    fn field(path: &str, error: &serde_json::Error) -> Self {
        let place = if path.is_empty() { "the body" } else { path };
        Self::new(format!("{place}: {}", expectation(error)))
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl std::error::Error for ReadError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        let source = self.source.as_ref()?;
        Some(source)
    }
}

/// Reads the body of a response.
pub(crate) fn body<T: Received>(body: &[u8]) -> Result<T, ReadError> {
    let body = without_mark(body);
    // Without this check a struct could be read from an array.
    if !body.is_empty() && !is_object(body) {
        return Err(ReadError::new(match serde_json::from_slice::<IgnoredAny>(body) {
            Ok(_) => "it is JSON, but not an object",
            Err(_) => "it is not JSON",
        }));
    }
    if let Ok(read) = serde_json::from_slice(body) {
        return Ok(read);
    }
    match serde_json::from_slice(body) {
        Ok(value) => T::read_around(value),
        Err(_) => Err(ReadError::of::<T>(body)),
    }
}

/// Reads the fields of a JSON object that can be understood. Returns `None` if it isn't an object.
pub fn read_leniently<T: DeserializeOwned>(body: &[u8]) -> Option<T> {
    let value: Value = serde_json::from_slice(without_mark(body)).ok().filter(Value::is_object)?;
    around(value, &[]).ok().map(|(read, _)| read)
}

/// Returns a text without its byte order mark.
fn without_mark(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body)
}

fn is_object(body: &[u8]) -> bool {
    body.trim_ascii_start().first() == Some(&b'{')
}

/// The maximum number of fields of an object that may be left out before it is rejected.
const MOST_LEFT_OUT: usize = 64;

/// Reads a value without the fields that can't be understood, and returns these with their paths.
/// Fails if a field in `decisive` can't be understood.
pub(crate) fn around<T: DeserializeOwned>(
    mut value: Value,
    decisive: &[&str],
) -> Result<(T, Vec<(String, Value)>), ReadError> {
    let mut unread = Vec::new();
    loop {
        let error = match serde_path_to_error::deserialize::<_, T>(&value) {
            Ok(read) => return Ok((read, unread)),
            Err(error) => error,
        };
        let mut place = keys(error.path());
        let text = field_path::shown::<T>(error.path(), &value);
        let fault = |text: &str| ReadError::field(text, error.inner());
        let at = at(&mut value, &place).ok_or_else(|| fault(&text))?;
        if let Some(parsed) = parsed(at) {
            *at = parsed;
            continue;
        }
        // The path of an object that keeps unknown fields doesn't include its own fields.
        let mut text = text;
        if let Some(key) = culprit::<T>(&mut value, &place) {
            push_name(&mut text, &key);
            place.push(Key::Name(key));
        }
        let is_decisive = matches!(&*place, [Key::Name(key)] if decisive.contains(&&**key));
        if is_decisive || unread.len() == MOST_LEFT_OUT {
            return Err(fault(&text));
        }
        let left_out = remove(&mut value, &place).ok_or_else(|| fault(&text))?;
        unread.push((text, left_out));
    }
}

/// A step of a path.
#[derive(Clone, PartialEq)]
enum Key {
    Name(String),
    Index(usize),
}

fn keys(path: &Path) -> Vec<Key> {
    let keys = path.iter().map_while(|segment| match segment {
        Segment::Map { key } => Some(Key::Name(key.clone())),
        Segment::Seq { index } => Some(Key::Index(*index)),
        Segment::Enum { .. } | Segment::Unknown => None,
    });
    keys.collect()
}

fn at<'a>(value: &'a mut Value, place: &[Key]) -> Option<&'a mut Value> {
    place.iter().try_fold(value, |value, key| match key {
        Key::Name(name) => value.get_mut(name),
        Key::Index(index) => value.get_mut(index),
    })
}

fn remove(value: &mut Value, place: &[Key]) -> Option<Value> {
    let (last, parent) = place.split_last()?;
    match (at(value, parent)?, last) {
        (Value::Object(object), Key::Name(name)) => object.remove(name),
        (Value::Array(array), Key::Index(index)) => {
            (*index < array.len()).then(|| array.remove(*index))
        }
        _ => None,
    }
}

/// Parses the object or list in a text: older versions of the API write some fields as text.
fn parsed(value: &Value) -> Option<Value> {
    let text = value.as_str()?.trim_start();
    let is_json = text.starts_with(['{', '[']);
    is_json.then(|| serde_json::from_str(text).ok()).flatten()
}

/// Returns the field of the object at that place that must be removed to read the object.
fn culprit<T: DeserializeOwned>(value: &mut Value, place: &[Key]) -> Option<String> {
    let names: Vec<String> = at(value, place)?.as_object()?.keys().cloned().collect();
    if names.len() > MOST_LEFT_OUT {
        return None;
    }
    names.into_iter().find(|name| {
        let Some(field) = at(value, place).and_then(Value::as_object_mut) else {
            return false;
        };
        let Some(removed) = field.remove(name) else {
            return false;
        };
        let better = match serde_path_to_error::deserialize::<_, T>(&*value) {
            Ok(_) => true,
            Err(error) => keys(error.path()) != place,
        };
        if let Some(field) = at(value, place).and_then(Value::as_object_mut) {
            field.insert(name.clone(), removed);
        }
        better
    })
}

/// Appends the name of a field to a path.
fn push_name(path: &mut String, name: &str) {
    let is_name = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'_';
    if !path.is_empty() {
        path.push('.');
    }
    path.push_str(if name.bytes().all(is_name) { name } else { "…" });
}

/// Returns what was expected, without what was received. The message of a custom error may repeat
/// what was received, and is left out.
fn expectation(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rsplit_once(", expected ") {
        Some((_, expected)) => format!("expected {expected}"),
        None if text.starts_with("missing field") || text.starts_with("duplicate field") => text,
        None if error.line() == 0 => "invalid value".to_owned(),
        None => format!("invalid value at line {} column {}", error.line(), error.column()),
    }
}
