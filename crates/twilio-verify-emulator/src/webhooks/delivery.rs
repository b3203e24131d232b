//! Webhooks being sent: what, where to, and what became of it.

use std::fmt;

use serde::Serialize;
use twilio_verify::WebhookEventType;

use crate::values::sid::{ServiceSid, WebhookSid};

/// An event that a webhook was, or is to be, told of.
///
/// `Debug` shows neither the URL, which may hold a token, nor the parameters, which hold names and metadata.
#[derive(Clone)]
pub struct Delivery {
    pub(crate) webhook_sid: WebhookSid,
    pub(crate) service_sid: ServiceSid,
    pub(crate) event_type: WebhookEventType,
    pub(crate) url: String,
    pub(crate) parameters: Vec<(&'static str, String)>,
    pub(crate) tries: u32,
    pub(crate) outcome: DeliveryOutcome,
}

/// What became of a delivery. Serialised, its name in snake case, or an object of that and what more there is:
/// `"pending"`, `{"refused": {"status": 404}}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DeliveryOutcome {
    /// It waits for its turn, or for the next try.
    Pending,
    /// The answer was a success: any status of 200 to 299.
    Delivered {
        /// The HTTP status.
        status: u16,
    },
    /// The answer was no success. A redirection is none: it is not followed.
    Refused {
        /// The HTTP status.
        status: u16,
    },
    /// There was no answer.
    NoAnswer {
        /// Why, such as that nobody listens. Without the URL.
        reason: String,
    },
    /// The URL is not one of this machine: nothing was sent. An emulator sends to `localhost` and to loopback
    /// addresses only.
    NotLoopback,
    /// 1000 deliveries were pending: this one was given up at once.
    TooManyPending,
    /// The emulator stopped before.
    Stopped,
}

impl Delivery {
    /// The SID of the webhook: `YW` and 32 hexadecimal digits.
    #[must_use]
    pub fn webhook_sid(&self) -> String {
        self.webhook_sid.to_string()
    }

    /// The service that the event is of.
    #[must_use]
    pub const fn service_sid(&self) -> ServiceSid {
        self.service_sid
    }

    /// What the event tells of.
    #[must_use]
    pub const fn event_type(&self) -> &WebhookEventType {
        &self.event_type
    }

    /// The webhook's URL when the event happened.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The parameters of the body, in their order. They hold personal data.
    pub fn parameters(&self) -> impl Iterator<Item = (&str, &str)> {
        let parameters = self.parameters.iter();
        parameters.map(|(name, value)| (*name, value.as_str()))
    }

    /// How often it was sent, or begun to be.
    #[must_use]
    pub const fn tries(&self) -> u32 {
        self.tries
    }

    /// What became of it; of several tries, what the last one came to.
    #[must_use]
    pub const fn outcome(&self) -> &DeliveryOutcome {
        &self.outcome
    }
}

impl fmt::Debug for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Delivery")
            .field("webhook_sid", &self.webhook_sid)
            .field("service_sid", &self.service_sid)
            .field("event_type", &self.event_type)
            .field("tries", &self.tries)
            .field("outcome", &self.outcome)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for DeliveryOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pending => f.write_str("pending"),
            Self::Delivered { status } => write!(f, "delivered: answered with {status}"),
            Self::Refused { status } => write!(f, "not delivered: answered with {status}"),
            Self::NoAnswer { reason } => write!(f, "not delivered: {reason}"),
            Self::NotLoopback => f.write_str(
                "not delivered: the webhook's URL is not of this machine; have it at localhost or 127.0.0.1",
            ),
            Self::TooManyPending => f.write_str(
                "not delivered: too many deliveries were pending; is the webhook's server slow, or hanging?",
            ),
            Self::Stopped => f.write_str("not delivered: the emulator stopped"),
        }
    }
}
