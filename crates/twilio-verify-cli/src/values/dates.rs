//! Reads instants: a date, a day, a month, or a time before now.

use std::fmt;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use twilio_verify::parse_date;

use super::zone::Zone;

/// The forms of an instant, for the help of a command.
pub(crate) const FORMS: &str = "\
A DATE is one of:
  2026-03-02T21:02:33Z        RFC 3339, RFC 2822, or another form of ISO 8601
  2026-03-02 10:00            without an offset: in UTC, or with --local in this machine's zone
  2026-03-02, 2026-03         the first instant of a day or a month, in the same zone
  now, today, yesterday       today and yesterday are the first instants of these days
  30m, 12h, 7d, 2w, 7d ago    a duration before now";

/// The reason why a text is not an instant. It doesn't repeat the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DateError {
    /// The text is empty, or white space.
    Empty,
    /// The text begins with a dash: a negative duration, or the next flag.
    Dash,
    /// The calendar doesn't have the day.
    NoSuchDay,
    /// The year is not within 0 to 9999.
    OutOfRange,
    /// The text is not in a known format.
    Unreadable,
}

impl fmt::Display for DateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fault = match self {
            Self::Empty => "it is empty",
            Self::Dash => "it begins with `-`, and 7d is already 7 days ago",
            Self::NoSuchDay => "the calendar has no such day or month",
            Self::OutOfRange => "its year is not within 0 to 9999",
            Self::Unreadable => "it is not in a known format",
        };
        write!(
            f,
            "{fault}; expected a date such as 2026-03-02T21:02:33Z or `2026-03-02 10:00`, a day \
             such as 2026-03-02, a month such as 2026-03, now, today, yesterday, or a duration \
             before now, such as 7d, 12h or 30m"
        )
    }
}

impl std::error::Error for DateError {}

/// The error for a text that is not an absolute instant. It doesn't repeat the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct AbsoluteError;

impl fmt::Display for AbsoluteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "expected a date such as 2026-03-02T21:02:33Z or `2026-03-02 10:00`, or a day such as \
             2026-03-02",
        )
    }
}

impl std::error::Error for AbsoluteError {}

/// An instant, for which the zone may still be missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Moment {
    /// A date with an offset, or Unix time.
    Instant(DateTime<Utc>),
    /// The time that clocks show.
    Wall(NaiveDateTime),
    /// Now, or a duration before it.
    Before(DateTime<Utc>),
    /// The start of the day that is N days before the day of an instant.
    Day(DateTime<Utc>, u8),
}

impl Moment {
    /// Returns the instant, in a zone.
    pub(crate) fn at(self, zone: Zone) -> DateTime<Utc> {
        match self {
            Self::Instant(date) | Self::Before(date) => date,
            Self::Wall(wall) => zone.instant(wall),
            Self::Day(now, before) => {
                let today = zone.wall(now).date();
                let day = today.checked_sub_days(Days::new(before.into())).unwrap_or(today);
                zone.instant(day.and_time(NaiveTime::MIN))
            }
        }
    }
}

/// Reads an instant: a date in any form of ISO 8601, or RFC 2822; a day or a
/// month, which is its first instant; `today` and `yesterday`, relative to
/// `now`; or a duration before it.
pub(crate) fn parse(text: &str, now: DateTime<Utc>) -> Result<Moment, DateError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(DateError::Empty);
    }
    if text.starts_with('-') {
        return Err(DateError::Dash);
    }
    let moment = match text.to_ascii_lowercase().as_str() {
        "now" => Moment::Before(now),
        "today" => Moment::Day(now, 0),
        "yesterday" => Moment::Day(now, 1),
        _ if is_day(text) => day(text)?,
        _ if is_month(text) => day(&format!("{text}-01"))?,
        _ => match parse_date(text) {
            Some(date) if is_wall(text) => Moment::Wall(date.naive_utc()),
            Some(date) => Moment::Instant(date),
            None => Moment::Before(ago(text, now)?),
        },
    };
    let year = moment.at(Zone::Utc).year();
    if (0..=9999).contains(&year) { Ok(moment) } else { Err(DateError::OutOfRange) }
}

/// Reads an instant, relative to the start of the command.
pub(crate) fn argument(text: &str) -> Result<Moment, DateError> {
    let moment = parse(text, started())?;
    if matches!(moment, Moment::Before(_) | Moment::Day(..)) {
        now();
    }
    Ok(moment)
}

/// Reads an absolute instant.
pub(crate) fn absolute(text: &str) -> Result<Moment, AbsoluteError> {
    match argument(text) {
        Ok(moment @ (Moment::Instant(_) | Moment::Wall(_))) => Ok(moment),
        _ => Err(AbsoluteError),
    }
}

/// Returns the start of the command: always the same instant, so that `7d`
/// means the same in every flag.
pub(crate) fn started() -> DateTime<Utc> {
    static STARTED: OnceLock<DateTime<Utc>> = OnceLock::new();
    *STARTED.get_or_init(Utc::now)
}

/// Whether the command depends on the present.
static IS_RELATIVE: AtomicBool = AtomicBool::new(false);

/// Returns the start of the command, and records that the command depends on the present, which may
/// be wrong on this machine.
pub(crate) fn now() -> DateTime<Utc> {
    IS_RELATIVE.store(true, Ordering::Relaxed);
    started()
}

