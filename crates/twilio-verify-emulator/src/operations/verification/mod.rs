//! Verifications and their checks.

pub(crate) mod checks;
pub(crate) mod limits;
pub(crate) mod parameters;
pub(crate) mod send;
pub(crate) mod start;
pub(crate) mod verifications;
