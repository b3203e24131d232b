//! Checks the values of requests before anything is sent.

use std::time::Duration;

use chrono::{DateTime, Datelike, Utc};
use twilio_verify_api::{Check, Country, GmtDateTime, Redacted, Sid, SidError};
use url::Url;

use crate::error::Error;

type Checked<T = ()> = Result<T, Error>;

const EMPTY: &str = "it is empty";
const SPACED: &str = "it contains a space or a control character";
const NUMBER: &str = "a phone number in E.164 format, such as +14155550100";

/// Checks the fields of a body for which the document has limits.
pub(crate) fn body(body: &impl Check) -> Checked {
    body_by(body, |field| field)
}

/// As [`body`]; `setter` returns the name of the setter of a field.
pub(crate) fn body_by(body: &impl Check, setter: impl Fn(&str) -> &str) -> Checked {
    body.check().map_err(|error| {
        Error::invalid(setter(error.field()), error.reason()).with_source(error.clone())
    })
}

/// Checks a SID: one from a response may have another format.
pub(crate) fn sid<S>(field: &'static str, sid: &S) -> Checked
where
    S: Sid + std::str::FromStr<Err = SidError>,
{
    let parsed = sid.as_ref().parse::<S>();
    let parsed = parsed.map_err(|error| Error::invalid(field, &error).with_source(error));
    parsed.map(drop)
}

/// Checks a country: one from a response may be any string.
pub(crate) fn country(country: &Country) -> Checked {
    let parsed = country.code().parse::<Country>();
    let parsed = parsed.map_err(|error| Error::invalid("country", &error).with_source(error));
    parsed.map(drop)
}

/// Checks that a string is not empty. Any other value of an enum is allowed,
/// because Twilio adds values.
pub(crate) fn value(field: &'static str, value: &str) -> Checked {
    match value {
        "" => Err(Error::invalid(field, EMPTY)),
        _ => Ok(()),
    }
}

/// Checks that there are names, and that none is empty.
pub(crate) fn names(field: &'static str, names: &[String]) -> Checked {
    if names.is_empty() {
        return Err(Error::invalid(field, EMPTY));
    }
    if names.iter().any(String::is_empty) {
        return Err(Error::invalid(field, "one of the names is empty"));
    }
    Ok(())
}

/// Checks a period, whose end must not precede its start.
pub(crate) fn period(
    after: Option<DateTime<Utc>>,
    before: Option<DateTime<Utc>>,
) -> Checked<(Option<GmtDateTime>, Option<GmtDateTime>)> {
    let check = |field, value: Option<_>| value.map(|value| date(field, value)).transpose();
    let sent = (
        check("created_after", after)?,
        check("created_before", before)?,
    );
    if before.is_some() && before < after {
        let reason = "it precedes created_after, so no attempt can match";
        return Err(Error::invalid("created_before", reason));
    }
    Ok(sent)
}

/// Checks a date, whose year must have four digits.
pub(crate) fn date(field: &'static str, date: DateTime<Utc>) -> Checked<GmtDateTime> {
    match date.year() {
        0..=9999 => Ok(date.into()),
        _ => Err(Error::invalid(field, "the year must have four digits")),
    }
}

/// Checks the identity of an entity, which is also safe in a path then.
pub(crate) fn identity(field: &'static str, identity: &Redacted<String>) -> Checked {
    let identity = identity.expose();
    let is_known = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let fault = match identity.chars().count() {
        0 => EMPTY.to_owned(),
        length if !(8..=64).contains(&length) => format!("it has {length} characters"),
        _ if !identity.chars().all(is_known) => "it contains other characters".to_owned(),
        _ => return Ok(()),
    };
    let reason = format!("{fault}; expected 8 to 64 letters, digits and dashes");
    Err(Error::invalid(field, reason))
}

/// Checks a secret in Base32, with or without padding.
pub(crate) fn base32(field: &'static str, secret: &Redacted<String>) -> Checked {
    let digits = secret.expose().trim_end_matches('=');
    let is_known = |digit: u8| digit.is_ascii_alphabetic() || (b'2'..=b'7').contains(&digit);
    if digits.is_empty() || !digits.bytes().all(is_known) {
        let reason = "it is not Base32; expected the letters A to Z and the digits 2 to 7";
        return Err(Error::invalid(field, reason));
    }
    Ok(())
}

/// Checks a destination: a phone number in E.164 format, or an e-mail address.
pub(crate) fn destination(field: &'static str, text: &str) -> Checked {
    match number_fault(text) {
        Some(fault) if is_spaced(text) || !text.contains('@') => {
            let reason = format!("{fault}; expected {NUMBER}, or an e-mail address");
            Err(Error::invalid(field, reason))
        }
        _ => Ok(()),
    }
}

/// Checks a phone number in E.164 format.
pub(crate) fn number(field: &'static str, text: &str) -> Checked {
    number_fault(text).map_or(Ok(()), |fault| {
        Err(Error::invalid(field, format!("{fault}; expected {NUMBER}")))
    })
}

fn number_fault(text: &str) -> Option<&'static str> {
    match text.strip_prefix('+') {
        _ if text.is_empty() => Some(EMPTY),
        _ if is_spaced(text) => Some(SPACED),
        Some(digits) if is_number(digits) => None,
        Some(_) => Some("after `+` there must be 1 to 15 digits, the first of them not 0"),
        None => Some("it does not begin with `+`"),
    }
}

fn is_spaced(text: &str) -> bool {
    text.contains(|c: char| c.is_control() || c.is_whitespace())
}

/// Whether a string can follow the `+` of a phone number in E.164 format, or of
/// the beginning of one.
pub(crate) fn is_number(digits: &str) -> bool {
    (1..=15).contains(&digits.len())
        && digits.bytes().all(|digit| digit.is_ascii_digit())
        && !digits.starts_with('0')
}

/// Checks a URL that Twilio is to call: absolute, `http` or `https`.
pub(crate) fn url(field: &'static str, text: &str) -> Checked {
    let is_http = ["http://", "https://"].into_iter().any(|scheme| {
        let start = text.get(..scheme.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    });
    let fault = match Url::parse(text) {
        _ if is_spaced(text) => SPACED.to_owned(),
        _ if !is_http => "it does not begin with `https://` or `http://`".to_owned(),
        Ok(_) => return Ok(()),
        Err(error) => error.to_string(),
    };
    let reason = format!("{fault}; expected an absolute URL, such as https://example.com/verify");
    Err(Error::invalid(field, reason))
}

/// Checks a duration that is sent in seconds.
pub(crate) fn seconds(field: &'static str, time: Duration) -> Checked<i64> {
    match i64::try_from(time.as_secs()) {
        Ok(seconds) if seconds > 0 && time.subsec_nanos() == 0 => Ok(seconds),
        _ => Err(Error::invalid(field, "expected whole seconds, at least 1")),
    }
}

/// Checks a segment of a path: `""`, `.` and `..` would name another resource.
pub(crate) fn segment(field: &'static str, text: &str) -> Checked {
    match text {
        "" => Err(Error::invalid(field, EMPTY)),
        "." | ".." => {
            let reason = "in a path it would name another resource";
            Err(Error::invalid(field, reason))
        }
        _ => Ok(()),
    }
}
