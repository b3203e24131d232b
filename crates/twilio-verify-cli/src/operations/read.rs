//! Reads a value of the command line as the document describes it.
//!
//! An error states what is expected and never repeats the value.

use serde_json::{Map, Number, Value};

use super::operation::{Kind, Place, Schema};
use crate::values::zone::Zone;
use crate::values::{countries, dates, texts};

/// Reads the value of a parameter. A date without an offset is in `zone`.
pub(crate) fn read(schema: &Schema, place: Place, text: &str, zone: Zone) -> Result<Value, String> {
    match &schema.kind {
        Kind::Text => self::text(schema, place, text).map(Value::String),
        Kind::Integer => integer(schema, text).map(Value::from),
        Kind::Number => number(text),
        Kind::Boolean => boolean(text).map(Value::Bool),
        Kind::Instant => instant(place, text, zone).map(Value::String),
        Kind::Country => countries::country(text).map(|country| country.to_string().into()),
        Kind::Json => json(text),
        Kind::List(items) => item(items, place, text, zone),
    }
}

/// Formats a value for a form, a query or a path.
pub(crate) fn plain(value: Value) -> String {
    match value {
        Value::String(text) => text,
        value => value.to_string(),
    }
}

fn text(schema: &Schema, place: Place, text: &str) -> Result<String, String> {
    if !schema.known.is_empty() {
        return texts::known_or_newer(&schema.known, text);
    }
    if let Some(prefix) = sid_prefix(schema) {
        return match is_sid(prefix, text) {
            true => Ok(text.to_owned()),
            false => Err(format!("expected `{prefix}` and 32 hexadecimal digits")),
        };
    }
    if place == Place::Path && ["", ".", ".."].contains(&text) {
        return Err("expected a text other than ``, `.` and `..`".to_owned());
    }
    let length = text.chars().count();
    let is_short = schema.shortest.is_some_and(|shortest| length < shortest);
    let is_long = schema.longest.is_some_and(|longest| length > longest);
    if is_short || is_long {
        let limits = limits(schema.shortest, schema.longest);
        return Err(format!("expected {limits} characters; it has {length}"));
    }
    if let Some(pattern) = &schema.pattern {
        // If a pattern can't be read, the check is left to Twilio.
        let pattern_of = regress::Regex::new(pattern);
        if pattern_of.is_ok_and(|regex| regex.find(text).is_none()) {
            return Err(format!("expected a text that matches {pattern}"));
        }
    }
    Ok(text.to_owned())
}

/// Returns the first two letters of a SID, if the schema is that of a SID.
pub(crate) fn sid_prefix(schema: &Schema) -> Option<&str> {
    let pattern = schema.pattern.as_deref()?.strip_prefix('^')?;
    pattern.strip_suffix("[0-9a-fA-F]{32}$")
}

fn is_sid(prefix: &str, text: &str) -> bool {
    text.strip_prefix(prefix)
        .is_some_and(|digits| digits.len() == 32 && digits.bytes().all(|b| b.is_ascii_hexdigit()))
}

fn integer(schema: &Schema, text: &str) -> Result<i64, String> {
    text.parse()
        .ok()
        .filter(|number| schema.minimum.is_none_or(|least| *number >= least))
        .filter(|number| schema.maximum.is_none_or(|most| *number <= most))
        .ok_or_else(|| match (schema.minimum, schema.maximum) {
            (None, None) => "expected a whole number".to_owned(),
            (least, most) => format!("expected a whole number: {}", limits(least, most)),
        })
}

fn number(text: &str) -> Result<Value, String> {
    text.parse()
        .ok()
        .and_then(Number::from_f64)
        .map(Value::Number)
        .ok_or_else(|| "expected a number".to_owned())
}

fn boolean(text: &str) -> Result<bool, String> {
    text.parse().map_err(|_| "expected true or false".to_owned())
}

/// Reads an instant, to the second. In a query it may be a duration before now.
/// Elsewhere it must be absolute, as it may be in the future.
fn instant(place: Place, text: &str, zone: Zone) -> Result<String, String> {
    let moment = match place {
        Place::Query => dates::argument(text).map_err(|error| error.to_string())?,
        Place::Path | Place::Form | Place::Json => {
            dates::absolute(text).map_err(|error| error.to_string())?
        }
    };
    Ok(Zone::Utc.rfc3339(moment.at(zone)))
}

/// Reads a JSON object, or one name of an object with its value.
fn json(text: &str) -> Result<Value, String> {
    let text = text.trim();
    if text.starts_with(['{', '[']) {
        return serde_json::from_str(text)
            .map_err(|_| "expected a JSON object, or NAME=VALUE".to_owned());
    }
    let (name, value) = texts::pair(text).map_err(|_| "expected a JSON object, or NAME=VALUE")?;
    Ok(Map::from_iter([(name, value.into_inner().into())]).into())
}

