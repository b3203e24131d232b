//! Converts a row into an observation for a detector.

use twilio_verify_insights::{Currency, Label, Observation};

use crate::numbers::destination::digits_after_plus;
use crate::numbers::numbers::NumbersMode;
use crate::rows::row::Row;

/// Returns the observation of the attempt itself, except for numbers that are not kept.
///
/// With [`Numbers::Prefix`](crate::Numbers::Prefix) the last four digits of a number are unknown: a detector finds
/// the same, but without adjacent numbers as evidence. With [`Numbers::None`](crate::Numbers::None) it only
/// distinguishes countries and channels.
impl From<&Row> for Observation {
    fn from(row: &Row) -> Self {
        let mut observation = Self::new(&*row.sid, row.date_created);
        observation.updated = row.date_updated;
        observation.service = label(row.service_sid.as_deref());
        observation.country = label(row.country.as_deref());
        observation.channel = label(row.channel.as_deref());
        observation.carrier = match (row.carrier.as_deref(), &row.mcc, &row.mnc) {
            (Some(name), ..) if !name.is_empty() => name.into(),
            (_, Some(mcc), Some(mnc)) => format!("{mcc}/{mnc}").into(),
            _ => Label::NONE,
        };
        // 0 means no error.
        observation.error_code = label(row.error_code.as_deref().filter(|code| *code != "0"));
        observation.converted = match row.conversion_status.as_deref() {
            Some("converted") => Some(true),
            Some("unconverted") => Some(false),
            _ => None,
        };
        let status = row.message_status.as_deref().or(row.call_status.as_deref());
        observation.undelivered = status.is_some_and(Self::is_undelivered);
        let currency = Currency::of_price(row.price_currency.as_deref().unwrap_or_default());
        observation.price = currency.zip(row.price);
        let kept = row.destination.as_ref().map(|kept| kept.as_str());
        match (kept, row.numbers()) {
            (Some(number), NumbersMode::Full) => observation = observation.to(number),
            // A block has more than one digit.
            (Some(block), _) if digits_after_plus(block).is_some_and(|it| it.len() > 1) => {
                observation.block = block.into();
            }
            _ => {}
        }
        observation
    }
}

fn label(text: Option<&str>) -> Label {
    text.filter(|text| !text.is_empty()).into()
}
