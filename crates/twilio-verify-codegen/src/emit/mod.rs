//! Generates Rust code from the lowered document with progenitor, finishes it, cuts it by tag, and
//! formats it.

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
