//! The state of an archive: what is known of it besides its attempts.

pub(crate) mod merge;
pub(crate) mod state;
