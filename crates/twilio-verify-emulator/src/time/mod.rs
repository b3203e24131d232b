//! Clock, dates and rate limits.

pub(crate) mod clock;
pub(crate) mod date;
pub(crate) mod limit;
