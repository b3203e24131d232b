//! The commands that come from the document: one for each operation that does
//! not have a command written by hand.

mod arguments;
mod help;
mod paragraphs;
mod request;
pub(crate) mod run;
mod shape;
pub(crate) mod tree;
