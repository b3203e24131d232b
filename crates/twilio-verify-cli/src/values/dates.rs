//! Instants: a date, a day, or a duration before now.

use std::fmt;
use std::sync::OnceLock;

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeDelta, Utc};
use twilio_verify::parse_date;

/// Why a text is not an instant. Doesn't repeat the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DateError {
    /// Empty, or white space.
    Empty,
    /// Begins with a dash: a negative duration, or the next flag.
    Dash,
    /// Not a day of the calendar.
    NoSuchDay,
    /// The year doesn't have four digits.
    OutOfRange,
    /// Anything else.
    Unreadable,
}

impl fmt::Display for DateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fault = match self {
            Self::Empty => "it is empty",
            Self::Dash => "it begins with `-`, and 7d is already 7 days ago",
            Self::NoSuchDay => "the calendar has no such day",
            Self::OutOfRange => "its year is not within 0 to 9999",
            Self::Unreadable => "it is not in a known format",
        };
        write!(
            f,
            "{fault}; expected a date such as 2026-03-02T21:02:33Z, a day such as 2026-03-02, or \
             a duration before now, such as 7d, 12h or 30m"
        )
    }
}

impl std::error::Error for DateError {}

/// Why a text is not an instant of its own. Doesn't repeat the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct AbsoluteError;

impl fmt::Display for AbsoluteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected a date such as 2026-03-02T21:02:33Z, or a day such as 2026-03-02")
    }
}

impl std::error::Error for AbsoluteError {}

/// Reads an instant: RFC 3339 or RFC 2822; a day, which is its midnight in
/// UTC; or a duration before `now`.
pub(crate) fn parse(text: &str, now: DateTime<Utc>) -> Result<DateTime<Utc>, DateError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(DateError::Empty);
    }
    if text.starts_with('-') {
        return Err(DateError::Dash);
    }
    let date = if is_day(text) {
        let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").map_err(|_| DateError::NoSuchDay)?;
        day.and_time(NaiveTime::MIN).and_utc()
    } else if let Some(date) = parse_date(text) {
        date
    } else {
        ago(text, now)?
    };
    if (0..=9999).contains(&date.year()) { Ok(date) } else { Err(DateError::OutOfRange) }
}

/// Reads an instant, relative to the start of the command.
pub(crate) fn argument(text: &str) -> Result<DateTime<Utc>, DateError> {
    parse(text, started())
}

/// Reads an instant that is not relative to another.
pub(crate) fn absolute(text: &str) -> Result<DateTime<Utc>, AbsoluteError> {
    match humantime::parse_duration(text.trim()) {
        Ok(_) => Err(AbsoluteError),
        Err(_) => argument(text).map_err(|_| AbsoluteError),
    }
}

/// The start of the command: one instant, so that `7d` is the same for every
/// flag.
pub(crate) fn started() -> DateTime<Utc> {
    static STARTED: OnceLock<DateTime<Utc>> = OnceLock::new();
    *STARTED.get_or_init(Utc::now)
}

/// Whether a text has the form of a day, `2026-03-02`.
fn is_day(text: &str) -> bool {
    text.len() == 10
        && text.bytes().enumerate().all(|(index, byte)| match index {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        })
}

fn ago(text: &str, now: DateTime<Utc>) -> Result<DateTime<Utc>, DateError> {
    let duration = humantime::parse_duration(text).map_err(|error| match error {
        humantime::DurationError::NumberOverflow => DateError::OutOfRange,
        _ => DateError::Unreadable,
    })?;
    TimeDelta::from_std(duration)
        .ok()
        .and_then(|delta| now.checked_sub_signed(delta))
        .ok_or(DateError::OutOfRange)
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeZone, Utc};

    use super::{DateError, parse};

    fn now() -> DateTime<Utc> {
        Utc.with_ymd_and_hms(2026, 3, 2, 21, 2, 33).unwrap()
    }

    fn read(text: &str) -> Result<String, DateError> {
        parse(text, now()).map(|date| date.to_rfc3339_opts(chrono::SecondsFormat::Secs, true))
    }

    #[test]
    fn dates_days_and_durations() {
        for (text, expected) in [
            ("2026-03-02T21:02:33Z", "2026-03-02T21:02:33Z"),
            ("2026-03-02T12:00:00+02:00", "2026-03-02T10:00:00Z"),
            ("Mon, 02 Mar 2026 21:02:33 +0000", "2026-03-02T21:02:33Z"),
            ("2026-03-02T21:02:33", "2026-03-02T21:02:33Z"),
            ("2026-03-02", "2026-03-02T00:00:00Z"),
            ("2024-02-29", "2024-02-29T00:00:00Z"),
            (" 2026-03-02 ", "2026-03-02T00:00:00Z"),
            ("7d", "2026-02-23T21:02:33Z"),
            ("2w", "2026-02-16T21:02:33Z"),
            ("12h", "2026-03-02T09:02:33Z"),
            ("30m", "2026-03-02T20:32:33Z"),
            ("1d12h", "2026-03-01T09:02:33Z"),
            ("0s", "2026-03-02T21:02:33Z"),
        ] {
            assert_eq!(read(text).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn a_text_that_is_not_an_instant_is_rejected() {
        for (text, error) in [
            ("", DateError::Empty),
            ("  ", DateError::Empty),
            ("-7d", DateError::Dash),
            ("--country", DateError::Dash),
            ("2026-02-30", DateError::NoSuchDay),
            ("2026-13-01", DateError::NoSuchDay),
            ("yesterday", DateError::Unreadable),
            ("7", DateError::Unreadable),
            ("7x", DateError::Unreadable),
            ("02/03/2026", DateError::Unreadable),
            ("2026-03-02 ~", DateError::Unreadable),
            ("2026-03-02T25:00:00Z", DateError::Unreadable),
            ("\u{661}d", DateError::Unreadable),
            ("3000y", DateError::OutOfRange),
            ("300000000y", DateError::OutOfRange),
            ("99999999999999999999d", DateError::OutOfRange),
            ("18446744073709551615s", DateError::OutOfRange),
            ("9223372036854775807s", DateError::OutOfRange),
        ] {
            assert_eq!(read(text), Err(error), "{text}");
        }
    }

    #[test]
    fn the_earliest_and_latest_dates_do_not_overflow() {
        for now in [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC] {
            for text in ["1s", "2w", "200000y"] {
                let _ = parse(text, now);
            }
        }
    }

    #[test]
    fn an_error_names_the_remedy_and_not_the_text() {
        let error = parse("+573003003030", now()).expect_err("rejected");
        assert!(error.to_string().contains("7d"), "{error}");
        assert!(!error.to_string().contains("5730"), "{error}");
    }
}
