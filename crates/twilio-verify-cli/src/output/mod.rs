//! Writes any resource to stdout, in any of the formats.

pub(crate) mod column;
mod delimited;
pub(crate) mod fields;
pub(crate) mod file;
pub(crate) mod format;
pub(crate) mod formula;
mod json;
pub(crate) mod log;
pub(crate) mod note;
pub(crate) mod options;
pub(crate) mod progress;
mod properties;
pub(crate) mod shape;
mod sink;
pub(crate) mod table;
pub(crate) mod writer;
#[cfg(feature = "xlsx")]
pub(crate) mod xlsx;
