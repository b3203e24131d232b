//! The commands, a file each.

pub(crate) mod emulator;
pub(crate) mod schema;
pub(crate) mod verify;

mod access_tokens;
mod args;
mod attempts;
mod buckets;
mod challenges;
mod entities;
mod factors;
mod forms;
mod messaging_configurations;
mod rate_limits;
mod safe_list;
mod services;
mod templates;
mod verifications;
mod webhooks;
