//! Instants as Twilio writes and reads them.

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, SecondsFormat, TimeDelta, TimeZone, Utc};
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

impl check::Blank for GmtDateTime {
    fn blank() -> Self {
        Self(DateTime::<Utc>::MIN_UTC)
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

/// Reads an instant in any form of ISO 8601 (`2022-03-02T21:02:33Z`, `2022-03-02 21:02:33+0000`,
/// `20220302T210233Z`), in that of RFC 2822 (`Wed, 02 Mar 2022 21:02:33 +0000`), or as Unix time in
/// seconds or milliseconds. Without an offset it is in GMT; a date alone is its midnight.
pub fn parse_date(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    DateTime::parse_from_rfc3339(text)
        .or_else(|_| DateTime::parse_from_rfc2822(text))
        .map(|date| date.with_timezone(&Utc))
        .ok()
        .or_else(|| unix_time(text))
        .or_else(|| iso_8601(text))
        // Dates outside of this range can't be written in these forms.
        .filter(|date| (0..=9999).contains(&date.year()))
}

/// Reads seconds (9 or 10 digits) or milliseconds (13 digits) since 1970.
fn unix_time(text: &str) -> Option<DateTime<Utc>> {
    let whole = text.split('.').next().unwrap_or_default();
    if !text.bytes().all(|c| c.is_ascii_digit() || c == b'.') {
        return None;
    }
    match whole.len() {
        9..=10 => {
            let seconds: f64 = text.parse().ok()?;
            // This is exact to the microsecond.
            #[allow(clippy::cast_possible_truncation, reason = "it has at most 10 digits")]
            DateTime::from_timestamp_micros((seconds * 1e6).round() as i64)
        }
        13 => DateTime::from_timestamp_millis(whole.parse().ok()?),
        _ => None,
    }
}

/// Reads the forms of ISO 8601 that RFC 3339 leaves out.
fn iso_8601(text: &str) -> Option<DateTime<Utc>> {
    const DATES: [&str; 6] = ["%Y-%m-%d", "%Y%m%d", "%Y-%j", "%Y%j", "%G-W%V-%u", "%GW%V%u"];
    const TIMES: [&str; 4] = ["%H:%M:%S%.f", "%H%M%S%.f", "%H:%M", "%H%M"];
    let (date, time) = text.split_once(['T', 't', ' ']).unwrap_or((text, "00:00"));
    let date = DATES.iter().find_map(|format| NaiveDate::parse_from_str(date, format).ok())?;
    let time = time.trim();
    let (time, offset) = match time.find(['Z', 'z', '+', '-', '\u{2212}']) {
        Some(place) => (&time[..place], offset(&time[place..])?),
        None => (time, TimeDelta::zero()),
    };
    let time = time.trim_end().replace(',', ".");
    let time = TIMES.iter().find_map(|format| NaiveTime::parse_from_str(&time, format).ok())?;
    date.and_time(time).and_utc().checked_sub_signed(offset)
}

/// Reads the offset of a time: `Z`, `+01`, `+0100` or `+01:00`.
fn offset(text: &str) -> Option<TimeDelta> {
    if text.eq_ignore_ascii_case("z") {
        return Some(TimeDelta::zero());
    }
    let sign = if text.starts_with('+') { 1 } else { -1 };
    let digits = text.trim_start_matches(['+', '-', '\u{2212}']).replace(':', "");
    let is_valid = matches!(digits.len(), 2 | 4) && digits.bytes().all(|c| c.is_ascii_digit());
    let digits: i64 = is_valid.then(|| format!("{digits:0<4}").parse().ok()).flatten()?;
    Some(TimeDelta::minutes(sign * (digits / 100 * 60 + digits % 100)))
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
            "2022-03-02T21:02:33+0000",
            "2022-03-02T21:02:33+00",
            "2022-03-02T19:02:33-0200",
            "2022-03-02 21:02:33",
            "2022-03-02 21:02:33 +0000",
            "2022-03-02 21:02:33Z",
            "2022-03-02T21:02:33,000Z",
            "20220302T210233Z",
            "20220302T220233+0100",
            "2022-061T21:02:33Z",
            "2022-W09-3T21:02:33Z",
            "1646254953",
            "1646254953.0",
            "1646254953000",
        ] {
            assert_eq!(parse_date(text), Some(date), "{text}");
        }
        let midnight = parse_date("2022-03-02T00:00:00Z").unwrap();
        assert_eq!(parse_date("2022-03-02"), Some(midnight));
        assert_eq!(parse_date("2022-03-02T00:00"), Some(midnight));
        for text in ["yesterday", "", "2022", "573003003030303", "2022-03-02T21:02:33+1", "T", "-"]
        {
            assert_eq!(parse_date(text), None, "{text}");
        }
    }
}
