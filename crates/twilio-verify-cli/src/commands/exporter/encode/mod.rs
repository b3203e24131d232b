//! Encodes samples in the formats that Prometheus reads.

pub(super) mod families;
pub(super) mod format;
pub(super) mod shown;

mod cells;
