//! The program as a process, against servers on a loopback port: the emulator,
//! one that responds with the document's examples, and one with scripted
//! responses.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "the settings of clippy.toml do not reach what tests share"
)]

mod api;
#[cfg(feature = "archive")]
mod archives;
mod attempts;
mod breakdown;
mod certificates;
mod completions;
mod control;
mod countries;
mod dates;
mod emulator;
#[cfg(feature = "exporter")]
mod exporter;
mod exports;
mod failures;
mod formats;
#[cfg(feature = "full")]
mod guide;
mod logs;
mod man;
mod operations;
mod process;
mod profiles;
mod properties;
mod rejections;
#[cfg(feature = "plots")]
mod reports;
mod resources;
mod schema;
mod services;
mod spreadsheets;
mod support;
#[cfg(feature = "archive")]
mod sync;
#[cfg(all(feature = "archive", unix))]
mod sync_killed;
#[cfg(feature = "archive")]
mod sync_shared;
mod tables;
mod terminal;
mod usage;
mod verbs;
mod verifications;
mod watching;
