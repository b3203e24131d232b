//! The chores, one per file. Each has `Options` (its command line) and a `run` function.

pub mod diff;
pub mod docs;
pub mod features;
pub mod r#gen;
pub mod pictures;
pub mod public_api;
pub mod surface;
