//! What a document may hold, and in one form: references resolved, operations and media types spelled out.

pub(crate) mod media_types;
pub(crate) mod operations;
pub(crate) mod references;
pub(crate) mod supported;
pub(crate) mod supported_schemas;
