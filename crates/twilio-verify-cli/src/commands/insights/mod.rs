//! Tables of attempts: broken down, exported, and as a report.

pub(crate) mod breakdown;
pub(crate) mod export;
pub(crate) mod report;

mod cells;
mod destination;
#[cfg(feature = "plots")]
mod facts;
#[cfg(feature = "plots")]
mod plot;
#[cfg(feature = "plots")]
mod projection;
mod source;
