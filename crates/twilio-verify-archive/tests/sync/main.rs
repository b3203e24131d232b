//! Syncs of archives, against the emulator and against a server that breaks its promises.

#![allow(clippy::unwrap_used, reason = "the settings of clippy.toml do not reach what tests share")]

mod changes;
mod faults;
mod gaps;
mod proofs;
mod refused;
mod server;
mod shared;
#[cfg(feature = "object-store")]
mod stores;
mod world;
