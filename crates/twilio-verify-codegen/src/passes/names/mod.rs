//! Makes names valid in Rust.

pub(crate) mod field_names;
pub(crate) mod parameter_names;
pub(crate) mod rust_names;
