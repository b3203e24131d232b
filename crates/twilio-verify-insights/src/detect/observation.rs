//! What a detector knows of an attempt.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use twilio_verify::{Attempt, ConversionStatus, Redacted};

use crate::table::by::{By, prefix};
use crate::table::cost::Currency;
use crate::table::label::Label;

/// What a [`Detector`](crate::Detector) knows of an attempt: of a live one ([`of`](Self::of)), of a
/// row of an archive, or of data of one's own.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Observation {
    /// The SID of the attempt. An observation of the same SID replaces the one before.
    pub sid: Label,
    /// When it was made.
    pub created: DateTime<Utc>,
    /// When it last changed.
    pub updated: Option<DateTime<Utc>>,
    /// The SID of the service.
    pub service: Label,
    /// The country of the number, as an ISO 3166-1 alpha-2 code.
    pub country: Label,
    /// The channel.
    pub channel: Label,
    /// The number without its last four digits, with a `+`. E-mails have none.
    pub block: Label,
    /// The last four digits of the number, where they are known.
    pub last_four: Option<Redacted<u16>>,
    /// The carrier: its name, or else its mobile country and network code.
    pub carrier: Label,
    /// Whether it converted. `None` of a conversion status that is neither.
    pub converted: Option<bool>,
    /// Whether the message or the call did not arrive.
    pub undelivered: bool,
    /// Twilio's code of the error with which delivery failed.
    pub error_code: Label,
    /// The price, where it is known.
    pub price: Option<(Currency, Decimal)>,
}

/// The statuses of messages and calls that did not arrive.
const UNDELIVERED: [&str; 6] =
    ["undelivered", "failed", "no-answer", "busy", "canceled", "rejected"];

impl Observation {
    /// An observation with a SID and a date of creation, and nothing else.
    pub fn new(sid: impl Into<Label>, created: DateTime<Utc>) -> Self {
        Self {
            sid: sid.into(),
            created,
            updated: None,
            service: Label::NONE,
            country: Label::NONE,
            channel: Label::NONE,
            block: Label::NONE,
            last_four: None,
            carrier: Label::NONE,
            converted: None,
            undelivered: false,
            error_code: Label::NONE,
            price: None,
        }
    }

    /// To a number, in E.164 format: sets [`block`](Self::block) and [`last_four`](Self::last_four). Anything else,
    /// such as an e-mail address, sets none.
    #[must_use]
    pub fn to(mut self, number: &str) -> Self {
        let digits = prefix(number, u8::MAX).filter(|digits| digits.len() > 5);
        let parts = digits.and_then(|digits| digits.split_at_checked(digits.len() - 4));
        self.block = parts.map(|(block, _)| block).into();
        self.last_four = parts.and_then(|(_, last_four)| last_four.parse().ok()).map(Redacted::new);
        self
    }

    /// Whether a status of a message or a call, in any case, says that it did not arrive.
    pub fn is_undelivered(status: &str) -> bool {
        UNDELIVERED.iter().any(|known| known.eq_ignore_ascii_case(status))
    }

    /// Of an attempt. `None` without a SID or a date of creation.
    pub fn of(attempt: &Attempt) -> Option<Self> {
        let mut observation = Self::new(attempt.sid.as_ref()?.as_str(), attempt.date_created?);
        observation.updated = attempt.date_updated;
        observation.service = By::Service.of(attempt);
        observation.country = By::Country.of(attempt);
        observation.channel = By::Channel.of(attempt);
        observation.carrier = By::Carrier.of(attempt);
        observation.error_code = By::ErrorCode.of(attempt);
        observation.converted = match &attempt.conversion_status {
            Some(ConversionStatus::Converted) => Some(true),
            Some(ConversionStatus::Unconverted) => Some(false),
            _ => None,
        };
        if let Some(price) = &attempt.price
            && let Some(value) = price.value
        {
            let currency = Currency::of_price(price.currency.as_deref().unwrap_or_default());
            observation.price = currency.map(|currency| (currency, value));
        }
        if let Some(data) = &attempt.channel_data {
            let status = By::Status.of(attempt);
            observation.undelivered = status.as_str().is_some_and(Self::is_undelivered);
            if let Some(to) = &data.to {
                observation = observation.to(to.expose());
            }
        }
        Some(observation)
    }
}
