//! Tables: dimensions, labels, counts, intervals.

pub(crate) mod by;
pub(crate) mod caveat;
pub(crate) mod cells;
pub(crate) mod cost;
pub(crate) mod counts;
pub(crate) mod interval;
pub(crate) mod label;
pub(crate) mod proof;
pub(crate) mod table;
pub(crate) mod written;
