//! Clock, dates and rate limits.

pub(crate) mod clock;
pub(crate) mod limit;
