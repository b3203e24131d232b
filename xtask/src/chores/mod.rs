//! The chores, one a file: each has an `Options` (its command line) and a `run`.

pub mod diff;
pub mod docs;
pub mod features;
pub mod r#gen;
pub mod pictures;
pub mod public_api;
pub mod surface;
