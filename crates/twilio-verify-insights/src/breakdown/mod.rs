//! Breakdowns of an account's attempts: the plan, and how it is run.

pub(crate) mod bounds;
pub(crate) mod breakdown;
pub(crate) mod error;
pub(crate) mod filters;
pub(crate) mod measure;
pub(crate) mod plan;
pub(crate) mod run;
pub(crate) mod values;
