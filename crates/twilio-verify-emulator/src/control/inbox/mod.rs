//! What recipients get: verifications, messages, codes and outcomes.

pub(crate) mod outbox;
pub(crate) mod sending;
pub(crate) mod sna;
pub(crate) mod verifications;
