//! The plan: a sample, the cost model, what a breakdown takes.

pub(crate) mod error;
pub(crate) mod estimate;
pub(crate) mod plan;
pub(crate) mod prepare;
pub(crate) mod ready;
pub(crate) mod sample;
pub(crate) mod values;
