//! Breakdowns of an archive.

pub(crate) mod breakdown;
