//! The file that keeps the account and the attempts between two runs.

pub(crate) mod batch;
pub(crate) mod error;
pub(crate) mod file;
