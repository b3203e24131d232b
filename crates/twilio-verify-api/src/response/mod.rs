//! Responses: how they are read, and their parts.

pub(crate) mod extra;
pub(crate) mod field_path;
pub(crate) mod fields;
pub mod lenient;
pub(crate) mod page;
pub(crate) mod read;
pub(crate) mod resource;
#[cfg(feature = "schemas")]
pub(crate) mod schemas;
pub(crate) mod unread;
