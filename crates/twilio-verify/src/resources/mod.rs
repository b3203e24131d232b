//! The resources of the API, one file each: its door on `Client` or on a context, and its
//! operations.

pub(crate) mod access_tokens;
pub(crate) mod attempts;
pub(crate) mod buckets;
pub(crate) mod challenges;
pub(crate) mod entities;
pub(crate) mod factors;
pub(crate) mod forms;
pub(crate) mod messaging_configurations;
pub(crate) mod notifications;
pub(crate) mod passkeys;
pub(crate) mod rate_limits;
pub(crate) mod safe_list;
pub(crate) mod services;
pub(crate) mod templates;
pub(crate) mod verifications;
pub(crate) mod webhooks;
