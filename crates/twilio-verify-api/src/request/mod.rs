//! Requests: their builders, their checks, and their senders.

pub(crate) mod builder;
pub(crate) mod error;
pub(crate) mod faults;
pub(crate) mod future;
pub(crate) mod http_request;
pub(crate) mod json_text;
pub(crate) mod list;
pub(crate) mod list_request;
pub(crate) mod request;
pub(crate) mod sender;
