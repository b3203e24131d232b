//! Tables and breakdowns, against the emulator and against a naive count of what it lists.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod attempts;
mod breakdowns;
mod budgets;
mod detection;
mod episodes;
mod odd;
mod proofs;
mod seconds;
mod stepping;
mod support;
mod tables;
mod traffic;
mod watched;
mod watches;
