//! The parts of HTTP that the API's client and OAuth share.

pub(crate) mod body;
#[cfg(feature = "testing")]
pub(crate) mod canned;
pub(crate) mod client;
pub(crate) mod connection_failure;
pub(crate) mod endpoint;
pub(crate) mod response;
pub(crate) mod retry_after;
pub(crate) mod user_agent;
