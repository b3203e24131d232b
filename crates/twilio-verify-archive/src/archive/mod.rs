//! The handle of an archive.

pub(crate) mod archive;
pub(crate) mod writer;
