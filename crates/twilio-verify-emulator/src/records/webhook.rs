//! The webhooks of services.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use twilio_verify::WebhookEventType;

use crate::tables::parent::Parent;
use crate::tables::table::Record;
use crate::values::sid::{ServiceSid, WebhookSid};

/// The wildcard for all events.
pub(crate) const ALL: &str = "*";

/// The events that a webhook can subscribe to (documented by Twilio).
pub(crate) const EVENTS: [&str; 5] = [
    "factor.created",
    "factor.verified",
    "factor.deleted",
    "challenge.approved",
    "challenge.denied",
];

/// A webhook of a service.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Webhook {
    pub(crate) sid: WebhookSid,
    pub(crate) service_sid: ServiceSid,
    pub(crate) friendly_name: String,
    pub(crate) event_types: Vec<String>,
    pub(crate) status: WebhookStatus,
    pub(crate) version: Version,
    pub(crate) url: String,
    pub(crate) date_created: DateTime<Utc>,
    pub(crate) date_updated: DateTime<Utc>,
}

/// Whether events are sent.
#[derive(Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum WebhookStatus {
    #[default]
    Enabled,
    Disabled,
}

/// The version of the events' format.
#[derive(Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Version {
    V1,
    #[default]
    V2,
}

impl Record for Webhook {
    type Key = WebhookSid;

    fn key(&self) -> WebhookSid {
        self.sid
    }

    fn is_within(&self, parent: &Parent) -> bool {
        matches!(parent, Parent::Service(service) if *service == self.service_sid)
    }
}

impl Webhook {
    /// Whether the webhook receives an event of its service.
    pub(crate) fn wants(&self, event: &WebhookEventType) -> bool {
        let mut wanted = self.event_types.iter();
        self.status == WebhookStatus::Enabled
            && wanted.any(|own| own == ALL || own == event.as_str())
    }
}
