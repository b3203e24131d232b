//! What is measured: times, ratios, memory.

pub mod memory;
pub mod ratio;
pub mod times;
