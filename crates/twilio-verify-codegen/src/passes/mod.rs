//! The lowering passes. Each turns one kind of construct, wherever it is in a Twilio document, into
//! one that the generator turns into good Rust.
//!
//! A pass records what it finds about a component in an extension of that component, which later
//! passes, [`mod@crate::surface`] and [`crate::emit`] read: see [`mark`].

mod base;
mod bodies;
mod input;
pub(crate) mod list;
mod names;
mod schemas;
mod types;

pub use crate::document::mark;
pub use list::{ALL, Pass};
