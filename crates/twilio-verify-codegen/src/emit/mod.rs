//! Rust out: progenitor generates from the lowered document, the result is
//! finished, cut by tag, and formatted.

mod cut;
pub(crate) mod files;
mod finish;
mod generator;
mod methods;
mod plain;
mod prose;
mod requests;
mod resources;
mod support;

pub use files::emit;
