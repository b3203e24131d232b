//! Where the files of an archive are.

pub(crate) mod blocking;
pub(crate) mod folder;
pub(crate) mod lock;
pub(crate) mod names;
pub(crate) mod source;
pub(crate) mod store;
