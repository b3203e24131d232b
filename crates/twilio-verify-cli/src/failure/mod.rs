//! How a command fails: the exit code and what is written to stderr.

pub(crate) mod exit;
pub(crate) mod feature;
pub(crate) mod flags;
mod rejected;
pub(crate) mod report;
pub(crate) mod usage;
