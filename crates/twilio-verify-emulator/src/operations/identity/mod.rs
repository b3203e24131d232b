//! Entities, their factors and their challenges.

pub(crate) mod access_tokens;
pub(crate) mod challenges;
pub(crate) mod devices;
pub(crate) mod entities;
pub(crate) mod factors;
pub(crate) mod notifications;
pub(crate) mod passkeys;
