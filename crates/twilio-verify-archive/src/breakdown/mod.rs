//! Breakdowns of an archive.

pub(crate) mod breakdown;
pub(crate) mod cells;
pub(crate) mod columns;
pub(crate) mod dimension;
pub(crate) mod keep;
pub(crate) mod labels;
pub(crate) mod layout;
pub(crate) mod prefix;
pub(crate) mod query;
pub(crate) mod run;
pub(crate) mod scan;
pub(crate) mod tabulate;
pub(crate) mod values;
