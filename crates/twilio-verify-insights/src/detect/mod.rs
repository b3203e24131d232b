//! Detects unusual attempts, without I/O: in an archive, a replay or a live window.

pub(crate) mod detector;
pub(crate) mod display;
pub(crate) mod episodes;
pub(crate) mod finding;
pub(crate) mod history;
pub(crate) mod hours;
pub(crate) mod left_out;
pub(crate) mod look;
pub(crate) mod observation;
pub(crate) mod statistics;
pub(crate) mod store;
pub(crate) mod usual;
