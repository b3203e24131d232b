//! What webhooks tell of.

use chrono::{DateTime, Utc};
use twilio_verify::WebhookEventType;

use crate::values::sid::{ChallengeSid, EntitySid, FactorSid, ServiceSid};

/// Something that happened to a factor or a challenge.
#[derive(Clone)]
pub(crate) struct Event {
    pub(crate) event_type: WebhookEventType,
    pub(crate) service_sid: ServiceSid,
    pub(crate) entity_sid: EntitySid,
    pub(crate) identity: String,
    /// The factor that it happened to, or that was challenged.
    pub(crate) factor_sid: FactorSid,
    /// Such as `push`.
    pub(crate) factor_type: String,
    pub(crate) factor_friendly_name: String,
    /// What the caller stored with the factor: JSON.
    pub(crate) factor_metadata: Option<String>,
    /// If it happened to a challenge.
    pub(crate) challenge: Option<ChallengeEvent>,
    /// When the factor or the challenge was made.
    pub(crate) date_created: DateTime<Utc>,
    /// When it last changed.
    pub(crate) date_updated: DateTime<Utc>,
}

/// What an event of a challenge tells more.
#[derive(Clone)]
pub(crate) struct ChallengeEvent {
    pub(crate) sid: ChallengeSid,
    /// What the caller stored with the challenge, and shows to nobody: JSON.
    pub(crate) hidden_details: Option<String>,
}
