//! Instants as Twilio writes and reads them.

use chrono::{DateTime, Datelike, NaiveDateTime, SecondsFormat, TimeZone, Utc};
use serde::de::{Error, Unexpected};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::check;
use crate::response::lenient::{Lenient, text};

/// An instant that is sent: GMT, to the second, `2022-03-02T21:02:33Z`. A
/// fraction of a second is cut off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema), schemars(transparent))]
pub struct GmtDateTime(DateTime<Utc>);

impl GmtDateTime {
    fn text(self) -> String {
        self.0.to_rfc3339_opts(SecondsFormat::Secs, true)
    }
}

impl<Tz: TimeZone> From<DateTime<Tz>> for GmtDateTime {
    fn from(date: DateTime<Tz>) -> Self {
        Self(date.with_timezone(&Utc))
    }
}

impl check::Value for GmtDateTime {
    fn fault(&self) -> Option<String> {
        let writable = (0..=9999).contains(&self.0.year());
        (!writable).then(|| "the year must have four digits".to_owned())
    }
}

impl std::fmt::Display for GmtDateTime {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(&self.text())
    }
}

impl Serialize for GmtDateTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text())
    }
}

impl<'de> Deserialize<'de> for GmtDateTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        DateTime::deserialize(deserializer).map(Self)
    }
}

/// Reads an instant in any of the ways in which Twilio writes one: ISO 8601
/// (`2022-03-02T21:02:33Z`), RFC 2822 (`Wed, 02 Mar 2022 21:02:33 +0000`), or
/// ISO 8601 without an offset, which is GMT.
pub fn parse_date(text: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(text)
        .or_else(|_| DateTime::parse_from_rfc2822(text))
        .map(|date| date.with_timezone(&Utc))
        .or_else(|_| {
            NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f").map(|date| date.and_utc())
        })
        .ok()
        // Later ones can't be written in any of these ways.
        .filter(|date| (0..=9999).contains(&date.year()))
}

impl<'de> Lenient<'de> for DateTime<Utc> {
    fn lenient<D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        let text = text(deserializer)?;
        let Some(text) = text.as_deref().map(str::trim).filter(|text| !text.is_empty()) else {
            return Ok(None);
        };
        let error = || {
            let expected = &"a date of ISO 8601 or RFC 2822";
            D::Error::invalid_value(Unexpected::Other("text"), expected)
        };
        parse_date(text).map(Some).ok_or_else(error)
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::{GmtDateTime, parse_date};

    #[test]
    fn an_offset_and_a_fraction_are_resolved_before_sending() {
        let date = DateTime::parse_from_rfc3339("2022-03-02T23:02:33.987+02:00").unwrap();
        assert_eq!(GmtDateTime::from(date).to_string(), "2022-03-02T21:02:33Z");
    }

    #[test]
    fn all_ways_to_write_an_instant_are_one() {
        let date = parse_date("2022-03-02T21:02:33Z").unwrap();
        for text in [
            "Wed, 02 Mar 2022 21:02:33 +0000",
            "Wed, 02 Mar 2022 21:02:33 GMT",
            "2022-03-02T21:02:33",
            "2022-03-02T22:02:33+01:00",
            "2022-03-02T21:02:33.000Z",
        ] {
            assert_eq!(parse_date(text), Some(date), "{text}");
        }
        assert_eq!(parse_date("yesterday"), None);
    }
}
