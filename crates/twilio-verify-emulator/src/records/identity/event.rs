//! The events that webhooks receive.

use twilio_verify::WebhookEventType;

use crate::values::sid::{ChallengeSid, FactorSid, ServiceSid};

/// An event of a factor or a challenge.
#[derive(Clone)]
pub(crate) struct Event {
    pub(crate) event_type: WebhookEventType,
    pub(crate) service_sid: ServiceSid,
    pub(crate) identity: String,
    /// The factor of the event, or of its challenge.
    pub(crate) factor_sid: FactorSid,
    /// Such as `push`.
    pub(crate) factor_type: &'static str,
    /// The challenge, if it is an event of one.
    pub(crate) challenge_sid: Option<ChallengeSid>,
}
