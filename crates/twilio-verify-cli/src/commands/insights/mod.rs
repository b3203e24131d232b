//! `attempts breakdown`, `attempts export` and `attempts report`.

pub(crate) mod breakdown;
pub(crate) mod export;
pub(crate) mod report;
#[cfg(feature = "plots")]
pub(crate) mod reporting;

#[cfg(feature = "archive")]
pub(crate) mod archive;
mod cells;
#[cfg(feature = "archive")]
mod coverage;
mod destination;
mod evidence;
#[cfg(feature = "plots")]
mod facts;
#[cfg(feature = "plots")]
mod plot;
#[cfg(feature = "plots")]
mod projection;
#[cfg(feature = "archive")]
mod rows;
mod source;
