//! Makes each schema one type, with a name if it needs one.

pub(crate) mod aliases;
pub(crate) mod compositions;
pub(crate) mod kinds;
pub(crate) mod named_schemas;
pub(crate) mod nesting;
pub(crate) mod queries;
