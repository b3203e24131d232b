//! The rows of an archive, and their encoding in columns.

pub(crate) mod columns;
pub(crate) mod decode;
pub(crate) mod encode;
pub(crate) mod merge;
mod observation;
pub(crate) mod received;
pub(crate) mod row;
pub(crate) mod schema;
