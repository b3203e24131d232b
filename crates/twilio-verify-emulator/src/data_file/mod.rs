//! The data file: its contents, and its warnings.

pub(crate) mod batch;
pub(crate) mod database;
pub(crate) mod error;
pub(crate) mod file;
pub(crate) mod warning;
pub(crate) mod writer;
