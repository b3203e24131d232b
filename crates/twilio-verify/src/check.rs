//! Values of requests, checked before anything is sent.

use chrono::{DateTime, Datelike, Utc};
use twilio_verify_api::{Country, GmtDateTime, Sid, SidError};

use crate::Error;

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

/// A value of an enum: any but an empty one can be sent, as Twilio's lists
/// grow.
pub(crate) fn value(field: &'static str, value: &str) -> Result<(), Error> {
    if value.is_empty() {
        return Err(Error::invalid(field, "it is empty"));
    }
    Ok(())
}

/// A period: its end must not precede its beginning.
pub(crate) fn period(
    after: Option<DateTime<Utc>>,
    before: Option<DateTime<Utc>>,
) -> Result<(Option<GmtDateTime>, Option<GmtDateTime>), Error> {
    for (field, date) in [("created_after", after), ("created_before", before)] {
        if date.is_some_and(|date| !(0..=9999).contains(&date.year())) {
            return Err(Error::invalid(field, "the year must have four digits"));
        }
    }
    if let (Some(after), Some(before)) = (after, before) {
        if before < after {
            let reason = "it precedes created_after; no attempt can be in such a period";
            return Err(Error::invalid("created_before", reason));
        }
    }
    Ok((after.map(GmtDateTime::from), before.map(GmtDateTime::from)))
}

/// A destination: a phone number in E.164 format, or an e-mail address.
pub(crate) fn destination(field: &'static str, text: &str) -> Result<(), Error> {
    let fault = if text.is_empty() {
        "it is empty"
    } else if text.contains(|c: char| c.is_control() || c.is_whitespace()) {
        "it holds a space or a control character"
    } else if text.contains('@') {
        return Ok(());
    } else {
        match text.strip_prefix('+') {
            Some(digits) if is_number(digits) => return Ok(()),
            Some(_) => "after `+` there must be 1 to 15 digits, the first of them not 0",
            None => "it does not begin with `+`",
        }
    };
    let reason = format!(
        "{fault}; expected a phone number in E.164 format, such as +14155550100, or an e-mail \
         address"
    );
    Err(Error::invalid(field, reason))
}

/// Whether the text can be what follows the `+` of a number in E.164 format,
/// or the beginning of that.
pub(crate) fn is_number(digits: &str) -> bool {
    (1..=15).contains(&digits.len())
        && digits.bytes().all(|digit| digit.is_ascii_digit())
        && !digits.starts_with('0')
}
