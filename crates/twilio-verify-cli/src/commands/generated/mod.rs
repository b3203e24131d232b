//! The commands that come from the document: one for each operation that has
//! no command of its own.

mod arguments;
mod help;
mod request;
pub(crate) mod run;
mod shape;
pub(crate) mod tree;
