//! What a benchmark ends with.

/// Any error: a benchmark that meets one ends.
pub type Error = Box<dyn std::error::Error + Send + Sync>;
