//! The client, and the settings that it is built from.

pub(crate) mod builder;
pub(crate) mod client;
