//! Loading attempts from JSON.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde_json::{Map, Value};

use crate::attempts::data::attempt::{
    Attempt, AttemptError, ChannelData, ErrorCode, OUT_OF_RANGE, Price,
};
use crate::time::date::{DateProblem, date};
use crate::values::sid::AttemptSid;

/// The reason that attempts could not be loaded. It names the place and the remedy, and never repeats the contents of
/// the file, except for SIDs.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// The file could not be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The error of the operating system.
        source: io::Error,
    },
    /// The text is not JSON.
    #[error("not JSON; the cause names the line and the column")]
    Syntax(#[source] serde_json::Error),
    /// The JSON is neither an array nor an object that contains one.
    #[error(
        "no attempts: expected a JSON array of attempts, or an object with one, `{{\"attempts\":[…]}}`"
    )]
    NoAttempts,
    /// A field of an attempt is invalid.
    #[error("attempt {index}: {field} {fault}; {remedy}")]
    Field {
        /// The index of the attempt, from 0.
        index: usize,
        /// The field, such as `channel_data.country`.
        field: String,
        /// What is wrong with it.
        fault: &'static str,
        /// How to correct it.
        remedy: &'static str,
    },
    /// Two attempts have the same SID.
    #[error(
        "attempt {index}: sid {sid} is also that of attempt {first}; give every attempt its own SID"
    )]
    DuplicateSid {
        /// The index of the later attempt, from 0.
        index: usize,
        /// The index of the earlier attempt, from 0.
        first: usize,
        /// The SID of both.
        sid: AttemptSid,
    },
}

/// Reads attempts from a JSON file; see [`load_str`].
///
/// # Errors
///
/// The file cannot be read, or its contents are invalid.
pub fn load_file(path: impl AsRef<Path>) -> Result<Vec<Attempt>, LoadError> {
    let path = path.as_ref();
    let json = std::fs::read_to_string(path)
        .map_err(|source| LoadError::Read { path: path.into(), source })?;
    load_str(&json)
}

/// Reads attempts from JSON: an array of them, or an object `{"attempts":[…]}`, such as a page of the list.
///
/// Each attempt has the API's JSON shape. Required are `sid`, `service_sid`, `verification_sid` (its own, or that in
/// `channel_data`), `date_created`, `conversion_status` and `channel`, the last two in any case. Dates are ISO 8601 or
/// RFC 2822, in the years 0000 to 9999. `date_updated` defaults to `date_created`; other fields are optional. Unknown
/// fields are kept in `channel_data` and ignored elsewhere. `account_sid` and `url` are also ignored, as the emulator
/// has its own.
///
/// ```
/// let attempts = twilio_verify_emulator::load_str(r#"[{
///     "sid": "VLaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
///     "service_sid": "VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
///     "verification_sid": "VEaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
///     "date_created": "2026-03-02T21:02:33Z",
///     "conversion_status": "converted",
///     "channel": "sms",
///     "channel_data": { "to": "+573003003030", "country": "CO" }
/// }]"#)?;
/// assert_eq!(attempts.len(), 1);
/// # Ok::<(), twilio_verify_emulator::LoadError>(())
/// ```
///
/// # Errors
///
/// The text is not JSON, or not of that shape; a field is missing or malformed; two attempts have the same SID.
pub fn load_str(json: &str) -> Result<Vec<Attempt>, LoadError> {
    // Some editors begin a file with a byte order mark.
    let json = json.strip_prefix('\u{feff}').unwrap_or(json);
    // Parsed as a `Value` first, and by hand from there: errors of a derived deserializer repeat the invalid value,
    // which may be a phone number.
    let entries = match serde_json::from_str(json).map_err(LoadError::Syntax)? {
        Value::Array(entries) => entries,
        Value::Object(mut object) => match object.remove("attempts") {
            Some(Value::Array(entries)) => entries,
            _ => return Err(LoadError::NoAttempts),
        },
        _ => return Err(LoadError::NoAttempts),
    };
    let mut indices = HashMap::with_capacity(entries.len());
    let mut attempts = Vec::with_capacity(entries.len());
    for (index, entry) in entries.into_iter().enumerate() {
        let attempt = attempt(index, entry)?;
        if let Some(first) = indices.insert(attempt.sid, index) {
            return Err(LoadError::DuplicateSid { index, first, sid: attempt.sid });
        }
        attempts.push(attempt);
    }
    Ok(attempts)
}

