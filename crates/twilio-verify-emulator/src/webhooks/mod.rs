//! Webhook deliveries and their payload.

pub(crate) mod deliveries;
pub(crate) mod delivery;
pub(crate) mod payload;
