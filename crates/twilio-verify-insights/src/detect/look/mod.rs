//! Looks at a history: measures attempts, and finds what is unusual, since when, and what it costs.

pub(crate) mod base;
pub(crate) mod describe;
pub(crate) mod evidence;
pub(crate) mod measure;
pub(crate) mod nodes;
pub(crate) mod novel;
pub(crate) mod search;
pub(crate) mod span;
pub(crate) mod spending;
pub(crate) mod sums;
pub(crate) mod waste;
