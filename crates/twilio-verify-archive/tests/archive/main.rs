//! Archives in folders.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::print_stdout, reason = "processes of these tests print what happened")]

mod breakdowns;
#[cfg(feature = "object-store")]
mod buckets;
mod damage;
mod detector;
mod disk_full;
mod keys;
mod locks;
mod merging;
mod numbers;
mod prefixes;
mod state;
mod support;
