//! Errors of data files.

use std::io;
use std::path::{Path, PathBuf};

use redb::{DatabaseError, StorageError};

/// The reason that a data file was not opened.
#[derive(Debug)]
pub(crate) enum DataFileError {
    /// Another emulator has it open.
    InUse { path: PathBuf },
    /// The operating system reported an error.
    NotOpened { path: PathBuf, source: io::Error },
    /// It is not a data file, is damaged, or cannot be written to.
    Unreadable { path: PathBuf, reason: String },
    /// It was written by another version.
    Version { path: PathBuf, format: u64 },
}

impl DataFileError {
    /// Converts an error from opening the database.
    pub(crate) fn not_opened(path: &Path, error: DatabaseError) -> Self {
        let path = path.into();
        match error {
            DatabaseError::DatabaseAlreadyOpen => Self::InUse { path },
            // Invalid contents are not an error of the operating system.
            DatabaseError::Storage(StorageError::Io(source))
                if !matches!(
                    source.kind(),
                    io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof
                ) =>
            {
                Self::NotOpened { path, source }
            }
            error => Self::Unreadable { path, reason: error.to_string() },
        }
    }

    /// Converts an error from reading or writing the contents.
    pub(crate) fn not_read(path: &Path, fault: FileProblem) -> Self {
        match fault {
            FileProblem::Database(redb::Error::Io(source)) => {
                Self::not_opened(path, StorageError::Io(source).into())
            }
            fault => Self::Unreadable { path: path.into(), reason: fault.to_string() },
        }
    }
}

/// An error: a change could not be written to the data file.
#[derive(Debug)]
pub(crate) struct NotPersisted {
    pub(crate) reason: String,
}

/// The reason that a file cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FileProblem {
    #[error(transparent)]
    Database(#[from] redb::Error),
    #[error("a row cannot be read")]
    Row,
    /// The message of `serde_json` is left out, as it may repeat a value.
    #[error("a row cannot be read or written")]
    Json(#[from] serde_json::Error),
    #[error("it is a database of another program")]
    Foreign,
    #[error("its contents were replaced by something else")]
    Replaced,
}

macro_rules! problem_of {
    ($($error:ty)+) => {
        $(impl From<$error> for FileProblem {
            fn from(error: $error) -> Self {
                Self::Database(error.into())
            }
        })+
    };
}

problem_of!(redb::CommitError redb::DatabaseError redb::StorageError redb::TableError redb::TransactionError);
