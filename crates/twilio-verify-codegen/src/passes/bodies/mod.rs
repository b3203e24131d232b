//! Bodies that are sent and received: requests, responses, pages and errors.

pub(crate) mod errors;
pub(crate) mod pages;
pub(crate) mod requests;
pub(crate) mod responses;
