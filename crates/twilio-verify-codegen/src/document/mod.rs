//! The document: its JSON, its parts, its names, and its errors.

pub(crate) mod document;
pub(crate) mod error;
pub(crate) mod extensions;
pub(crate) mod json;
pub mod mark;
pub(crate) mod names;
pub(crate) mod operation;
pub(crate) mod schema;
pub(crate) mod warning;
