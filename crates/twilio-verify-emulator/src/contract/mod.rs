//! What the API document declares of requests, and the errors of those that break it.

pub(crate) mod code;
pub(crate) mod declared;
pub(crate) mod error;
pub(crate) mod operation;
pub(crate) mod operations;
