//! The parts that commands share: the connection, requests, lists, prompts,
//! signals and logs.

#[cfg(feature = "exporter")]
pub(crate) mod calls;
pub(crate) mod clock;
pub(crate) mod connection;
pub(crate) mod input;
pub(crate) mod json;
pub(crate) mod lists;
mod log_line;
pub(crate) mod raw;
mod request_log;
pub(crate) mod requests;
pub(crate) mod signals;
pub(crate) mod trace;
