//! Bulk requests, and their results.

pub mod countries;
pub mod crowd;
pub mod market;
pub mod posts;
pub mod requests;
pub mod soak;
pub mod summaries;
