//! What the operations share: calls, responses and lists.

pub(crate) mod call;
pub(crate) mod list;
pub(crate) mod request;
pub(crate) mod response;
