//! Requests before they are sent: the checks of their values, and lists.

pub(crate) mod check;
pub(crate) mod destination_prefix;
pub(crate) mod macros;
pub(crate) mod paging;
