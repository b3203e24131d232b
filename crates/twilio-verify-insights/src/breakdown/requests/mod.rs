//! Requests for counts and lists: filters, their bounds, how many are sent.

pub(crate) mod ask;
pub(crate) mod bounds;
pub(crate) mod filters;
pub(crate) mod measure;
pub(crate) mod seconds;
