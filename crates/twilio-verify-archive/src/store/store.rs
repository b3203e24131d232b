//! The place of an archive.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use chrono::NaiveDate;

use crate::error::ArchiveError;
#[cfg(feature = "object-store")]
use crate::store::bucket::{Bucket, PutFault};
use crate::store::folder::{self, Fill};
#[cfg(feature = "object-store")]
use crate::store::lease::Lease;
use crate::store::lock::{Lock, LockFault};
use crate::store::names::LOCK;
use crate::store::source::Parts;

/// Where the files of an archive are. Its methods block.
#[derive(Clone, Debug)]
pub(crate) enum Store {
    Folder(Arc<Path>),
    #[cfg(feature = "object-store")]
    Bucket(Bucket),
}

/// The lock of a place.
#[derive(Clone, Debug)]
pub(crate) enum Held {
    Folder {
        _lock: Arc<Lock>,
    },
    #[cfg(feature = "object-store")]
    Bucket(Arc<Mutex<Lease>>),
}

impl Store {
    pub(crate) fn folder(root: PathBuf) -> Self {
        Self::Folder(root.into())
    }

    /// The path or URL of a file.
    pub(crate) fn name(&self, file: &str) -> String {
        match self {
            Self::Folder(root) => path(root, file).display().to_string(),
            #[cfg(feature = "object-store")]
            Self::Bucket(bucket) => bucket.name(file),
        }
    }

    fn fault(&self, action: &'static str, file: &str, source: io::Error) -> ArchiveError {
        ArchiveError::Io { action, file: self.name(file), source }
    }

    /// The days that have a file, the oldest first.
    pub(crate) fn days(&self) -> Result<Vec<NaiveDate>, ArchiveError> {
        let days = match self {
            Self::Folder(root) => folder::days(root),
            #[cfg(feature = "object-store")]
            Self::Bucket(bucket) => bucket.days(),
        };
        days.map_err(|error| self.fault("read", "", error))
    }

    /// Opens a file; `None` if it does not exist.
    pub(crate) fn open(&self, file: &str) -> Result<Option<Parts>, ArchiveError> {
        let opened = match self {
            Self::Folder(root) => open(&path(root, file)),
            #[cfg(feature = "object-store")]
            Self::Bucket(bucket) => bucket.open(file),
        };
        opened.map_err(|error| self.fault("read", file, error))
    }

    /// Writes a file, all of it or none.
    pub(crate) fn write(&self, file: &str, fill: Fill<'_>) -> Result<(), ArchiveError> {
        let written = match self {
            Self::Folder(root) => folder::write(&path(root, file), fill),
            #[cfg(feature = "object-store")]
            Self::Bucket(bucket) => match bucket.write(file, fill) {
                Ok(()) => Ok(()),
                Err(PutFault::Changed) => {
                    return Err(ArchiveError::LockLost { file: self.name(LOCK) });
                }
                Err(PutFault::Io(error)) => Err(error),
            },
        };
        written.map_err(|error| self.fault("write", file, error))
    }

    /// Locks the archive against other writers, and removes what they left unfinished. Gives the place
    /// as the writer sees it.
    pub(crate) fn lock(&self) -> Result<(Self, Held), ArchiveError> {
        let (store, held) = match self {
            Self::Folder(root) => {
                fs::create_dir_all(root).map_err(|error| self.fault("create", "", error))?;
                let lock = Lock::take(&path(root, LOCK))
                    .map(|lock| Held::Folder { _lock: Arc::new(lock) });
                (self.clone(), lock)
            }
            #[cfg(feature = "object-store")]
            Self::Bucket(bucket) => {
                let lease =
                    Lease::take(bucket).map(|lease| Held::Bucket(Arc::new(Mutex::new(lease))));
                (Self::Bucket(bucket.afresh()), lease)
            }
        };
        let held = held.map_err(|fault| match fault {
            LockFault::Held(holder) => ArchiveError::Locked { file: self.name(LOCK), holder },
            LockFault::Io(error) => self.fault("lock", LOCK, error),
        })?;
        match self {
            Self::Folder(root) => {
                folder::clean(root).map_err(|error| self.fault("clean", "", error))?;
            }
            // An object is there or not.
            #[cfg(feature = "object-store")]
            Self::Bucket(_) => {}
        }
        Ok((store, held))
    }

    /// Makes sure that the lock is still held.
    pub(crate) fn renew(&self, held: &Held) -> Result<(), ArchiveError> {
        match held {
            // Nobody can take it away.
            Held::Folder { .. } => Ok(()),
            #[cfg(feature = "object-store")]
            Held::Bucket(lease) => match locked(lease).renew() {
                Ok(Some(())) => Ok(()),
                Ok(None) => Err(ArchiveError::LockLost { file: self.name(LOCK) }),
                Err(error) => Err(self.fault("lock", LOCK, error)),
            },
        }
    }

    /// Gives the lock up.
    pub(crate) fn release(&self, held: Held) -> Result<(), ArchiveError> {
        match held {
            Held::Folder { .. } => Ok(()),
            #[cfg(feature = "object-store")]
            Held::Bucket(lease) => {
                let released = locked(&lease).release();
                released.map(|_| ()).map_err(|error| self.fault("unlock", LOCK, error))
            }
        }
    }
}

#[cfg(feature = "object-store")]
fn locked(lease: &Mutex<Lease>) -> std::sync::MutexGuard<'_, Lease> {
    lease.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

fn path(root: &Path, file: &str) -> PathBuf {
    file.split('/')
        .filter(|name| !name.is_empty())
        .fold(root.to_owned(), |path, name| path.join(name))
}

fn open(path: &PathBuf) -> io::Result<Option<Parts>> {
    let Some(file) = folder::open(path)? else { return Ok(None) };
    let metadata = file.metadata()?;
    if metadata.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    Parts::open(Arc::new(Mutex::new(file)), metadata.len()).map(Some)
}
