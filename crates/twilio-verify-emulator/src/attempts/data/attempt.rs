//! A verification attempt.

use std::fmt;

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::time::date::is_in_range;
use crate::values::channel::Channel;
use crate::values::conversion_status::ConversionStatus;
use crate::values::country::Country;
use crate::values::json::is_shallow;
use crate::values::sid::{AttemptSid, ServiceSid, VerificationSid};

/// One message, call or e-mail that carried a code, and its outcome.
///
/// An attempt belongs to the account of the emulator that stores it, which adds `account_sid` and `url` to its
/// responses. Serialised, it has the API's JSON shape without these two, and [`load_str`](crate::load_str) reads it
/// back.
///
/// ```
/// use chrono::{TimeZone, Utc};
/// use twilio_verify_emulator::{Attempt, AttemptSid, Channel, ConversionStatus, ServiceSid, VerificationSid};
///
/// let mut attempt = Attempt::new(
///     AttemptSid::from_u128(1),
///     ServiceSid::from_u128(2),
///     VerificationSid::from_u128(3),
///     Channel::Sms,
///     Utc.with_ymd_and_hms(2026, 3, 2, 21, 2, 33).unwrap(),
/// );
/// attempt.conversion_status = ConversionStatus::Converted;
/// attempt.channel_data.to = Some("+573003003030".into());
/// attempt.channel_data.country = Some("CO".parse()?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attempt {
    /// The SID of the attempt.
    pub sid: AttemptSid,
    /// The service that sent it.
    pub service_sid: ServiceSid,
    /// The verification that it belongs to. A code that is sent again is another attempt of the same verification.
    pub verification_sid: VerificationSid,
    /// The creation date, in the years 0000 to 9999, in whole seconds as Twilio writes it: a fraction is cut off.
    pub date_created: DateTime<Utc>,
    /// The date of the last change, also in whole seconds.
    pub date_updated: DateTime<Utc>,
    /// Whether the recipient submitted the correct code.
    pub conversion_status: ConversionStatus,
    /// The channel that carried the code.
    pub channel: Channel,
    /// The price. `None`, written as null, until it is known, which takes up to a day (documented by Twilio).
    pub price: Option<Price>,
    /// The channel's data about the attempt.
    pub channel_data: ChannelData,
}

impl Attempt {
    /// Creates an unconverted attempt with these fields. The other fields are public.
    #[must_use]
    pub fn new(
        sid: AttemptSid,
        service_sid: ServiceSid,
        verification_sid: VerificationSid,
        channel: Channel,
        date_created: DateTime<Utc>,
    ) -> Self {
        Self {
            sid,
            service_sid,
            verification_sid,
            date_created,
            date_updated: date_created,
            conversion_status: ConversionStatus::Unconverted,
            channel,
            price: None,
            channel_data: ChannelData::default(),
        }
    }
}

/// The reason that an emulator rejects an attempt. It never repeats a value, except for the SID.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AttemptError {
    /// Two attempts have the same SID.
    #[error(transparent)]
    DuplicateSid(#[from] DuplicateSid),
    /// A field has a value that the API does not write, or that a data file cannot store.
    #[error("attempt {sid}: {field} {fault}; {remedy}")]
    Field {
        /// The SID of the attempt.
        sid: AttemptSid,
        /// The field, such as `date_created`.
        field: &'static str,
        /// What is wrong with it.
        fault: &'static str,
        /// How to correct it.
        remedy: &'static str,
    },
}

impl AttemptError {
    /// Returns the SID of the attempt.
    #[must_use]
    pub const fn sid(&self) -> AttemptSid {
        match self {
            Self::DuplicateSid(error) => error.sid(),
            Self::Field { sid, .. } => *sid,
        }
    }
}

/// The error for a date whose year has more than four digits, and the remedy.
pub(crate) const OUT_OF_RANGE: (&str, &str) =
    ("is out of range", "its year, in GMT, is one of 0000 to 9999");

