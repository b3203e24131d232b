//! Reads texts: known values, private values, pairs and JSON.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::ffi::OsStr;
use std::str::FromStr;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Arg, Command};
use serde_json::Value;
use twilio_verify::{Redacted, UnknownValueError};

/// Returns a parser for the values that this version knows.
pub(crate) fn known<T>(values: &'static [&'static str]) -> impl TypedValueParser<Value = T>
where
    T: FromStr<Err = UnknownValueError> + Clone + Send + Sync + 'static,
{
    PossibleValuesParser::new(values).try_map(|value| value.parse::<T>())
}

/// Returns a parser for the values that this version knows, or newer ones.
pub(crate) fn open<T>(values: &'static [&'static str], newer: fn(String) -> T) -> Open<T>
where
    T: FromStr<Err = UnknownValueError> + Clone + Send + Sync + 'static,
{
    Open { values, newer }
}

/// Reads a value of an enum that Twilio adds values to. The known values are
/// hints for the help and for completions.
#[derive(Clone)]
pub(crate) struct Open<T> {
    values: &'static [&'static str],
    newer: fn(String) -> T,
}

impl<T> TypedValueParser for Open<T>
where
    T: FromStr<Err = UnknownValueError> + Clone + Send + Sync + 'static,
{
    type Value = T;

    fn parse_ref(
        &self,
        command: &Command,
        argument: Option<&Arg>,
        value: &OsStr,
    ) -> Result<T, clap::Error> {
        let Self { values, newer } = self.clone();
        let read = move |text: &str| {
            let value = known_or_newer(values, text)?;
            Ok::<T, String>(value.parse().unwrap_or_else(|_| newer(value)))
        };
        read.parse_ref(command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(self.values.iter().map(PossibleValue::new)))
    }
}

/// Reads one of the known values, in any case, or a newer one. Rejects a text
/// that can't be the name of a value, such as a phone number.
pub(crate) fn known_or_newer<S: AsRef<str>>(known: &[S], text: &str) -> Result<String, String> {
    let mut all = known.iter().map(AsRef::as_ref);
    if let Some(known) = all.find(|known| known.eq_ignore_ascii_case(text)) {
        return Ok(known.to_owned());
    }
    let is_name = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
    let all: Vec<&str> = known.iter().map(AsRef::as_ref).collect();
    match is_name {
        true => Ok(text.to_owned()),
        false => Err(format!(
            "expected one of {}, or another value of letters, digits, `-`, `_` and `.`",
            all.join(", ")
        )),
    }
}

/// Reads a number, an address or a secret, which `Debug` doesn't show. The
/// client checks it.
pub(crate) fn private(text: &str) -> Result<Redacted<String>, Infallible> {
    Ok(Redacted::new(text.to_owned()))
}

/// Rejects a secret that begins or ends with white space or a line break, as files and clipboards
/// add it: the server would only say that it is wrong.
pub(crate) fn complete(secret: &str) -> Result<(), &'static str> {
    let is_space = |c: char| c.is_whitespace() || c.is_control();
    match (secret.starts_with(is_space), secret.ends_with(is_space)) {
        (_, true) => Err("it ends with white space or a line break; remove it"),
        (true, false) => Err("it begins with white space or a line break; remove it"),
        (false, false) => Ok(()),
    }
}

/// A name and its value.
pub(crate) type Pair = (String, Redacted<String>);

/// Reads a name and its value.
pub(crate) fn pair(text: &str) -> Result<Pair, &'static str> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => {
            Ok((name.to_owned(), Redacted::new(value.to_owned())))
        }
        _ => Err("expected NAME=VALUE"),
    }
}

/// The names and values of a JSON object, or of one `NAME=VALUE`.
#[derive(Clone, Debug)]
pub(crate) struct Pairs(pub(crate) Vec<Pair>);

/// Reads a name and its value, or a JSON object of texts.
pub(crate) fn fields(text: &str) -> Result<Pairs, &'static str> {
    const EXPECTED: &str = "expected NAME=VALUE, or a JSON object of texts";
    if !text.trim_start().starts_with('{') {
        let pair = pair(text).map_err(|_| EXPECTED)?;
        return Ok(Pairs(vec![pair]));
    }
    let object: BTreeMap<String, String> = serde_json::from_str(text).map_err(|_| EXPECTED)?;
    let pairs = object.into_iter().map(|(name, value)| (name, Redacted::new(value)));
    Ok(Pairs(pairs.collect()))
}

/// Reads JSON, which `Debug` doesn't show.
pub(crate) fn json(text: &str) -> Result<Redacted<Value>, &'static str> {
    serde_json::from_str(text).map(Redacted::new).map_err(|_| "expected JSON")
}

/// Reads a JSON object.
pub(crate) fn object(text: &str) -> Result<Value, &'static str> {
    serde_json::from_str(text).ok().filter(Value::is_object).ok_or("expected a JSON object")
}

#[cfg(test)]
mod tests {
    use super::{fields, object, pair};

    #[test]
    fn a_pair_has_a_name() {
        let (name, value) = pair("team=a=b&c").unwrap();
        assert_eq!((&*name, &**value.expose()), ("team", "a=b&c"));
        assert!(pair("team=").unwrap().1.expose().is_empty());
        for text in ["", "=", "=x", "+573003003030"] {
            assert_eq!(pair(text), Err("expected NAME=VALUE"));
        }
    }

    #[test]
    fn fields_are_a_pair_or_an_object_of_texts() {
        assert_eq!(fields("a=1").unwrap().0.len(), 1);
        assert_eq!(fields("{\"a\": \"1\", \"b\": \"2\"}").unwrap().0.len(), 2);
        for text in ["", "{", "{\"a\": 1}", "[1]", "+573003003030"] {
            assert!(fields(text).is_err(), "{text}");
        }
    }

    #[test]
    fn an_object_is_a_json_object() {
        assert!(object("{\"sms\": {}}").is_ok());
        for text in ["", "[]", "1", "{\"a\"}", "null"] {
            assert!(object(text).is_err(), "{text}");
        }
    }
}
