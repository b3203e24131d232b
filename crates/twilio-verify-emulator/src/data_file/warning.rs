//! Warnings about a data file.

use std::fmt;
use std::path::PathBuf;

/// A problem of the data file that does not prevent an emulator from running: [`Emulator::warnings`].
///
/// Its text names the file, what is wrong with it, and the remedy. It never repeats the contents of a row.
///
/// [`Emulator::warnings`]: crate::Emulator::warnings
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Warning {
    /// Rows could not be read. They were skipped, and stay in the file, unless new rows with the same key replace them.
    UnreadableRows {
        /// The file.
        path: PathBuf,
        /// The number of these rows.
        count: usize,
        /// The first of these rows: the table and the key, or the position in the table if the key holds personal data.
        rows: Vec<String>,
    },
    /// Other users of the machine can read or write the file, which holds secrets. Unix only.
    Permissions {
        /// The file.
        path: PathBuf,
        /// Its permissions, such as `0o644`.
        mode: u32,
    },
    /// The file could not be written to. The last changes are in memory only.
    NotWritten {
        /// The file.
        path: PathBuf,
        /// What the operating system or the database reported.
        reason: String,
    },
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnreadableRows { path, count, rows } => {
                let more = if *count > rows.len() { ", …" } else { "" };
                write!(
                    f,
                    "{count} rows of the data file {path:?} cannot be read: {}{more}; they are skipped, and stay in \
                     the file",
                    rows.join(", ")
                )
            }
            Self::Permissions { path, mode } => write!(
                f,
                "the data file {path:?} has the permissions {mode:03o}: other users of this machine can read or \
                 write it, and it holds secrets; set them to 600"
            ),
            Self::NotWritten { path, reason } => write!(
                f,
                "the data file {path:?} cannot be written to: {reason}; the last changes are in memory only"
            ),
        }
    }
}

/// A collector of the rows that could not be read.
#[derive(Default)]
pub(crate) struct Unreadable {
    count: usize,
    rows: Vec<String>,
}

impl Unreadable {
    /// The maximum number of rows that are named.
    const NAMED: usize = 10;

    pub(crate) fn add(&mut self, row: impl FnOnce() -> String) {
        self.count += 1;
        if self.rows.len() < Self::NAMED {
            self.rows.push(row());
        }
    }

    pub(crate) fn into_warning(self, path: PathBuf) -> Option<Warning> {
        let Self { count, rows } = self;
        (count > 0).then_some(Warning::UnreadableRows { path, count, rows })
    }
}