impl Attempt {
    /// Checks what the types of the fields allow but the JSON does not.
    pub(crate) fn check(&self) -> Result<(), AttemptError> {
        let error = |field, (fault, remedy)| {
            Err(AttemptError::Field { sid: self.sid, field, fault, remedy })
        };
        let data = &self.channel_data;
        if !is_in_range(self.date_created) {
            return error("date_created", OUT_OF_RANGE);
        }
        if !is_in_range(self.date_updated) {
            return error("date_updated", OUT_OF_RANGE);
        }
        if data.code_length.is_some_and(|length| !(4..=10).contains(&length)) {
            return error("channel_data.code_length", ("is out of range", "it is 4 to 10"));
        }
        if !data.extra.values().all(is_shallow) {
            return error(
                "channel_data.extra",
                ("is nested too deeply", "nest at most 64 arrays and objects"),
            );
        }
        Ok(())
    }
}

/// Two attempts have the same SID.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("attempt {sid} already exists; give every attempt its own SID")]
pub struct DuplicateSid {
    sid: AttemptSid,
}

impl DuplicateSid {
    pub(crate) const fn new(sid: AttemptSid) -> Self {
        Self { sid }
    }

    /// Returns the SID that two attempts have.
    #[must_use]
    pub const fn sid(&self) -> AttemptSid {
        self.sid
    }
}

/// An amount of money, written as `{"value":"0.0075","currency":"usd"}` (seen).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct Price {
    /// The amount, in units of the currency.
    #[serde(with = "rust_decimal::serde::str")]
    pub value: Decimal,
    /// The ISO 4217 code of the currency; both `usd` and `USD` have been seen.
    pub currency: String,
}

impl Price {
    /// Creates a price.
    #[must_use]
    pub fn new(value: Decimal, currency: impl Into<String>) -> Self {
        Self { value, currency: currency.into() }
    }
}

/// The reason that a message was not delivered: a Twilio error code, seen as text (`"30008"`) and as a number (`0`).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum ErrorCode {
    /// Written as a JSON string.
    Text(String),
    /// Written as a JSON number.
    Number(i64),
}

/// The channel's data about an attempt. All fields are optional; `None` is left out of the JSON, except for
/// `error_code`, which is null.
///
/// The statuses are strings, not enums, so that an emulator can send values that a client does not know, or in upper
/// case; both have been seen. `Debug` prints neither the destination nor the values of `extra`.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct ChannelData {
    /// The destination: a phone number in E.164 format (`+` and 1 to 15 digits), or an e-mail address.
    pub to: Option<String>,
    /// The status of the code: `confirmed`, `unconfirmed`, `expired`.
    pub status: Option<String>,
    /// The delivery status of a message: `queued`, `sending`, `sent`, `failed`, `delivered`, `undelivered`,
    /// `receiving`, `received`, `accepted`, `scheduled`, `read`, `partially_delivered`, `canceled`.
    pub message_status: Option<String>,
    /// The status of a call: `queued`, `in-progress`, `completed`, `busy`, `failed`, `no-answer`, `ringing`,
    /// `canceled`.
    pub call_status: Option<String>,
    /// The reason that a message was not delivered.
    pub error_code: Option<ErrorCode>,
    /// The country of the destination.
    pub country: Option<Country>,
    /// The length of the code in characters: 4 to 10.
    pub code_length: Option<u8>,
    /// The language of the message, such as `es` or `pt-BR`.
    pub locale: Option<String>,
    /// The mobile country code of the destination's network: three digits.
    pub mcc: Option<String>,
    /// The mobile network code of the destination's network: two or three digits.
    pub mnc: Option<String>,
    /// The name of the destination's network.
    pub carrier: Option<String>,
    /// Fields unknown to this crate. A field with a known name is not written.
    pub extra: Map<String, Value>,
}

impl fmt::Debug for ChannelData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChannelData")
            .field("to", &self.to.as_ref().map(|_| "[redacted]"))
            .field("status", &self.status)
            .field("message_status", &self.message_status)
            .field("call_status", &self.call_status)
            .field("error_code", &self.error_code)
            .field("country", &self.country)
            .field("code_length", &self.code_length)
            .field("locale", &self.locale)
            .field("mcc", &self.mcc)
            .field("mnc", &self.mnc)
            .field("carrier", &self.carrier)
            .field("extra", &self.extra.keys().collect::<Vec<_>>())
            .finish()
    }
}
