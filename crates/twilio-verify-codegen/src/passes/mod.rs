//! The lowering passes: each turns one kind of construct, wherever it is in
//! a Twilio document, into one that the generator turns into good Rust.
//!
//! A pass leaves what it finds out about a component on that component, as an
//! extension, where later passes, [`mod@crate::surface`] and [`crate::emit`] read
//! it: see [`mark`].

mod base;
mod bodies;
mod input;
pub(crate) mod list;
mod names;
mod schemas;
mod types;

pub use crate::document::mark;
pub use list::{ALL, Pass};
