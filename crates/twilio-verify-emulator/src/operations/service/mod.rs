//! Services and what belongs to them.

pub(crate) mod buckets;
pub(crate) mod messaging_configurations;
pub(crate) mod rate_limits;
pub(crate) mod services;
pub(crate) mod webhooks;
