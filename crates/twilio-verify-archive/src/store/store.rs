//! The place of an archive.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use chrono::NaiveDate;

use crate::error::ArchiveError;
use crate::store::folder::{self, Fill};
use crate::store::lock::{Lock, LockFault};
use crate::store::names::LOCK;
use crate::store::source::Parts;

/// Where the files of an archive are. Its methods block.
#[derive(Clone, Debug)]
pub(crate) struct Store {
    root: Arc<Path>,
}

impl Store {
    pub(crate) fn folder(root: PathBuf) -> Self {
        Self { root: root.into() }
    }

    /// The path or URL of a file.
    pub(crate) fn name(&self, file: &str) -> String {
        self.path(file).display().to_string()
    }

    fn path(&self, file: &str) -> PathBuf {
        file.split('/').fold(self.root.to_path_buf(), |path, name| path.join(name))
    }

    fn fault(&self, action: &'static str, file: &str, source: io::Error) -> ArchiveError {
        ArchiveError::Io { action, file: self.name(file), source }
    }

    /// The days that have a file, the oldest first.
    pub(crate) fn days(&self) -> Result<Vec<NaiveDate>, ArchiveError> {
        folder::days(&self.root).map_err(|error| self.fault("read", "", error))
    }

    /// Opens a file; `None` if there is none.
    pub(crate) fn open(&self, file: &str) -> Result<Option<Parts>, ArchiveError> {
        let open = || {
            let Some(file) = folder::open(&self.path(file))? else { return Ok(None) };
            let metadata = file.metadata()?;
            if metadata.is_dir() {
                return Err(io::ErrorKind::IsADirectory.into());
            }
            Parts::open(Arc::new(Mutex::new(file)), metadata.len()).map(Some)
        };
        open().map_err(|error| self.fault("read", file, error))
    }

    /// Writes a file, all of it or none.
    pub(crate) fn write(&self, file: &str, fill: Fill<'_>) -> Result<(), ArchiveError> {
        folder::write(&self.path(file), fill).map_err(|error| self.fault("write", file, error))
    }

    /// Locks the archive against other writers, and removes what they left unfinished.
    pub(crate) fn lock(&self) -> Result<Lock, ArchiveError> {
        fs::create_dir_all(&self.root).map_err(|error| self.fault("create", "", error))?;
        let lock = Lock::take(&self.path(LOCK)).map_err(|fault| match fault {
            LockFault::Held(holder) => ArchiveError::Locked { file: self.name(LOCK), holder },
            LockFault::Io(error) => self.fault("lock", LOCK, error),
        })?;
        folder::clean(&self.root).map_err(|error| self.fault("clean", "", error))?;
        Ok(lock)
    }
}
