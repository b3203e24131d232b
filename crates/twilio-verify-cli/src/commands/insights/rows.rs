//! Reads the rows of an archive day by day.

use std::collections::VecDeque;

use chrono::{NaiveDate, SecondsFormat};
use serde_json::{Map, Value, json};
use twilio_verify::ConversionStatus;
use twilio_verify_archive::{Archive, Row};
use twilio_verify_insights::Period;

use super::archive::{Opened, failure};
use crate::commands::summary::SummaryArgs;
use crate::failure::report::Failure;

/// The column with the hash of a number.
pub(super) const HASH: &str = "destination_hash";

/// The most rows that are returned at once.
const BATCH: usize = 10_000;

/// A function that returns a value of a row.
type Field = fn(&Row) -> Option<&str>;

/// The rows that match filters, the oldest first. The rows of at most one day are in memory.
pub(super) struct Rows {
    archive: Archive,
    days: VecDeque<NaiveDate>,
    day: VecDeque<Row>,
    period: Option<Period>,
    /// The filters: each has a value of a row, and the text it must equal.
    filters: Vec<(Field, String)>,
    prefix: Option<String>,
}

impl Rows {
    pub(super) fn new(
        opened: Opened,
        period: Option<Period>,
        filters: &SummaryArgs,
        status: Option<&ConversionStatus>,
    ) -> Self {
        let prefix = filters.destination_prefix.as_ref().map(|prefix| prefix.as_str().to_owned());
        let service = filters.verify_service_sid.as_ref().map(ToString::to_string);
        let country = filters.country.as_ref().map(|country| country.code().to_owned());
        let channel = filters.channel.as_ref().map(ToString::to_string);
        let status = status.map(ToString::to_string);
        let all: [(Field, Option<String>); 4] = [
            (|row| row.service_sid.as_deref(), service),
            (|row| row.country.as_deref(), country),
            (|row| row.channel.as_deref(), channel),
            (|row| row.conversion_status.as_deref(), status),
        ];
        let is_in = |day: &NaiveDate| {
            period.is_none_or(|period| {
                period.from().date_naive() <= *day && *day <= period.to().date_naive()
            })
        };
        Self {
            archive: opened.archive,
            days: opened.days.into_iter().filter(is_in).collect(),
            day: VecDeque::new(),
            period,
            filters: all.into_iter().filter_map(|(field, value)| Some((field, value?))).collect(),
            prefix,
        }
    }

    /// Returns the next rows, or `None` after the last ones.
    pub(super) async fn next(&mut self) -> Result<Option<Vec<Row>>, Failure> {
        while self.day.is_empty() {
            let Some(day) = self.days.pop_front() else {
                return Ok(None);
            };
            let rows = self.archive.rows(day).await;
            self.day = rows.map_err(|error| failure("--from-archive <DIR>", &error))?.into();
        }
        let batch: Vec<Row> = self.day.drain(..self.day.len().min(BATCH)).collect();
        Ok(Some(batch.into_iter().filter(|row| self.holds(row)).collect()))
    }

    fn holds(&self, row: &Row) -> bool {
        let created = row.date_created;
        self.period.is_none_or(|period| period.from() <= created && created < period.to())
            && self
                .filters
                .iter()
                .all(|(field, value)| field(row).is_some_and(|own| own.eq_ignore_ascii_case(value)))
            && self.prefix.as_ref().is_none_or(|prefix| {
                row.destination.as_ref().is_some_and(|to| to.as_str().starts_with(prefix.as_str()))
            })
    }
}

/// Returns a row as JSON, with the names of the API's fields.
pub(super) fn json(row: &Row) -> Value {
    let date =
        |date: chrono::DateTime<chrono::Utc>| date.to_rfc3339_opts(SecondsFormat::AutoSi, true);
    let mut data = object(json!({
        "to": row.destination.as_ref().map(|to| to.as_str()),
        "country": row.country,
        "carrier": row.carrier,
        "mcc": row.mcc,
        "mnc": row.mnc,
        "locale": row.locale,
        "message_status": row.message_status,
        "call_status": row.call_status,
        "error_code": row.error_code,
        "status": row.status,
        "code_length": row.code_length,
        "verification_sid": row.channel_verification_sid,
    }));
    let more = |text: Option<&str>| {
        text.and_then(|text| serde_json::from_str(text).ok()).map(object).unwrap_or_default()
    };
    data.extend(more(row.channel_data_other.as_ref().map(|other| other.as_str())));
    let price = (row.price.is_some() || row.price_currency.is_some()).then(|| {
        let mut price = object(json!({ "value": row.price, "currency": row.price_currency }));
        price.extend(more(row.price_other.as_ref().map(|other| other.as_str())));
        price
    });
    json!({
        "sid": row.sid,
        "account_sid": row.account_sid,
        "service_sid": row.service_sid,
        "verification_sid": row.verification_sid,
        "date_created": date(row.date_created),
        "date_updated": row.date_updated.map(date),
        "channel": row.channel,
        "channel_data": data,
        "conversion_status": row.conversion_status,
        "price": price,
        "url": row.url,
        "destination_hash": row.destination_hash,
    })
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(fields) => fields.into_iter().filter(|(_, value)| !value.is_null()).collect(),
        _ => Map::new(),
    }
}
