//! Documents and overlays, whole: what is generated from them, and what is
//! rejected.

mod any_document;
mod compile;
mod overlays;
mod refused;
mod wire_names;
