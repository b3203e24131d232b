//! `/_emulator/`: what the API has no operation for.

pub(crate) mod access;
pub(crate) mod attempts;
pub(crate) mod changes;
pub(crate) mod clock;
pub(crate) mod deliveries;
pub(crate) mod faults;
pub(crate) mod health;
pub(crate) mod outbox;
pub(crate) mod page;
pub(crate) mod requests;
pub(crate) mod reset;
pub(crate) mod router;
pub(crate) mod sending;
pub(crate) mod sna;
pub(crate) mod summary;