/// Whether the command depends on the present.
pub(crate) fn is_relative() -> bool {
    IS_RELATIVE.load(Ordering::Relaxed)
}

/// Whether a text has the form of a day, `2026-03-02`.
fn is_day(text: &str) -> bool {
    has_form(text, "0000-00-00")
}

/// Whether a text has the form of a month, `2026-03`.
fn is_month(text: &str) -> bool {
    has_form(text, "0000-00")
}

/// Whether a text has digits where a form has zeros, and is the same elsewhere.
fn has_form(text: &str, form: &str) -> bool {
    text.len() == form.len()
        && text.bytes().zip(form.bytes()).all(|(byte, form)| match form {
            b'0' => byte.is_ascii_digit(),
            form => byte == form,
        })
}

fn day(text: &str) -> Result<Moment, DateError> {
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").map_err(|_| DateError::NoSuchDay)?;
    Ok(Moment::Wall(day.and_time(NaiveTime::MIN)))
}

/// Whether a date has no offset, but could have one.
fn is_wall(text: &str) -> bool {
    // Dates of RFC 2822 have an offset, or are in UTC.
    if text.contains(|c: char| c.is_ascii_alphabetic() && !['T', 't', 'W'].contains(&c)) {
        return false;
    }
    let with_time = match text.contains(['T', 't', ' ']) {
        true => text.to_owned(),
        false => format!("{text}T00:00"),
    };
    parse_date(&format!("{with_time}Z")).is_some()
}

/// Reads a duration before `now`: `7d`, or `7d ago`.
fn ago(text: &str, now: DateTime<Utc>) -> Result<DateTime<Utc>, DateError> {
    let lower = text.to_ascii_lowercase();
    let duration = match lower.strip_suffix("ago") {
        Some(duration) => duration.trim_end(),
        None => text,
    };
    let duration = humantime::parse_duration(duration).map_err(|error| match error {
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
    use chrono::{DateTime, SecondsFormat, TimeZone, Utc};

    use super::{DateError, Moment, Zone, absolute, parse};

    fn now() -> DateTime<Utc> {
        Utc.with_ymd_and_hms(2026, 3, 2, 21, 2, 33).unwrap()
    }

    fn read(text: &str) -> Result<String, DateError> {
        let moment = parse(text, now())?;
        Ok(moment.at(Zone::Utc).to_rfc3339_opts(SecondsFormat::Secs, true))
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
            ("now", "2026-03-02T21:02:33Z"),
            ("NOW", "2026-03-02T21:02:33Z"),
            ("today", "2026-03-02T00:00:00Z"),
            ("Yesterday", "2026-03-01T00:00:00Z"),
            ("2026-03", "2026-03-01T00:00:00Z"),
            ("2026-03-02 10:00", "2026-03-02T10:00:00Z"),
            ("2026-03-02T10:00", "2026-03-02T10:00:00Z"),
            ("2026-03-02 10:00:30", "2026-03-02T10:00:30Z"),
            ("2026-03-02 10:00Z", "2026-03-02T10:00:00Z"),
            ("2026-03-02 10:00+02:00", "2026-03-02T08:00:00Z"),
            ("20260302", "2026-03-02T00:00:00Z"),
            ("7d ago", "2026-02-23T21:02:33Z"),
            ("7 days ago", "2026-02-23T21:02:33Z"),
            ("12h Ago", "2026-03-02T09:02:33Z"),
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
            ("2026-13", DateError::NoSuchDay),
            ("2026-00", DateError::NoSuchDay),
            ("tomorrow", DateError::Unreadable),
            ("ago", DateError::Unreadable),
            ("today ago", DateError::Unreadable),
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
            for text in ["1s", "2w", "200000y", "today", "yesterday"] {
                let _ = parse(text, now);
            }
        }
    }

    #[test]
    fn only_a_date_without_an_offset_depends_on_the_zone() {
        let is_wall = |text: &str| matches!(parse(text, now()), Ok(Moment::Wall(_)));
        for text in [
            "2026-03-02",
            "2026-03",
            "2026-03-02 10:00",
            "2026-03-02T10:00:30.5",
            "20260302",
            "20260302T1000",
            "2026-061",
            "2026-W10-1",
        ] {
            assert!(is_wall(text), "{text}");
            assert!(absolute(text).is_ok(), "{text}");
        }
        for text in [
            "2026-03-02T10:00Z",
            "2026-03-02 10:00 +0200",
            "Mon, 02 Mar 2026 21:02:33 GMT",
            "1772485353",
            "1772485353.5",
            "1772485353000",
            "now",
            "7d",
        ] {
            assert!(parse(text, now()).is_ok() && !is_wall(text), "{text}");
        }
        for text in ["now", "today", "yesterday", "7d", "7d ago"] {
            assert!(absolute(text).is_err(), "{text}");
        }
    }

    #[test]
    fn an_error_names_the_remedy_and_not_the_text() {
        let error = parse("+573003003030", now()).expect_err("rejected");
        assert!(error.to_string().contains("7d"), "{error}");
        assert!(!error.to_string().contains("5730"), "{error}");
    }
}
