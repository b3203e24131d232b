//! Events for webhooks.

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
    /// The type of the factor, such as `push`.
    pub(crate) factor_type: &'static str,
    /// The challenge, if the event belongs to one.
    pub(crate) challenge_sid: Option<ChallengeSid>,
}
