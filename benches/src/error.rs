//! The error of a benchmark.

/// Any error, which ends the benchmark.
pub type Error = Box<dyn std::error::Error + Send + Sync>;
