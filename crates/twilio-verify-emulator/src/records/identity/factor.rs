//! The factors of entities.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use twilio_verify::WebhookEventType;

use crate::records::identity::device::Device;
use crate::records::identity::event::Event;
use crate::records::identity::passkey::Passkey;
use crate::records::identity::totp::Totp;
use crate::tables::parent::Parent;
use crate::tables::table::Record;
use crate::values::sid::{EntitySid, FactorSid, ServiceSid};

/// The status of a factor.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum FactorStatus {
    Unverified,
    Verified,
}

/// The type of a factor.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum FactorType {
    Push,
    Totp,
    Passkeys,
}

impl FactorType {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Push => "push",
            Self::Totp => "totp",
            Self::Passkeys => "passkeys",
        }
    }
}

/// The data that verifies a factor.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum FactorKind {
    Push(Device),
    Totp(Totp),
    Passkeys(Passkey),
}

impl FactorKind {
    pub(crate) fn factor_type(&self) -> FactorType {
        match self {
            Self::Push(_) => FactorType::Push,
            Self::Totp(_) => FactorType::Totp,
            Self::Passkeys(_) => FactorType::Passkeys,
        }
    }

    /// Whether another factor has the same public key or secret.
    pub(crate) fn has_binding_of(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Push(own), Self::Push(other)) => own.public_key == other.public_key,
            (Self::Totp(own), Self::Totp(other)) => own.has_secret_of(other),
            _ => false,
        }
    }
}

/// A factor. It has no `Debug`, as it contains secrets and personal data.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Factor {
    pub(crate) sid: FactorSid,
    pub(crate) service_sid: ServiceSid,
    pub(crate) entity_sid: EntitySid,
    pub(crate) identity: String,
    pub(crate) friendly_name: String,
    pub(crate) status: FactorStatus,
    /// The number of wrong codes that were submitted before it was verified.
    #[serde(default)]
    pub(crate) wrong_codes: u32,
    pub(crate) kind: FactorKind,
    pub(crate) metadata: Option<Map<String, Value>>,
    pub(crate) date_created: DateTime<Utc>,
    pub(crate) date_updated: DateTime<Utc>,
}

impl Record for Factor {
    type Key = FactorSid;

    fn key(&self) -> FactorSid {
        self.sid
    }

    fn is_within(&self, parent: &Parent) -> bool {
        match parent {
            Parent::Service(sid) => self.service_sid == *sid,
            Parent::Entity(sid) => self.entity_sid == *sid,
            Parent::RateLimit(_) => false,
        }
    }
}

impl Factor {
    /// Creates an event of the factor, for webhooks.
    pub(crate) fn event(&self, event_type: WebhookEventType) -> Event {
        Event {
            event_type,
            service_sid: self.service_sid,
            identity: self.identity.clone(),
            factor_sid: self.sid,
            factor_type: self.kind.factor_type().as_str(),
            challenge_sid: None,
        }
    }

    pub(crate) fn is_verified(&self) -> bool {
        self.status == FactorStatus::Verified
    }
}

/// Formats a JSON object as text.
pub(crate) fn json_text(object: &Map<String, Value>) -> String {
    Value::from(object.clone()).to_string()
}
