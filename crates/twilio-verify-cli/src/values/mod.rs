//! Reads values of the command line. The error for an invalid one never repeats
//! the value.

pub(crate) mod clean;
pub(crate) mod countries;
pub(crate) mod dates;
pub(crate) mod numbers;
pub(crate) mod texts;
pub(crate) mod zone;
