//! Verification attempts: their types, and their JSON as the API writes it.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, SecondsFormat, Utc};
use rust_decimal::Decimal;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use crate::values::country::Country;
use crate::values::sid::{AttemptSid, ServiceSid, VerificationSid};

/// A text is none of the values that it may be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown value: expected one of {expected}")]
pub struct UnknownValue {
    expected: &'static str,
}

macro_rules! values {
    ($(#[$doc:meta])* $name:ident: $expected:literal { $($(#[$value_doc:meta])* $value:ident = $text:literal),+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$value_doc])* $value),+
        }

        impl $name {
            /// Every value, in the API's order.
            pub const ALL: &'static [Self] = &[$(Self::$value),+];

            /// The value as the API writes it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$value => $text),+ }
            }
        }

        impl FromStr for $name {
            type Err = UnknownValue;

            /// Reads a value as the API writes it, in lower case.
            fn from_str(text: &str) -> Result<Self, UnknownValue> {
                match text {
                    $($text => Ok(Self::$value),)+
                    _ => Err(UnknownValue { expected: $expected }),
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(D::Error::custom)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
    };
}

values! {
    /// What carried a code. The five that Twilio documents for attempts and their summary.
    Channel: "sms, call, email, whatsapp, rbm" {
        /// A text message.
        Sms = "sms",
        /// A voice call.
        Call = "call",
        /// An e-mail.
        Email = "email",
        /// A WhatsApp message.
        Whatsapp = "whatsapp",
        /// An RCS Business message.
        Rbm = "rbm"
    }
}

values! {
    /// Whether the person gave the right code back (documented by Twilio).
    ConversionStatus: "converted, unconverted" {
        /// The right code came back.
        Converted = "converted",
        /// It did not, or not yet.
        Unconverted = "unconverted"
    }
}

/// One message, call or e-mail that carried a code, and what became of it.
///
/// An attempt belongs to the account of the emulator that holds it, which adds `account_sid` and `url` to its
/// answers. Serialised, it has the API's own shape without these two, and [`load_str`](crate::load_str) reads
/// it back.
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
    /// Identifies the attempt.
    pub sid: AttemptSid,
    /// The service that made it.
    pub service_sid: ServiceSid,
    /// The verification that it was made for; a re-sent code is a further attempt of the same one.
    pub verification_sid: VerificationSid,
    /// When it was made. Kept to the second, as Twilio writes it: a fraction is cut off.
    pub date_created: DateTime<Utc>,
    /// When it last changed. Kept to the second too.
    pub date_updated: DateTime<Utc>,
    /// Whether the person gave the right code back.
    pub conversion_status: ConversionStatus,
    /// What carried the code.
    pub channel: Channel,
    /// What it cost. `None`, written as null, until the price is known: up to a day (documented by Twilio).
    pub price: Option<Price>,
    /// What the channel knows of it.
    pub channel_data: ChannelData,
}

impl Attempt {
    /// An attempt that did not convert, with nothing known but this. The rest are public fields.
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
    /// An amount of a currency.
    #[must_use]
    pub fn new(value: Decimal, currency: impl Into<String>) -> Self {
        Self {
            value,
            currency: currency.into(),
        }
    }
}

/// Why a message was not delivered: a Twilio error code, seen as text (`"30008"`) and as a number (`0`).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum ErrorCode {
    /// Written as a JSON string.
    Text(String),
    /// Written as a JSON number.
    Number(i64),
}

