//! Reads numbers and durations.
//!
//! An error states what is expected and never repeats the value: it may be a
//! phone number, or a secret that was pasted in the wrong place.

use std::fmt::Display;
use std::ops::RangeInclusive;
use std::str::FromStr;
use std::time::Duration;

use rust_decimal::Decimal;

/// The longest `--timeout`.
const LONGEST_TIMEOUT: Duration = Duration::from_secs(24 * 60 * 60);

const LONG: &str = "expected 24h at most, such as 30s";

/// Reads a duration greater than zero and of at most a day. A number without a
/// unit is in seconds.
pub(crate) fn timeout(text: &str) -> Result<Duration, &'static str> {
    const EXPECTED: &str = "expected seconds, or a number and a unit, such as 30s, 200ms or 2m";
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let duration = match text.parse().map(Duration::try_from_secs_f64) {
        Ok(seconds) if is_number => seconds.map_err(|_| LONG)?,
        _ => humantime::parse_duration(text).map_err(|_| EXPECTED)?,
    };
    if duration.is_zero() {
        return Err("expected more than zero, such as 30s");
    }
    if duration > LONGEST_TIMEOUT {
        return Err(LONG);
    }
    Ok(duration)
}

/// Reads a duration, which may be zero. A number without a unit is in seconds.
pub(crate) fn duration(text: &str) -> Result<Duration, &'static str> {
    const EXPECTED: &str = "expected seconds, or a number and a unit, such as 30s, 10m or 12h";
    match text.parse() {
        Ok(seconds) if text.bytes().all(|byte| byte.is_ascii_digit()) => {
            Ok(Duration::from_secs(seconds))
        }
        _ => humantime::parse_duration(text).map_err(|_| EXPECTED),
    }
}

/// Reads a duration in whole seconds, greater than zero. A number without a unit is in seconds.
pub(crate) fn seconds(text: &str) -> Result<u32, &'static str> {
    const EXPECTED: &str = "expected a number and a unit, in whole seconds, such as 30s, 10m or 1d";
    let duration = match text.parse() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => humantime::parse_duration(text).map_err(|_| EXPECTED)?,
    };
    match u32::try_from(duration.as_secs()) {
        Ok(seconds) if seconds > 0 && duration.subsec_nanos() == 0 => Ok(seconds),
        _ => Err(EXPECTED),
    }
}

/// Reads an amount of money, 0 or more.
pub(crate) fn amount(text: &str) -> Result<Decimal, &'static str> {
    text.parse::<Decimal>()
        .ok()
        .filter(|amount| !amount.is_sign_negative() || amount.is_zero())
        .ok_or("expected an amount of 0 or more, such as 0.05")
}

/// Reads the code of a currency, and returns it in capitals.
pub(crate) fn currency(text: &str) -> Result<String, &'static str> {
    match text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        true => Ok(text.to_ascii_uppercase()),
        false => Err("expected a code of ISO 4217, such as USD"),
    }
}

/// Reads a whole number within a range.
pub(crate) fn whole<T>(text: &str, range: RangeInclusive<T>) -> Result<T, String>
where
    T: FromStr + PartialOrd + Display,
{
    text.parse().ok().filter(|number| range.contains(number)).ok_or_else(|| {
        let (least, most) = (range.start(), range.end());
        format!("expected a whole number from {least} to {most}")
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{amount, duration, seconds, timeout, whole};

    #[test]
    fn timeouts_are_seconds_or_have_a_unit_and_have_a_bound() {
        assert_eq!(timeout("30"), Ok(Duration::from_secs(30)));
        assert_eq!(timeout("0.5"), Ok(Duration::from_millis(500)));
        assert_eq!(timeout("200ms"), Ok(Duration::from_millis(200)));
        assert_eq!(timeout("1m 30s"), Ok(Duration::from_secs(90)));
        assert_eq!(timeout("24h"), Ok(Duration::from_secs(86_400)));
        for text in [
            "",
            "0",
            "0.0",
            ".",
            "86401",
            "1e3",
            "inf",
            "NaN",
            "+30",
            "99999999999999999999999999999999999999999999999999",
            "0s",
            "-1s",
            "s",
            "1fortnight",
            "25h",
            "99999999999999999999s",
            "18446744073709551615s",
        ] {
            let error = timeout(text).expect_err(text);
            assert!(error.contains("expected"), "{text}: {error}");
        }
    }

    #[test]
    fn an_amount_is_not_negative() {
        assert!(["0", "-0", "0.5", "5"].iter().all(|text| amount(text).is_ok()));
        assert!(["", "-1", "five", "1e", "5 USD"].iter().all(|text| amount(text).is_err()));
    }

    #[test]
    fn a_duration_may_be_zero() {
        for (text, seconds) in [("0", 0), ("0s", 0), ("30", 30), ("1d 12h", 129_600)] {
            assert_eq!(duration(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
        for text in ["", "-1s", "+30", "1.5", "x", "99999999999999999999"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }

    #[test]
    fn seconds_are_whole_and_need_no_unit() {
        for (text, count) in
            [("30", 30), ("30s", 30), ("10m", 600), ("1h 30m", 5400), ("1d", 86_400)]
        {
            assert_eq!(seconds(text), Ok(count), "{text}");
        }
        for text in ["", "0", "0s", "1500ms", "-1", "+573003003030", "200y", "x"] {
            assert!(seconds(text).is_err(), "{text}");
        }
    }

    #[test]
    fn whole_numbers_are_within_their_range() {
        assert_eq!(whole("1", 1..=1000_u16), Ok(1));
        assert_eq!(whole("1000", 1..=1000_u16), Ok(1000));
        for text in ["", "0", "1001", "65537", "-1", "1.5", "+573003003030"] {
            let error = whole(text, 1..=1000_u16).expect_err(text);
            assert_eq!(error, "expected a whole number from 1 to 1000");
        }
    }
}
