//! Values of requests, checked before anything is sent.

use std::time::Duration;

use chrono::{DateTime, Datelike, Utc};
use twilio_verify_api::{Check, Country, GmtDateTime, Redacted, Sid, SidError};
use url::Url;

use crate::error::Error;

/// A body: every field that the document sets a limit for.
pub(crate) fn body(body: &impl Check) -> Result<(), Error> {
    body_by(body, |field| field)
}

/// A body as [`body`], some fields of which are set by another name.
pub(crate) fn body_by(body: &impl Check, setter: impl Fn(&str) -> &str) -> Result<(), Error> {
    body.check().map_err(|error| {
        Error::invalid(setter(error.field()), error.reason()).with_source(error.clone())
    })
}

/// A SID: one that came in an answer may have any shape.
pub(crate) fn sid<S>(field: &'static str, sid: &S) -> Result<(), Error>
where
    S: Sid + std::str::FromStr<Err = SidError>,
{
    match sid.as_ref().parse::<S>() {
        Ok(_) => Ok(()),
        Err(error) => Err(Error::invalid(field, &error).with_source(error)),
    }
}

/// A country: one that came in an answer may be any text.
pub(crate) fn country(country: &Country) -> Result<(), Error> {
    match country.code().parse::<Country>() {
        Ok(_) => Ok(()),
        Err(error) => Err(Error::invalid("country", &error).with_source(error)),
    }
}

/// A text that must not be empty. As a value of an enum any other can be sent,
/// as Twilio's lists grow.
pub(crate) fn value(field: &'static str, value: &str) -> Result<(), Error> {
    if value.is_empty() {
        return Err(Error::invalid(field, "it is empty"));
    }
    Ok(())
}

/// A list of names: there must be one, and none of them may be empty.
pub(crate) fn names(field: &'static str, names: &[String]) -> Result<(), Error> {
    if names.is_empty() {
        return Err(Error::invalid(field, "it is empty"));
    }
    names.iter().try_for_each(|name| match name.as_str() {
        "" => Err(Error::invalid(field, "one of them is empty")),
        _ => Ok(()),
    })
}

/// A period: its end must not precede its beginning.
pub(crate) fn period(
    after: Option<DateTime<Utc>>,
    before: Option<DateTime<Utc>>,
) -> Result<(Option<GmtDateTime>, Option<GmtDateTime>), Error> {
    for (field, date) in [("created_after", after), ("created_before", before)] {
        date.map(|date| self::date(field, date)).transpose()?;
    }
    if before
        .zip(after)
        .is_some_and(|(before, after)| before < after)
    {
        let reason = "it precedes created_after; no attempt can be in such a period";
        return Err(Error::invalid("created_before", reason));
    }
    Ok((after.map(GmtDateTime::from), before.map(GmtDateTime::from)))
}

/// An instant, as it is sent.
pub(crate) fn date(field: &'static str, date: DateTime<Utc>) -> Result<GmtDateTime, Error> {
    if (0..=9999).contains(&date.year()) {
        Ok(date.into())
    } else {
        Err(Error::invalid(field, "the year must have four digits"))
    }
}

/// An entity's identity: it can be a part of a path then.
pub(crate) fn identity(field: &'static str, identity: &Redacted<String>) -> Result<(), Error> {
    let identity = identity.expose();
    let is_known = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let fault = match identity.chars().count() {
        0 => "it is empty".to_owned(),
        length if !(8..=64).contains(&length) => format!("it has {length} characters"),
        _ if !identity.chars().all(is_known) => {
            "it holds other than letters, digits and dashes".to_owned()
        }
        _ => return Ok(()),
    };
    let reason = format!("{fault}; expected 8 to 64 letters, digits and dashes");
    Err(Error::invalid(field, reason))
}

/// A secret in Base32, padded or not.
pub(crate) fn base32(field: &'static str, secret: &Redacted<String>) -> Result<(), Error> {
    let digits = secret.expose().trim_end_matches('=');
    let is_known = |digit: u8| digit.is_ascii_alphabetic() || (b'2'..=b'7').contains(&digit);
    if digits.is_empty() || !digits.bytes().all(is_known) {
        let reason = "it is no Base32; expected the letters A to Z and the digits 2 to 7";
        return Err(Error::invalid(field, reason));
    }
    Ok(())
}

/// A destination: a phone number in E.164 format, or an e-mail address.
pub(crate) fn destination(field: &'static str, text: &str) -> Result<(), Error> {
    match number_fault(text) {
        Some(fault) if is_spaced(text) || !text.contains('@') => {
            let reason = format!("{fault}; expected {NUMBER}, or an e-mail address");
            Err(Error::invalid(field, reason))
        }
        _ => Ok(()),
    }
}

/// A phone number in E.164 format.
pub(crate) fn number(field: &'static str, text: &str) -> Result<(), Error> {
    match number_fault(text) {
        Some(fault) => Err(Error::invalid(field, format!("{fault}; expected {NUMBER}"))),
        None => Ok(()),
    }
}

const NUMBER: &str = "a phone number in E.164 format, such as +14155550100";

fn number_fault(text: &str) -> Option<&'static str> {
    if text.is_empty() {
        return Some("it is empty");
    }
    if is_spaced(text) {
        return Some(SPACED);
    }
    match text.strip_prefix('+') {
        Some(digits) if is_number(digits) => None,
        Some(_) => Some("after `+` there must be 1 to 15 digits, the first of them not 0"),
        None => Some("it does not begin with `+`"),
    }
}

const SPACED: &str = "it holds a space or a control character";

fn is_spaced(text: &str) -> bool {
    text.contains(|c: char| c.is_control() || c.is_whitespace())
}

/// A URL that Twilio is to call: absolute, `http` or `https`.
pub(crate) fn url(field: &'static str, text: &str) -> Result<(), Error> {
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

/// A length of time that is sent in seconds.
pub(crate) fn seconds(field: &'static str, time: Duration) -> Result<i64, Error> {
    match i64::try_from(time.as_secs()) {
        Ok(seconds) if seconds > 0 && time.subsec_nanos() == 0 => Ok(seconds),
        _ => Err(Error::invalid(
            field,
            "expected whole seconds, at least one of them",
        )),
    }
}

/// What stands in a path: `""`, `.` and `..` would name another resource.
pub(crate) fn segment(field: &'static str, text: &str) -> Result<(), Error> {
    match text {
        "" => Err(Error::invalid(field, "it is empty")),
        "." | ".." => Err(Error::invalid(
            field,
            "as a part of a path it would name another resource",
        )),
        _ => Ok(()),
    }
}

/// Whether the text can be what follows the `+` of a number in E.164 format,
/// or the beginning of that.
pub(crate) fn is_number(digits: &str) -> bool {
    (1..=15).contains(&digits.len())
        && digits.bytes().all(|digit| digit.is_ascii_digit())
        && !digits.starts_with('0')
}
