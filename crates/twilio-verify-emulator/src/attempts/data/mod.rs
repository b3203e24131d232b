//! Attempts, and the filters that requests use.

pub(crate) mod attempt;
pub(crate) mod body;
pub(crate) mod destination;
pub(crate) mod filter;
pub(crate) mod position;
