//! Breakdowns of an account's attempts: the plan, and how it is run.

pub(crate) mod breakdown;
pub(crate) mod plan;
pub(crate) mod requests;
pub(crate) mod run;
