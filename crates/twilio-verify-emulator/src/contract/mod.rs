//! The request checks that the API document declares, and the errors of requests that fail them.

pub(crate) mod code;
pub(crate) mod declared;
pub(crate) mod error;
pub(crate) mod operation;
pub(crate) mod operations;
