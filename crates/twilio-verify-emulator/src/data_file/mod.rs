//! The data file: what it stores, and what it reports.

pub(crate) mod batch;
pub(crate) mod database;
pub(crate) mod error;
pub(crate) mod file;
pub(crate) mod warning;
pub(crate) mod writer;
