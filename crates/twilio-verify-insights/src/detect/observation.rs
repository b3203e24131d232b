//! Observations: what a detector knows about an attempt.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use twilio_verify::{Attempt, ConversionStatus, Redacted};

use crate::table::by::{By, prefix};
use crate::table::cost::Currency;
use crate::table::label::Label;

/// What a [`Detector`](crate::Detector) knows about an attempt: a live one ([`of`](Self::of)), a row of an archive,
/// or your own data.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Observation {
    /// The SID of the attempt. An observation with the same SID replaces the earlier one.
    pub sid: Label,
    /// When the attempt was made.
    pub created: DateTime<Utc>,
    /// When the attempt last changed.
    pub updated: Option<DateTime<Utc>>,
    /// The SID of the service.
    pub service: Label,
    /// The country of the number, as an ISO 3166-1 alpha-2 code.
    pub country: Label,
    /// The channel.
    pub channel: Label,
    /// The number with a `+` and without its last four digits. `NONE` for e-mails.
    pub block: Label,
    /// The last four digits of the number, if known.
    pub last_four: Option<Redacted<u16>>,
    /// The carrier: its name, or else its mobile country and network code.
    pub carrier: Label,
    /// Whether the attempt converted. `None` if its conversion status says neither.
    pub converted: Option<bool>,
    /// Whether the message or call was not delivered.
    pub undelivered: bool,
    /// Twilio's code for the error that made delivery fail.
    pub error_code: Label,
    /// The price, if known.
    pub price: Option<(Currency, Decimal)>,
}

/// The statuses of messages and calls that were not delivered.
const UNDELIVERED: [&str; 6] =
    ["undelivered", "failed", "no-answer", "busy", "canceled", "rejected"];

impl Observation {
    /// Creates an observation that has only a SID and a date of creation.
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

    /// Sets [`block`](Self::block) and [`last_four`](Self::last_four) from a number in E.164 format. Clears both
    /// for anything else, such as an e-mail address.
    #[must_use]
    pub fn to(mut self, number: &str) -> Self {
        let digits = prefix(number, u8::MAX).filter(|digits| digits.len() > 5);
        let parts = digits.and_then(|digits| digits.split_at_checked(digits.len() - 4));
        self.block = parts.map(|(block, _)| block).into();
        self.last_four = parts.and_then(|(_, last_four)| last_four.parse().ok()).map(Redacted::new);
        self
    }

    /// Whether a status of a message or call means that it was not delivered. Ignores case.
    pub fn is_undelivered(status: &str) -> bool {
        UNDELIVERED.iter().any(|known| known.eq_ignore_ascii_case(status))
    }

    /// Creates the observation of an attempt. Returns `None` if it has no SID or no date of creation.
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
