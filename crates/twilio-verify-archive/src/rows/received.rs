//! Converts attempts, as the client reads them, into rows.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};
use twilio_verify::Attempt;

use crate::numbers::numbers::Numbers;
use crate::numbers::scrub::scrub;
use crate::rows::row::{Private, Row};

impl Row {
    /// Creates the row of an attempt. Returns `None` if the attempt has no SID or no creation date:
    /// it can't be identified, or has no day.
    pub fn of(attempt: &Attempt, numbers: &Numbers) -> Option<Self> {
        let sid = attempt.sid.as_ref()?.as_str();
        let created = millisecond(attempt.date_created?);
        let mut row = Self::new(sid.into(), created, numbers.mode());
        row.date_updated = attempt.date_updated.map(millisecond);
        row.account_sid = text(attempt.account_sid.as_ref());
        row.service_sid = text(attempt.service_sid.as_ref());
        row.verification_sid = text(attempt.verification_sid.as_ref());
        row.channel = text(attempt.channel.as_ref());
        row.conversion_status = text(attempt.conversion_status.as_ref());
        row.url = text(attempt.url.as_ref());
        let data = attempt.channel_data.as_ref();
        let to = data.and_then(|data| data.to.as_ref()).map(|to| to.expose().as_str());
        if let Some(to) = to {
            let kept = numbers.keep(to);
            row.destination = kept.text.map(Private::from);
            row.destination_hash = kept.hash;
        }
        if let Some(data) = data {
            row.country = text(data.country.as_ref());
            row.carrier = text(data.carrier.as_ref());
            row.mcc = text(data.mcc.as_ref());
            row.mnc = text(data.mnc.as_ref());
            row.locale = text(data.locale.as_ref());
            row.message_status = text(data.message_status.as_ref());
            row.call_status = text(data.call_status.as_ref());
            row.error_code = text(data.error_code.as_ref());
            row.status = text(data.status.as_ref());
            row.code_length = data.code_length;
            row.channel_verification_sid = text(data.verification_sid.as_ref());
            row.channel_data_other = json(&data.extra, to, numbers);
        }
        if let Some(price) = &attempt.price {
            row.price = price.value;
            row.price_currency = text(price.currency.as_ref());
            row.price_other = json(&price.extra, to, numbers);
        }
        if !attempt.unread.is_empty() {
            let unread = attempt.unread.iter();
            let unread = unread.map(|(path, value)| (path.to_owned(), value.clone())).collect();
            row.unread = json(&unread, to, numbers);
        }
        Some(row)
    }
}

fn text<T: AsRef<str> + ?Sized>(value: Option<&T>) -> Option<Box<str>> {
    value.map(|value| value.as_ref().into())
}

/// Truncates a date to milliseconds, as a file stores it.
fn millisecond(date: DateTime<Utc>) -> DateTime<Utc> {
    // A leap second has more milliseconds, which would move the date to the next second or day.
    let milliseconds = date.timestamp_subsec_millis().min(999);
    DateTime::from_timestamp(date.timestamp(), milliseconds * 1_000_000).unwrap_or(date)
}

/// Removes private data from fields and returns them as JSON; `None` if there are no fields.
fn json(fields: &Map<String, Value>, to: Option<&str>, numbers: &Numbers) -> Option<Private> {
    if fields.is_empty() {
        return None;
    }
    let mut fields = Value::Object(fields.clone());
    scrub(&mut fields, to, numbers);
    Some(Private::from(fields.to_string().into_boxed_str()))
}
