//! The document: its JSON, the ways through it, its names, and what is wrong
//! with it.

pub(crate) mod document;
pub(crate) mod error;
pub(crate) mod extensions;
pub(crate) mod json;
pub mod mark;
pub(crate) mod names;
pub(crate) mod operation;
pub(crate) mod schema;
pub(crate) mod warning;
