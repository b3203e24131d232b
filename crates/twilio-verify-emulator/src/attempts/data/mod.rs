//! What an attempt is, and what a request can ask of attempts.

pub(crate) mod attempt;
pub(crate) mod body;
pub(crate) mod destination;
pub(crate) mod filter;
pub(crate) mod position;
