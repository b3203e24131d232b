//! Tails of distributions, several tests at once, sums of small excesses.

pub(crate) mod cusum;
pub(crate) mod discovery;
pub(crate) mod tail;
