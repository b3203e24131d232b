//! How the client sends requests: those of builders, raw requests, and lists.

pub(crate) mod paging;
pub(crate) mod raw;
pub(crate) mod sender;
