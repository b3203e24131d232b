//! What is written to stdout: any resource, in any of the formats.

pub(crate) mod column;
mod delimited;
mod fields;
pub(crate) mod format;
mod json;
pub(crate) mod log;
pub(crate) mod note;
pub(crate) mod progress;
pub(crate) mod shape;
mod sink;
pub(crate) mod table;
pub(crate) mod writer;
