//! `OpenAPI` Overlay 1.0: adds to a document what its publisher left out.

pub(crate) mod apply;
mod extensions;

pub use apply::{Unmatched, apply};