fn item(items: &Schema, place: Place, text: &str, zone: Zone) -> Result<Value, String> {
    match items.kind {
        Kind::Json => serde_json::from_str(text).map_err(|_| "expected JSON".to_owned()),
        _ => read(items, place, text, zone),
    }
}

/// Formats limits in words: `from 4 to 10`.
pub(crate) fn limits<T: std::fmt::Display>(least: Option<T>, most: Option<T>) -> String {
    match (least, most) {
        (Some(least), Some(most)) => format!("from {least} to {most}"),
        (Some(least), None) => format!("at least {least}"),
        (None, Some(most)) => format!("at most {most}"),
        (None, None) => "any number of".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{plain, read};
    use crate::operations::operation::{Kind, Place, Schema};
    use crate::values::zone::Zone;

    fn accepted(schema: &Schema, text: &str) -> serde_json::Value {
        read(schema, Place::Form, text, Zone::Utc).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    fn rejected(schema: &Schema, text: &str) -> String {
        let error = read(schema, Place::Form, text, Zone::Utc).expect_err(text);
        assert!(error.starts_with("expected") || error.contains("expected"), "{error}");
        assert!(text.len() < 5 || !error.contains(text), "{error}");
        error
    }

    #[test]
    fn an_enum_takes_newer_values_and_no_private_ones() {
        let schema =
            Schema { known: vec!["sms".into(), "cross-platform".into()], ..Schema::default() };
        assert_eq!(accepted(&schema, "SMS"), "sms");
        assert_eq!(accepted(&schema, "carrier-pigeon"), "carrier-pigeon");
        for text in ["", "+573003003030", "3003003030", "user@example.com", "a b"] {
            assert!(rejected(&schema, text).contains("sms, cross-platform"));
        }
    }

    #[test]
    fn sids_lengths_and_numbers_have_limits() {
        let sid = Schema { pattern: Some("^VA[0-9a-fA-F]{32}$".into()), ..Schema::default() };
        assert_eq!(
            accepted(&sid, &format!("VA{}", "a".repeat(32))).as_str().map(str::len),
            Some(34)
        );
        assert!(rejected(&sid, "VE12").contains("`VA`"));
        let text = Schema { shortest: Some(2), longest: Some(4), ..Schema::default() };
        assert_eq!(accepted(&text, "ñandú".get(..5).unwrap()), "ñand");
        assert!(rejected(&text, "12345").contains("from 2 to 4 characters"));
        let number = Schema {
            kind: Kind::Integer,
            minimum: Some(4),
            maximum: Some(10),
            ..Schema::default()
        };
        assert_eq!(accepted(&number, "4"), 4);
        for text in ["", "3", "11", "4.5", "+573003003030"] {
            assert!(rejected(&number, text).contains("from 4 to 10"));
        }
        let pattern = Schema { pattern: Some("^[a-z]+$".into()), ..Schema::default() };
        assert_eq!(accepted(&pattern, "abc"), "abc");
        rejected(&pattern, "123456");
    }

    #[test]
    fn a_part_of_a_path_names_no_other_resource() {
        for text in ["", ".", ".."] {
            assert!(read(&Schema::default(), Place::Path, text, Zone::Utc).is_err());
            assert_eq!(accepted(&Schema::default(), text), text);
        }
    }

    #[test]
    fn objects_are_json_or_pairs() {
        let schema = Schema { kind: Kind::Json, ..Schema::default() };
        assert_eq!(accepted(&schema, "{\"a\":1}"), json!({"a": 1}));
        assert_eq!(accepted(&schema, "a=b=c"), json!({"a": "b=c"}));
        assert_eq!(plain(accepted(&schema, "{ \"a\": 1 }")), "{\"a\":1}");
        for text in ["", "{\"a\"}", "=x", "+573003003030"] {
            rejected(&schema, text);
        }
        let list = Schema { kind: Kind::List(Box::new(schema)), ..Schema::default() };
        assert_eq!(accepted(&list, "{\"a\":1}"), json!({"a": 1}));
        rejected(&list, "a=b");
    }

    #[test]
    fn dates_countries_and_switches_are_sent_as_twilio_reads_them() {
        let of = |kind| Schema { kind, ..Schema::default() };
        let date = "2026-03-02T21:02:33Z";
        assert_eq!(accepted(&of(Kind::Instant), "2026-03-02T22:02:33.5+01:00"), date);
        assert_eq!(accepted(&of(Kind::Instant), "2026-03-02"), "2026-03-02T00:00:00Z");
        rejected(&of(Kind::Instant), "7d");
        assert!(read(&of(Kind::Instant), Place::Query, "7d", Zone::Utc).is_ok());
        assert_eq!(accepted(&of(Kind::Country), "co"), "CO");
        rejected(&of(Kind::Country), "Colombia");
        assert_eq!(plain(accepted(&of(Kind::Boolean), "true")), "true");
        rejected(&of(Kind::Boolean), "maybe");
        assert_eq!(plain(accepted(&of(Kind::Number), "0.5")), "0.5");
        rejected(&of(Kind::Number), "NaN");
    }
}
