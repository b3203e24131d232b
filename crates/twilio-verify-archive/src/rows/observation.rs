//! What a detector knows of a row.

use twilio_verify_insights::{Currency, Label, Observation};

use crate::numbers::destination::{CUT, Destination};
use crate::numbers::numbers::NumbersMode;
use crate::rows::row::Row;

/// Of a number that is kept in full, the same as of the attempt itself.
///
/// Without its last four digits, a number still has its block, by which prefixes are told apart; without
/// numbers a detector knows countries and channels alone.
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
        // 0 stands for no error.
        observation.error_code = label(row.error_code.as_deref().filter(|code| *code != "0"));
        observation.converted = match row.conversion_status.as_deref() {
            Some("converted") => Some(true),
            Some("unconverted") => Some(false),
            _ => None,
        };
        observation
    }
}

fn label(text: Option<&str>) -> Label {
    text.filter(|text| !text.is_empty()).into()
}
