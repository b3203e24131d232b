//! Texts: known values, private values, pairs and JSON.

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

/// Reads a JSON object.
pub(crate) fn object(text: &str) -> Result<Value, &'static str> {
    serde_json::from_str(text)
        .ok()
        .filter(Value::is_object)
        .ok_or("expected a JSON object")
}

#[cfg(test)]
mod tests {
    use super::{object, pair};

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
    fn an_object_is_a_json_object() {
        assert!(object("{\"sms\": {}}").is_ok());
        for text in ["", "[]", "1", "{\"a\"}", "null"] {
            assert!(object(text).is_err(), "{text}");
        }
    }
}
