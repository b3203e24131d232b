//! The lowering passes: each turns one kind of construct, wherever it stands
//! in a Twilio document, into one that the generator makes good Rust of.
//!
//! What a pass finds out about a component it leaves on the component, in an
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
