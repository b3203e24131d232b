//! `attempts watch` and `attempts replay`: a detector over attempts as they are made, and over those of an
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