/// The fields of an object; null counts as absent.
struct Fields {
    index: usize,
    /// The prefix of the field names in errors.
    prefix: &'static str,
    map: Map<String, Value>,
}

impl Fields {
    fn error(&self, name: &str, fault: &'static str, remedy: &'static str) -> LoadError {
        LoadError::Field {
            index: self.index,
            field: format!("{}{name}", self.prefix),
            fault,
            remedy,
        }
    }

    fn take(&mut self, name: &str) -> Option<Value> {
        self.map.remove(name).filter(|value| !value.is_null())
    }

    fn string(&mut self, name: &str) -> Result<Option<String>, LoadError> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(self.error(name, "is not a string", "write it in quotes")),
        }
    }

    fn read<T>(
        &mut self,
        name: &str,
        remedy: &'static str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, LoadError> {
        match self.string(name)? {
            None => Ok(None),
            Some(text) => {
                read(&text).map(Some).ok_or_else(|| self.error(name, "is malformed", remedy))
            }
        }
    }

    fn parse<T: FromStr>(
        &mut self,
        name: &str,
        remedy: &'static str,
    ) -> Result<Option<T>, LoadError> {
        self.read(name, remedy, |text| text.parse().ok())
    }

    /// Parses a value that has also been seen in upper case.
    fn parse_lowercase<T: FromStr>(
        &mut self,
        name: &str,
        remedy: &'static str,
    ) -> Result<Option<T>, LoadError> {
        self.read(name, remedy, |text| text.to_ascii_lowercase().parse().ok())
    }

    fn date(&mut self, name: &str) -> Result<Option<DateTime<Utc>>, LoadError> {
        let Some(text) = self.string(name)? else {
            return Ok(None);
        };
        match date(&text) {
            Ok(date) => Ok(Some(date)),
            Err(DateProblem::Malformed) => Err(self.error(name, "is malformed", DATE)),
            Err(DateProblem::OutOfRange) => {
                let (fault, remedy) = OUT_OF_RANGE;
                Err(self.error(name, fault, remedy))
            }
        }
    }

    fn required<T>(
        &self,
        name: &str,
        remedy: &'static str,
        value: Option<T>,
    ) -> Result<T, LoadError> {
        value.ok_or_else(|| self.error(name, "is missing", remedy))
    }

    fn object(
        &mut self,
        name: &'static str,
        prefix: &'static str,
    ) -> Result<Option<Self>, LoadError> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::Object(map)) => Ok(Some(Self { index: self.index, prefix, map })),
            Some(_) => Err(self.error(name, "is not an object", "write an object, or null")),
        }
    }
}

const SID: &str = "write `VL` and 32 hexadecimal digits";
const SERVICE_SID: &str = "write `VA` and 32 hexadecimal digits";
const VERIFICATION_SID: &str = "write `VE` and 32 hexadecimal digits";
const DATE: &str = "write a date in GMT, such as 2026-03-02T21:02:33Z";
const STATUS: &str = "write `converted` or `unconverted`";
const CHANNEL: &str = "write one of sms, call, email, whatsapp, rbm";
const COUNTRY: &str = "write an ISO 3166-1 alpha-2 code in upper case, such as CO, or null";
const CODE_LENGTH: &str = "write a whole number from 4 to 10, or null";
const ERROR_CODE: &str = "write a string such as \"30008\", a whole number, or null";
const AMOUNT: &str = "write a decimal in quotes, such as \"0.0075\"";
const CURRENCY: &str = "write an ISO 4217 code, such as usd";

