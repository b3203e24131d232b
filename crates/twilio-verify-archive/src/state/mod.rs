//! What is known of an archive beside its attempts.

pub(crate) mod merge;
pub(crate) mod state;
