//! The program as a process, against an emulator on a loopback port.

#![allow(
    clippy::unwrap_used,
    reason = "the settings of clippy.toml do not reach what tests share"
)]

mod attempts;
mod emulator;
mod failures;
mod formats;
mod process;
mod support;
mod usage;
