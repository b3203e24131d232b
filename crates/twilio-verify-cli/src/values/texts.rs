//! Texts: known values, private values, pairs and JSON.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::str::FromStr;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use serde_json::Value;
use twilio_verify::{Redacted, UnknownValueError};

/// One of the values that this version knows.
pub(crate) fn known<T>(values: &'static [&'static str]) -> impl TypedValueParser<Value = T>
where
    T: FromStr<Err = UnknownValueError> + Clone + Send + Sync + 'static,
{
    PossibleValuesParser::new(values).try_map(|value| value.parse::<T>())
}

/// A number, an address or a secret, which `Debug` doesn't show. The client
/// checks it.
pub(crate) fn private(text: &str) -> Result<Redacted<String>, Infallible> {
    Ok(Redacted::new(text.to_owned()))
}

/// Rejects a secret with white space or a line break at an end, as files and clipboards add it: the
/// server would only say that it is wrong.
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
