//! The row of an attempt.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::Serialize;

use crate::numbers::numbers::NumbersMode;

/// An attempt as an archive keeps it: all fields, and the part of its number that
/// [`Numbers`](crate::Numbers) selects.
///
/// Texts are kept as Twilio writes them, with enum values in lower case. A serialized row has the
/// names of the file's columns, except that `url` holds the whole URL.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Row {
    /// The SID of the attempt.
    pub sid: Box<str>,
    /// When the attempt was made, to the millisecond.
    pub date_created: DateTime<Utc>,
    /// When the attempt last changed, to the millisecond.
    pub date_updated: Option<DateTime<Utc>>,
    /// The account.
    pub account_sid: Option<Box<str>>,
    /// The service that sent it.
    pub service_sid: Option<Box<str>>,
    /// The verification that it belongs to.
    pub verification_sid: Option<Box<str>>,
    /// The channel, such as `sms`.
    pub channel: Option<Box<str>>,
    /// `converted` or `unconverted`.
    pub conversion_status: Option<Box<str>>,
    /// The country of the number, as an ISO 3166-1 alpha-2 code.
    pub country: Option<Box<str>>,
    /// The kept part of the number or e-mail address.
    pub destination: Option<Private>,
    /// The hash of the whole number or address: 32 hexadecimal digits.
    pub destination_hash: Option<Box<str>>,
    /// The name of the carrier.
    pub carrier: Option<Box<str>>,
    /// The mobile country code.
    pub mcc: Option<Box<str>>,
    /// The mobile network code.
    pub mnc: Option<Box<str>>,
    /// The language of the message.
    pub locale: Option<Box<str>>,
    /// The status of the message.
    pub message_status: Option<Box<str>>,
    /// The status of the call.
    pub call_status: Option<Box<str>>,
    /// Twilio's error code if delivery failed; `0` means no error.
    pub error_code: Option<Box<str>>,
    /// The outcome of the code: `confirmed`, `unconfirmed`, `expired`.
    pub status: Option<Box<str>>,
    /// How many characters the code had.
    pub code_length: Option<i64>,
    /// The price, in units of its currency. Twilio's `price` excludes the fee for a success.
    pub price: Option<Decimal>,
    /// The currency's ISO 4217 code, as received: Twilio writes it in lower case.
    pub price_currency: Option<Box<str>>,
    /// The URL of the attempt.
    pub url: Option<Box<str>>,
    /// The verification that the channel's data names.
    pub channel_verification_sid: Option<Box<str>>,
    /// The fields of `channel_data` that this version doesn't know, as JSON.
    pub channel_data_other: Option<Private>,
    /// The fields of `price` that this version doesn't know, as JSON.
    pub price_other: Option<Private>,
    /// The fields that could not be parsed: an object of their JSON by path.
    pub unread: Option<Private>,
    /// The mode in which numbers are kept.
    #[serde(skip)]
    pub(crate) numbers: NumbersMode,
}

/// A text that may be personal data: `Debug` doesn't show it.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Private(Box<str>);

impl Private {
    /// Returns the text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Private {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<Box<str>> for Private {
    fn from(text: Box<str>) -> Self {
        Self(text)
    }
}

impl AsRef<str> for Private {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Private {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[redacted]")
    }
}

impl Row {
    /// Creates a row without optional fields.
    pub(crate) fn new(sid: Box<str>, date_created: DateTime<Utc>, numbers: NumbersMode) -> Self {
        Self {
            sid,
            date_created,
            date_updated: None,
            account_sid: None,
            service_sid: None,
            verification_sid: None,
            channel: None,
            conversion_status: None,
            country: None,
            destination: None,
            destination_hash: None,
            carrier: None,
            mcc: None,
            mnc: None,
            locale: None,
            message_status: None,
            call_status: None,
            error_code: None,
            status: None,
            code_length: None,
            price: None,
            price_currency: None,
            url: None,
            channel_verification_sid: None,
            channel_data_other: None,
            price_other: None,
            unread: None,
            numbers,
        }
    }

    /// Returns the day of the row's file: the UTC day on which the attempt was made.
    pub fn day(&self) -> NaiveDate {
        self.date_created.date_naive()
    }

    /// Returns the mode in which the row keeps numbers.
    pub const fn numbers(&self) -> NumbersMode {
        self.numbers
    }
}
