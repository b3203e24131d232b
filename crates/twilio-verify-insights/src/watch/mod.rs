//! Runs detectors over the attempts of an account as they are made, or over past attempts.

pub(crate) mod backfill;
pub(crate) mod case;
pub(crate) mod cover;
pub(crate) mod drill;
pub(crate) mod look;
pub(crate) mod observer;
mod reading;
pub(crate) mod replay;
pub(crate) mod requests;
mod settle;
pub(crate) mod watch;
pub(crate) mod watcher;
