//! The operations of the API, from the document: what the command of each one
//! accepts, and how its values are read.

pub(crate) mod checks;
#[cfg(test)]
pub(crate) mod extract;
#[cfg(test)]
mod names;
pub(crate) mod operation;
pub(crate) mod path;
pub(crate) mod read;
pub(crate) mod table;
