//! Stores attempts, individually and as counts.

pub(crate) mod bins;
pub(crate) mod delays;
pub(crate) mod destinations;
pub(crate) mod memo;
pub(crate) mod names;
pub(crate) mod prefix;
pub(crate) mod prices;
pub(crate) mod recent;
pub(crate) mod sids;
pub(crate) mod weeks;
