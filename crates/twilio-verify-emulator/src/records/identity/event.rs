//! The events that webhooks receive.

use chrono::{DateTime, Utc};
use twilio_verify::WebhookEventType;

use crate::values::sid::{ChallengeSid, EntitySid, FactorSid, ServiceSid};

/// An event of a factor or a challenge.
#[derive(Clone)]
pub(crate) struct Event {
    pub(crate) event_type: WebhookEventType,
    pub(crate) service_sid: ServiceSid,
    pub(crate) entity_sid: EntitySid,
    pub(crate) identity: String,
    /// The factor of the event, or of its challenge.
    pub(crate) factor_sid: FactorSid,
    /// Such as `push`.
    pub(crate) factor_type: String,
    pub(crate) factor_friendly_name: String,
    /// What the caller stored with the factor: JSON.
    pub(crate) factor_metadata: Option<String>,
    /// The challenge, if it is an event of one.
    pub(crate) challenge: Option<ChallengeEvent>,
    /// When the factor or the challenge was created.
    pub(crate) date_created: DateTime<Utc>,
    /// When it last changed.
    pub(crate) date_updated: DateTime<Utc>,
}

/// The data of a challenge in an event.
#[derive(Clone)]
pub(crate) struct ChallengeEvent {
    pub(crate) sid: ChallengeSid,
    /// What the caller stored with the challenge, hidden from the user: JSON.
    pub(crate) hidden_details: Option<String>,
}
