//! What resources lie within.

use crate::values::sid::{EntitySid, RateLimitSid, ServiceSid};

/// A resource that others lie within: they are deleted with it.
pub(crate) enum Parent {
    Service(ServiceSid),
    RateLimit(RateLimitSid),
    Entity(EntitySid),
}
