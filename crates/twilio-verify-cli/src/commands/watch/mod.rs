//! `attempts watch` and `attempts replay`: run a detector on attempts as they are made, and on those of an
//! archive.

pub(crate) mod args;
pub(crate) mod replay_args;
pub(crate) mod run;

#[cfg(feature = "archive")]
pub(crate) mod replay;

#[cfg(feature = "archive")]
mod archive;
mod command;
mod event;
mod lines;
mod notices;
mod outage;
mod webhook;
