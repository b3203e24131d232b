//! The files of an archive: what is in them, and what says so.

pub(crate) mod day;
pub(crate) mod label;
pub(crate) mod row_writer;
pub(crate) mod state_file;
pub(crate) mod write;
