//! Requests: checks of their values, lists, and raw requests.

pub(crate) mod check;
pub(crate) mod destination_prefix;
pub(crate) mod macros;
pub(crate) mod paging;
pub(crate) mod raw;
