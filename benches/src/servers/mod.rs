//! What the benchmarks call: servers on loopback.

pub mod attempts;
pub mod canned;
pub mod faulty;
pub mod process;
pub mod summary;