/// What the channel knows of an attempt. All of it is optional; what is `None` is left out of the JSON, except
/// `error_code`, which is null then.
///
/// The statuses are texts, not enums, so that an emulator can send values that a client does not know, or in
/// upper case, as both have been seen. `Debug` prints neither the destination nor the values of `extra`.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct ChannelData {
    /// The destination: a phone number in E.164 format (`+` and 1 to 15 digits), or an e-mail address.
    pub to: Option<String>,
    /// What became of the code: `confirmed`, `unconfirmed`, `expired`.
    pub status: Option<String>,
    /// How far a message got: `queued`, `sending`, `sent`, `failed`, `delivered`, `undelivered`, `receiving`,
    /// `received`, `accepted`, `scheduled`, `read`, `partially_delivered`, `canceled`.
    pub message_status: Option<String>,
    /// How far a call got: `queued`, `in-progress`, `completed`, `busy`, `failed`, `no-answer`, `ringing`,
    /// `canceled`.
    pub call_status: Option<String>,
    /// Why a message was not delivered.
    pub error_code: Option<ErrorCode>,
    /// The country of the destination.
    pub country: Option<Country>,
    /// How many characters the code had: 4 to 10.
    pub code_length: Option<u8>,
    /// The language of the message, such as `es` or `pt-BR`.
    pub locale: Option<String>,
    /// The mobile country code of the destination's network: three digits.
    pub mcc: Option<String>,
    /// The mobile network code of the destination's network: two or three digits.
    pub mnc: Option<String>,
    /// The name of the destination's network.
    pub carrier: Option<String>,
    /// Fields that this crate does not know. A known name in here is not written.
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

/// An attempt as one emulator answers it: with the account and the absolute URL.
#[derive(Serialize)]
pub(crate) struct AttemptBody<'a> {
    sid: AttemptSid,
    #[serde(skip_serializing_if = "Option::is_none")]
    account_sid: Option<&'a str>,
    service_sid: ServiceSid,
    verification_sid: VerificationSid,
    date_created: String,
    date_updated: String,
    conversion_status: ConversionStatus,
    channel: Channel,
    price: Option<&'a Price>,
    channel_data: ChannelDataBody<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

#[derive(Serialize)]
struct ChannelDataBody<'a> {
    verification_sid: VerificationSid,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message_status: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    call_status: Option<&'a str>,
    error_code: Option<&'a ErrorCode>,
    #[serde(skip_serializing_if = "Option::is_none")]
    country: Option<Country>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code_length: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    locale: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mcc: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mnc: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    carrier: Option<&'a str>,
    #[serde(flatten)]
    extra: Extra<'a>,
}

/// The fields of `channel_data` that have a place of their own.
const CHANNEL_DATA_FIELDS: [&str; 12] = [
    "verification_sid",
    "to",
    "status",
    "message_status",
    "call_status",
    "error_code",
    "country",
    "code_length",
    "locale",
    "mcc",
    "mnc",
    "carrier",
];

struct Extra<'a>(&'a Map<String, Value>);

impl Serialize for Extra<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(
            self.0
                .iter()
                .filter(|(name, _)| !CHANNEL_DATA_FIELDS.contains(&name.as_str())),
        )
    }
}

impl Attempt {
    pub(crate) fn body<'a>(
        &'a self,
        account_sid: Option<&'a str>,
        url: Option<String>,
    ) -> AttemptBody<'a> {
        let data = &self.channel_data;
        AttemptBody {
            sid: self.sid,
            account_sid,
            service_sid: self.service_sid,
            verification_sid: self.verification_sid,
            date_created: date_text(self.date_created),
            date_updated: date_text(self.date_updated),
            conversion_status: self.conversion_status,
            channel: self.channel,
            price: self.price.as_ref(),
            channel_data: ChannelDataBody {
                verification_sid: self.verification_sid,
                to: data.to.as_deref(),
                status: data.status.as_deref(),
                message_status: data.message_status.as_deref(),
                call_status: data.call_status.as_deref(),
                error_code: data.error_code.as_ref(),
                country: data.country,
                code_length: data.code_length,
                locale: data.locale.as_deref(),
                mcc: data.mcc.as_deref(),
                mnc: data.mnc.as_deref(),
                carrier: data.carrier.as_deref(),
                extra: Extra(&data.extra),
            },
            url,
        }
    }
}

impl Serialize for Attempt {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.body(None, None).serialize(serializer)
    }
}

/// `yyyy-MM-dd'T'HH:mm:ss'Z'`, Twilio's format.
fn date_text(date: DateTime<Utc>) -> String {
    date.to_rfc3339_opts(SecondsFormat::Secs, true)
}
