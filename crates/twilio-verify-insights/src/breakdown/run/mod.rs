//! Runs a plan: summarizes or lists its parts.

pub(crate) mod execute;
pub(crate) mod found;
pub(crate) mod list;
pub(crate) mod node;
pub(crate) mod prefixes;
pub(crate) mod run;
