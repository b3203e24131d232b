//! The handle of an archive.

pub(crate) mod archive;
pub(crate) mod locks;
pub(crate) mod writer;
