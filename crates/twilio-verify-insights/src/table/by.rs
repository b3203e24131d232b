//! The dimensions of a table.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use twilio_verify::Attempt;

use crate::table::label::Label;

/// A dimension of a [`Table`](crate::Table).
///
/// Written and parsed as `country`, `channel`, `service`, `day`, `hour`, `prefix:3`, `carrier`,
/// `locale`, `error-code` and `status`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum By {
    /// The country of the number, as an ISO 3166-1 alpha-2 code. E-mails have none.
    Country,
    /// The channel: `sms`, `call`, `email`, `whatsapp`, `rbm` and any that is newer.
    Channel,
    /// The SID of the service.
    Service,
    /// The day in UTC, as `2026-03-02`.
    Day,
    /// The hour in UTC, as `2026-03-02T21`.
    Hour,
    /// The first digits of the number, after a `+`; 1 to 15 of them. E-mails have none.
    Prefix(u8),
    /// The carrier: its name, or else its mobile country and network code, as `310/260`.
    Carrier,
    /// The language of the message.
    Locale,
    /// Twilio's code for the error that made delivery fail.
    ErrorCode,
    /// The delivery status of the message or the call.
    Status,
}

impl By {
    /// Whether the Summary endpoint can filter by this dimension. The other dimensions need the
    /// list, which holds the last 30 days.
    pub const fn is_summarized(self) -> bool {
        matches!(
            self,
            Self::Country
                | Self::Channel
                | Self::Service
                | Self::Day
                | Self::Hour
                | Self::Prefix(_)
        )
    }

    /// Returns the value that an attempt has in this dimension.
    pub fn of(self, attempt: &Attempt) -> Label {
        let data = attempt.channel_data.as_ref();
        let label: Option<Label> = match self {
            Self::Country => data.and_then(|data| data.country.as_ref()).map(|it| it.code().into()),
            Self::Channel => attempt.channel.as_ref().map(|channel| channel.as_str().into()),
            Self::Service => attempt.service_sid.as_ref().map(|sid| sid.as_str().into()),
            Self::Day => attempt.date_created.map(|date| date.format(DAY).to_string().into()),
            Self::Hour => attempt.date_created.map(|date| date.format(HOUR).to_string().into()),
            Self::Prefix(digits) => {
                let to = data.and_then(|data| data.to.as_ref());
                to.and_then(|to| prefix(to.expose(), digits)).map(Label::from)
            }
            Self::Carrier => data.and_then(|data| {
                let name = data.carrier.as_deref().filter(|name| !name.is_empty());
                let codes = || Some(format!("{}/{}", data.mcc.as_ref()?, data.mnc.as_ref()?));
                name.map(Label::from).or_else(|| codes().map(Label::from))
            }),
            Self::Locale => data.and_then(|data| data.locale.as_deref()).map(Label::from),
            Self::ErrorCode => {
                // 0 means no error, as an absent code does.
                let code = data.and_then(|data| data.error_code.as_deref());
                code.filter(|code| *code != "0").map(Label::from)
            }
            Self::Status => data.and_then(|data| {
                let message = data.message_status.as_ref().map(|status| status.as_str());
                let call = data.call_status.as_ref().map(|status| status.as_str());
                message.or(call).map(|status| status.to_ascii_lowercase().into())
            }),
        };
        label.filter(|label| label.as_str() != Some("")).into()
    }
}

/// The formats of days and hours.
pub(crate) const DAY: &str = "%Y-%m-%d";
pub(crate) const HOUR: &str = "%Y-%m-%dT%H";

/// Returns the `+` and the first digits of a number, or the whole number if it is shorter.
pub(crate) fn prefix(to: &str, digits: u8) -> Option<&str> {
    let number = to.strip_prefix('+')?;
    if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    to.get(..=usize::from(digits).min(number.len()))
}

impl fmt::Display for By {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Country => "country",
            Self::Channel => "channel",
            Self::Service => "service",
            Self::Day => "day",
            Self::Hour => "hour",
            Self::Prefix(digits) => return write!(f, "prefix:{digits}"),
            Self::Carrier => "carrier",
            Self::Locale => "locale",
            Self::ErrorCode => "error-code",
            Self::Status => "status",
        })
    }
}

/// Why a text is not a dimension.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseByError {
    /// No dimension has this name.
    #[error(
        "unknown dimension; one of country, channel, service, day, hour, prefix:DIGITS, carrier, \
         locale, error-code, status"
    )]
    Unknown,
    /// The number of a prefix's digits is missing or out of range.
    #[error("a prefix has 1 to 15 digits: write `prefix:5`")]
    Digits,
}

impl FromStr for By {
    type Err = ParseByError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(match text.trim() {
            "country" => Self::Country,
            "channel" => Self::Channel,
            "service" => Self::Service,
            "day" => Self::Day,
            "hour" => Self::Hour,
            "carrier" => Self::Carrier,
            "locale" => Self::Locale,
            "error-code" => Self::ErrorCode,
            "status" => Self::Status,
            "prefix" => return Err(ParseByError::Digits),
            other => {
                let digits = other.strip_prefix("prefix:").ok_or(ParseByError::Unknown)?;
                match digits.parse() {
                    Ok(digits @ 1..=15) => Self::Prefix(digits),
                    _ => return Err(ParseByError::Digits),
                }
            }
        })
    }
}

impl Serialize for By {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for By {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
