//! Faults on demand: what goes wrong, when, and for which operations.

pub(crate) mod active;
pub(crate) mod error;
pub(crate) mod fault;
pub(crate) mod rule;
pub(crate) mod spec;
pub(crate) mod values;
