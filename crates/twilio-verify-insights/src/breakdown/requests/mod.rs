//! Requests for counts and lists: their filters, their date bounds, and their number.

pub(crate) mod ask;
pub(crate) mod bounds;
pub(crate) mod filters;
pub(crate) mod measure;
pub(crate) mod seconds;
