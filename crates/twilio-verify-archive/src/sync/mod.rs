//! Fills an archive from the API.

pub(crate) mod claims;
pub(crate) mod cut;
pub(crate) mod keep;
pub(crate) mod progress;
pub(crate) mod proof;
pub(crate) mod reading;
pub(crate) mod run;
pub(crate) mod schedule;
pub(crate) mod sync;
pub(crate) mod synced;
pub(crate) mod window;