/// Reads one attempt; errors refer to it by `index`.
pub(crate) fn attempt(index: usize, entry: Value) -> Result<Attempt, LoadError> {
    let Value::Object(map) = entry else {
        return Err(LoadError::Field {
            index,
            field: "the attempt itself".into(),
            fault: "is not an object",
            remedy: "write an object with the fields of an attempt",
        });
    };
    let mut fields = Fields { index, prefix: "", map };
    let mut data = fields.object("channel_data", "channel_data.")?;

    let inner = match &mut data {
        Some(data) => data.parse("verification_sid", VERIFICATION_SID)?,
        None => None,
    };
    let outer = fields.parse("verification_sid", VERIFICATION_SID)?;
    if outer.is_some() && inner.is_some() && outer != inner {
        let remedy = "write the same in both places, or leave one out";
        return Err(fields.error("verification_sid", "differs from that in channel_data", remedy));
    }

    let sid = fields.parse("sid", SID)?;
    let service_sid = fields.parse("service_sid", SERVICE_SID)?;
    let channel = fields.parse_lowercase("channel", CHANNEL)?;
    let date_created = fields.date("date_created")?;
    let mut attempt = Attempt::new(
        fields.required("sid", SID, sid)?,
        fields.required("service_sid", SERVICE_SID, service_sid)?,
        fields.required("verification_sid", VERIFICATION_SID, outer.or(inner))?,
        fields.required("channel", CHANNEL, channel)?,
        fields.required("date_created", DATE, date_created)?,
    );
    let status = fields.parse_lowercase("conversion_status", STATUS)?;
    attempt.conversion_status = fields.required("conversion_status", STATUS, status)?;
    if let Some(date) = fields.date("date_updated")? {
        attempt.date_updated = date;
    }
    if let Some(fields) = fields.object("price", "price.")? {
        attempt.price = price(fields)?;
    }
    if let Some(fields) = data {
        attempt.channel_data = channel_data(fields)?;
    }
    match attempt.check() {
        Err(AttemptError::Field { field, fault, remedy, .. }) => {
            Err(LoadError::Field { index, field: field.into(), fault, remedy })
        }
        _ => Ok(attempt),
    }
}

/// Reads a price. Returns `None` if its value is null: the price is not known yet.
fn price(mut fields: Fields) -> Result<Option<Price>, LoadError> {
    let value = match fields.take("value") {
        None => return Ok(None),
        Some(Value::String(text)) => text.parse::<Decimal>().ok(),
        Some(Value::Number(number)) => number.to_string().parse().ok(),
        Some(_) => None,
    };
    let value = value.ok_or_else(|| fields.error("value", "is not a decimal", AMOUNT))?;
    let currency = fields.string("currency")?;
    Ok(Some(Price { value, currency: fields.required("currency", CURRENCY, currency)? }))
}

fn channel_data(mut fields: Fields) -> Result<ChannelData, LoadError> {
    let error_code = match fields.take("error_code") {
        None => None,
        Some(Value::String(text)) => Some(ErrorCode::Text(text)),
        Some(value) => match value.as_i64() {
            Some(number) => Some(ErrorCode::Number(number)),
            None => return Err(fields.error("error_code", "is malformed", ERROR_CODE)),
        },
    };
    let code_length = match fields.take("code_length") {
        None => None,
        Some(value) => match value.as_u64() {
            Some(length @ 4..=10) => Some(length as u8),
            _ => return Err(fields.error("code_length", "is out of range", CODE_LENGTH)),
        },
    };
    Ok(ChannelData {
        to: fields.string("to")?,
        status: fields.string("status")?,
        message_status: fields.string("message_status")?,
        call_status: fields.string("call_status")?,
        error_code,
        country: fields.parse("country", COUNTRY)?,
        code_length,
        locale: fields.string("locale")?,
        mcc: fields.string("mcc")?,
        mnc: fields.string("mnc")?,
        carrier: fields.string("carrier")?,
        // The remaining fields are unknown.
        extra: fields.map,
    })
}
