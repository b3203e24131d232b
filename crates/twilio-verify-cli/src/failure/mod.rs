//! Reports failures of commands: their exit code and what they write to stderr.

pub(crate) mod exit;
pub(crate) mod feature;
pub(crate) mod flags;
mod rejected;
pub(crate) mod report;
pub(crate) mod usage;
