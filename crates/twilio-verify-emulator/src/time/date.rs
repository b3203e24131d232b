//! Dates in requests, and rounding to whole seconds.

use chrono::{DateTime, Utc};

/// The first valid instant of a date: 0000-01-01T00:00:00Z. RFC 3339 writes years with four digits.
pub(crate) const FIRST: DateTime<Utc> = instant(-62_167_219_200, 0);

/// The last valid instant of a date, in the second 9999-12-31T23:59:59Z.
pub(crate) const LAST: DateTime<Utc> = instant(253_402_300_799, 999_999_999);

const fn instant(seconds: i64, nanoseconds: u32) -> DateTime<Utc> {
    match DateTime::from_timestamp(seconds, nanoseconds) {
        Some(date) => date,
        None => DateTime::UNIX_EPOCH,
    }
}

/// Whether the year of a date, in UTC, is one of 0000 to 9999.
pub(crate) fn is_in_range(date: DateTime<Utc>) -> bool {
    (FIRST.timestamp()..=LAST.timestamp()).contains(&date.timestamp())
}

/// Returns the date, or the nearest one in range.
pub(crate) fn clamped(date: DateTime<Utc>) -> DateTime<Utc> {
    if is_in_range(date) { date } else { date.clamp(FIRST, LAST) }
}

/// The reason that a text is not a valid date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DateProblem {
    Malformed,
    /// The year, in UTC, is not one of 0000 to 9999.
    OutOfRange,
}

/// Reads a date of ISO 8601 with `Z` or an offset, or of RFC 2822.
pub(crate) fn date(text: &str) -> Result<DateTime<Utc>, DateProblem> {
    let date = DateTime::parse_from_rfc3339(text)
        .or_else(|_| DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f%z"))
        .or_else(|_| DateTime::parse_from_rfc2822(text))
        .map_err(|_| DateProblem::Malformed)?
        .to_utc();
    if is_in_range(date) { Ok(date) } else { Err(DateProblem::OutOfRange) }
}

/// Returns the first whole second that is not before an instant.
pub(crate) fn second_from<Tz: chrono::TimeZone>(date: DateTime<Tz>) -> i64 {
    date.timestamp() + i64::from(date.timestamp_subsec_nanos() > 0)
}

/// Returns the first whole second after an instant.
pub(crate) fn second_after<Tz: chrono::TimeZone>(date: DateTime<Tz>) -> i64 {
    date.timestamp() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_in_every_documented_format() {
        for text in [
            "2026-03-02T21:02:33Z",
            "2026-03-02T21:02:33.000Z",
            "2026-03-02T23:02:33+02:00",
            "2026-03-02T23:02:33+0200",
            "2026-03-02T16:02:33-05:00",
            "Mon, 02 Mar 2026 21:02:33 +0000",
            "Mon, 02 Mar 2026 21:02:33 GMT",
            "2 Mar 2026 23:02:33 +0200",
        ] {
            assert_eq!(date(text).map(|date| date.timestamp()), Ok(1_772_485_353), "{text}");
        }
        for text in [
            "",
            "yesterday",
            "2026-03-02",
            "2026-03-02T21:02:33",
            "2026-03-02T21:02:33 02:00",
            "2026-02-30T00:00:00Z",
            "2026-03-02T25:00:00Z",
            "1772485353",
            "Tue, 02 Mar 2026 21:02:33 +0000",
        ] {
            assert_eq!(date(text), Err(DateProblem::Malformed), "{text}");
        }
    }

    #[test]
    fn the_year_counts_in_utc() {
        for (text, written) in [
            ("0000-01-01T00:00:00Z", "0000-01-01T00:00:00+00:00"),
            ("0000-01-01T02:00:00+02:00", "0000-01-01T00:00:00+00:00"),
            ("9999-12-31T23:59:59.5Z", "9999-12-31T23:59:59.500+00:00"),
            ("9999-12-31T21:59:59-02:00", "9999-12-31T23:59:59+00:00"),
        ] {
            assert_eq!(date(text).map(|date| date.to_rfc3339()).unwrap(), written, "{text}");
        }
        for text in [
            "9999-12-31T23:59:59-23:59",
            "9999-12-31T23:59:59-0001",
            "Fri, 31 Dec 9999 23:59:59 -0001",
            "0000-01-01T00:00:00+00:01",
            "+10000-01-01T00:00:00+0000",
        ] {
            assert_eq!(date(text), Err(DateProblem::OutOfRange), "{text}");
        }
    }

    #[test]
    fn what_is_out_of_range_is_clamped() {
        assert_eq!(clamped(DateTime::<Utc>::MAX_UTC), LAST);
        assert_eq!(clamped(DateTime::<Utc>::MIN_UTC), FIRST);
        assert_eq!(clamped(DateTime::UNIX_EPOCH), DateTime::UNIX_EPOCH);
    }
}
