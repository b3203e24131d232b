//! Reads and writes the files of an archive.

pub(crate) mod day;
pub(crate) mod label;
pub(crate) mod row_writer;
pub(crate) mod state_file;
pub(crate) mod write;
