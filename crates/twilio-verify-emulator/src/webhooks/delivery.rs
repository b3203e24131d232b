//! Webhook deliveries and their outcomes.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::Serialize;
use twilio_verify::WebhookEventType;

use crate::values::sid::{ServiceSid, WebhookSid};

/// The delivery of an event to a webhook, past or pending.
///
/// `Debug` prints neither the URL, which may contain a token, nor the parameters, which contain names and metadata.
#[derive(Clone)]
pub struct Delivery {
    pub(crate) number: u64,
    pub(crate) date_created: DateTime<Utc>,
    pub(crate) redelivery_of: Option<u64>,
    pub(crate) webhook_sid: WebhookSid,
    pub(crate) service_sid: ServiceSid,
    pub(crate) event_type: WebhookEventType,
    pub(crate) url: String,
    pub(crate) parameters: Vec<(&'static str, String)>,
    pub(crate) tries: u32,
    pub(crate) outcome: DeliveryOutcome,
    pub(crate) responses: Vec<WebhookResponse>,
}

/// The response to a try, or its failure.
#[derive(Clone, Serialize)]
pub(crate) struct WebhookResponse {
    pub(crate) received: DateTime<Utc>,
    pub(crate) duration_ms: u64,
    /// The HTTP status, or `None` if there was no response.
    pub(crate) status: Option<u16>,
    /// The reason that there was no response.
    pub(crate) error: Option<String>,
    /// The beginning of the body.
    pub(crate) body: Option<String>,
}

/// The outcome of a delivery. Serialised, it is its name in snake case, or an object with its name and data:
/// `"pending"`, `{"refused": {"status": 404}}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DeliveryOutcome {
    /// The delivery waits for its turn or for a retry.
    Pending,
    /// The response was 200, as Twilio requires.
    Delivered {
        /// The HTTP status.
        status: u16,
    },
    /// The response had a status other than 200. Redirects are not followed.
    Refused {
        /// The HTTP status.
        status: u16,
    },
    /// There was no response.
    NoAnswer {
        /// The reason, such as a refused connection. It does not contain the URL.
        reason: String,
    },
    /// The URL is not on this machine, and nothing was sent. An emulator sends only to `localhost` and to loopback
    /// addresses.
    NotLoopback,
    /// 1000 deliveries were pending, so this one was not queued.
    TooManyPending,
    /// The emulator stopped before the delivery was sent.
    Stopped,
}

impl Delivery {
    /// Returns the number of the delivery, from 1.
    #[must_use]
    pub const fn number(&self) -> u64 {
        self.number
    }

    /// Returns when the delivery was queued, by the emulator's clock.
    #[must_use]
    pub const fn date_created(&self) -> DateTime<Utc> {
        self.date_created
    }

    /// Returns the number of the delivery that it repeats, if any.
    #[must_use]
    pub const fn redelivery_of(&self) -> Option<u64> {
        self.redelivery_of
    }

    /// Returns the SID of the webhook: `YW` and 32 hexadecimal digits.
    #[must_use]
    pub fn webhook_sid(&self) -> String {
        self.webhook_sid.to_string()
    }

    /// Returns the service of the event.
    #[must_use]
    pub const fn service_sid(&self) -> ServiceSid {
        self.service_sid
    }

    /// Returns the type of the event.
    #[must_use]
    pub const fn event_type(&self) -> &WebhookEventType {
        &self.event_type
    }

    /// Returns the webhook's URL at the time of the event.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns the parameters of the body, in order. They contain personal data.
    pub fn parameters(&self) -> impl Iterator<Item = (&str, &str)> {
        let parameters = self.parameters.iter();
        parameters.map(|(name, value)| (*name, value.as_str()))
    }

    /// Returns the number of tries.
    #[must_use]
    pub const fn tries(&self) -> u32 {
        self.tries
    }

    /// Returns the outcome; after several tries, it is the outcome of the last one.
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
            Self::Delivered { status } => write!(f, "delivered: status {status}"),
            Self::Refused { status } => write!(f, "not delivered: status {status}"),
            Self::NoAnswer { reason } => write!(f, "not delivered: {reason}"),
            Self::NotLoopback => f.write_str(
                "not delivered: the webhook's URL is not on this machine; use localhost or 127.0.0.1",
            ),
            Self::TooManyPending => f.write_str(
                "not delivered: too many deliveries were pending; is the webhook's server slow or hanging?",
            ),
            Self::Stopped => f.write_str("not delivered: the emulator stopped"),
        }
    }
}
