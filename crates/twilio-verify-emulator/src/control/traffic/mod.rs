//! Requests to the emulator, the faults that hit them, and the emulator's own requests to webhooks.

pub(crate) mod deliveries;
pub(crate) mod faults;
pub(crate) mod hidden;
pub(crate) mod requests;
