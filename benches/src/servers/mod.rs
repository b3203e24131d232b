//! The servers that the benchmarks call, on loopback.

pub mod attempts;
pub mod canned;
pub mod faulty;
pub mod process;
pub mod summary;
