//! The figures that are measured: times, ratios, memory.

pub mod memory;
pub mod ratio;
pub mod times;
