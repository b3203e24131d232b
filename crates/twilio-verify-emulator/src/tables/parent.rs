//! The parents of resources.

use crate::values::sid::{EntitySid, RateLimitSid, ServiceSid};

/// A resource that contains others, which are deleted with it.
pub(crate) enum Parent {
    Service(ServiceSid),
    RateLimit(RateLimitSid),
    Entity(EntitySid),
}
