//! The client, and the settings that it is built from.

pub(crate) mod builder;
#[expect(
    clippy::module_inception,
    reason = "the folder is named after what is in it"
)]
pub(crate) mod client;
