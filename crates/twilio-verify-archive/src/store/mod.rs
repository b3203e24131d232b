//! Stores the files of an archive.

pub(crate) mod blocking;
#[cfg(feature = "object-store")]
pub(crate) mod bucket;
pub(crate) mod folder;
#[cfg(feature = "object-store")]
pub(crate) mod lease;
pub(crate) mod lock;
pub(crate) mod names;
pub(crate) mod source;
pub(crate) mod store;
#[cfg(feature = "object-store")]
pub(crate) mod url;
