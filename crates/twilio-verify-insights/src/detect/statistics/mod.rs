//! Statistics: tails of distributions, multiple tests, sums of small excesses.

pub(crate) mod cusum;
pub(crate) mod discovery;
pub(crate) mod tail;
