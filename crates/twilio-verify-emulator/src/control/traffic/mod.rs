//! Requests to the emulator, what goes wrong with them, and its own requests to webhooks.

pub(crate) mod deliveries;
pub(crate) mod faults;
pub(crate) mod hidden;
pub(crate) mod requests;
