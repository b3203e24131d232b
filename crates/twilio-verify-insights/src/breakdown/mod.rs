//! Breakdowns of an account's attempts: plans them, and runs the plans.

pub(crate) mod breakdown;
pub(crate) mod plan;
pub(crate) mod requests;
pub(crate) mod run;
