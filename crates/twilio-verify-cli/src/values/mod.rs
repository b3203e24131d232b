//! Values on the command line: how each is read, and what an invalid one
//! reports. An error never repeats the value.

pub(crate) mod clean;
pub(crate) mod countries;
pub(crate) mod dates;
pub(crate) mod numbers;
pub(crate) mod texts;
pub(crate) mod zone;
