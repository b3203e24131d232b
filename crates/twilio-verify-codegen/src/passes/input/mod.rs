//! Checks the document, and normalizes references, operations and media types.

pub(crate) mod media_types;
pub(crate) mod operations;
pub(crate) mod references;
pub(crate) mod supported;
pub(crate) mod supported_schemas;
