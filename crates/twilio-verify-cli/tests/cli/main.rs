//! The program as a process, against servers on a loopback port: the emulator,
//! one that answers with the document's examples, and one that answers as it
//! is told.

#![allow(
    clippy::unwrap_used,
    reason = "the settings of clippy.toml do not reach what tests share"
)]

mod api;
mod attempts;
mod emulator;
mod failures;
mod formats;
mod operations;
mod process;
mod resources;
mod schema;
mod services;
mod support;
mod terminal;
mod usage;
mod verifications;
