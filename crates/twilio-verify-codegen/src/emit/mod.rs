//! Rust out: progenitor generates from the lowered document, the result is
//! finished, cut by tag, and formatted.

mod builders;
mod cut;
pub(crate) mod files;
mod finish;
mod generator;
mod methods;
mod plain;
mod prose;
mod reading;
mod received;
mod requests;
mod resources;
mod rust_type;
mod schemas;
mod support;

pub use files::emit;
