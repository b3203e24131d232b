//! Dates in requests, and rounding to whole seconds.

use chrono::{DateTime, FixedOffset};

/// A date of ISO 8601 with `Z` or an offset, or of RFC 2822.
pub(crate) fn date(text: &str) -> Option<DateTime<FixedOffset>> {
    DateTime::parse_from_rfc3339(text)
        .or_else(|_| DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f%z"))
        .or_else(|_| DateTime::parse_from_rfc2822(text))
        .ok()
}

/// The first whole second that is not before an instant.
pub(crate) fn second_from<Tz: chrono::TimeZone>(date: DateTime<Tz>) -> i64 {
    date.timestamp() + i64::from(date.timestamp_subsec_nanos() > 0)
}

/// The first whole second after an instant.
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
            assert_eq!(date(text).map(|date| date.timestamp()), Some(1_772_485_353), "{text}");
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
            assert_eq!(date(text), None, "{text}");
        }
    }
}
