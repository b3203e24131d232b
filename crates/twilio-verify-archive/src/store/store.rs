//! The store of an archive: a folder or a bucket.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use bytes::Bytes;
use chrono::NaiveDate;

use crate::error::ArchiveError;
#[cfg(feature = "object-store")]
use crate::store::bucket::{Bucket, PutFault};
use crate::store::folder::{self, Fill};
#[cfg(feature = "object-store")]
use crate::store::lease::Lease;
use crate::store::lock::{Lock, LockFault};
use crate::store::names::{self, STATE_LOCK};
use crate::store::source::Parts;

/// How long a change of a small file waits for those of other writers, which take milliseconds.
const PATIENCE: Duration = Duration::from_secs(60);

/// Where the files of an archive are. Its methods block.
#[derive(Clone, Debug)]
pub(crate) enum Store {
    Folder(Arc<Path>),
    #[cfg(feature = "object-store")]
    Bucket(Bucket),
}

/// The lock of a day.
#[derive(Clone, Debug)]
pub(crate) enum Held {
    Folder {
        _lock: Arc<Lock>,
    },
    #[cfg(feature = "object-store")]
    Bucket {
        lease: Arc<Mutex<Lease>>,
        name: Arc<str>,
    },
}

/// Maps the content of a small file to its new content, or to `None` if it doesn't change.
pub(crate) type Change<'a> =
    &'a mut dyn FnMut(Option<Bytes>) -> Result<Option<Vec<u8>>, ArchiveError>;

impl Store {
    pub(crate) fn folder(root: PathBuf) -> Self {
        Self::Folder(root.into())
    }

    /// Returns the store for one writer, with nothing read yet.
    pub(crate) fn afresh(&self) -> Self {
        match self {
            Self::Folder(_) => self.clone(),
            #[cfg(feature = "object-store")]
            Self::Bucket(bucket) => Self::Bucket(bucket.afresh()),
        }
    }

    /// Returns the path or URL of a file.
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

    /// Returns the days that have a file, the oldest first.
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

    /// Whether others may write a file while its day is locked.
    pub(crate) const fn may_change(&self) -> bool {
        !matches!(self, Self::Folder(_))
    }

    /// Writes a file atomically. Returns `None` if another writer has written it since it was opened.
    pub(crate) fn write(&self, file: &str, fill: Fill<'_>) -> Result<Option<()>, ArchiveError> {
        let written = match self {
            Self::Folder(root) => folder::write(&path(root, file), fill),
            #[cfg(feature = "object-store")]
            Self::Bucket(bucket) => match bucket.write(file, fill) {
                Ok(()) => Ok(()),
                Err(PutFault::Changed) => return Ok(None),
                Err(PutFault::Io(error)) => Err(error),
            },
        };
        written.map(Some).map_err(|error| self.fault("write", file, error))
    }

    /// Changes a small file. The changes of several writers are applied one after the other. `change`
    /// may be called more than once.
    pub(crate) fn update(&self, file: &str, change: Change<'_>) -> Result<(), ArchiveError> {
        let began = Instant::now();
        let mut pause = Duration::from_millis(1);
        loop {
            let holder = match self.try_update(file, change)? {
                Ok(()) => return Ok(()),
                Err(holder) => holder,
            };
            if began.elapsed() > PATIENCE {
                return Err(ArchiveError::Locked { file: self.name(file), holder });
            }
            // Other writers are changing it: at least one of them makes progress.
            let random = getrandom::u32().unwrap_or_default();
            thread::sleep(pause.mul_f64(f64::from(random) / f64::from(u32::MAX)));
            pause = (pause * 2).min(Duration::from_millis(200));
        }
    }

    /// Changes a small file, unless another writer is changing it or has just done so.
    fn try_update(
        &self,
        file: &str,
        change: Change<'_>,
    ) -> Result<Result<(), Option<String>>, ArchiveError> {
        match self {
            Self::Folder(root) => {
                self.create()?;
                let lock = match Lock::take(&path(root, STATE_LOCK)) {
                    Ok(lock) => lock,
                    Err(LockFault::Held(holder)) => return Ok(Err(holder)),
                    Err(LockFault::Io(error)) => return Err(self.fault("lock", STATE_LOCK, error)),
                };
                folder::clean(root).map_err(|error| self.fault("clean", "", error))?;
                let path = path(root, file);
                let content = read(&path).map_err(|error| self.fault("read", file, error))?;
                if let Some(content) = change(content)? {
                    folder::write(&path, &mut |file| file.write_all(&content))
                        .map_err(|error| self.fault("write", file, error))?;
                }
                drop(lock);
                Ok(Ok(()))
            }
            #[cfg(feature = "object-store")]
            Self::Bucket(bucket) => {
                let found = bucket.get(file).map_err(|error| self.fault("read", file, error))?;
                let (content, version) = found.map(|found| (found.content, found.version)).unzip();
                let Some(content) = change(content)? else { return Ok(Ok(())) };
                match bucket.put_small(file, content, version) {
                    Ok(_) => Ok(Ok(())),
                    Err(PutFault::Changed) => Ok(Err(None)),
                    Err(PutFault::Io(error)) => Err(self.fault("write", file, error)),
                }
            }
        }
    }

    /// Creates the archive, if it does not exist yet.
    fn create(&self) -> Result<(), ArchiveError> {
        match self {
            Self::Folder(root) => {
                fs::create_dir_all(root).map_err(|error| self.fault("create", "", error))
            }
            #[cfg(feature = "object-store")]
            Self::Bucket(_) => Ok(()),
        }
    }

    /// Locks a day against other writers, and removes their unfinished files.
    pub(crate) fn lock(&self, day: NaiveDate) -> Result<Held, ArchiveError> {
        let name = names::lock(day);
        self.create()?;
        let held = match self {
            Self::Folder(root) => {
                let lock = Lock::take(&path(root, &name));
                lock.map(|lock| Held::Folder { _lock: Arc::new(lock.removed()) })
            }
            #[cfg(feature = "object-store")]
            Self::Bucket(bucket) => Lease::take(bucket, &name).map(|lease| Held::Bucket {
                lease: Arc::new(Mutex::new(lease)),
                name: name.as_str().into(),
            }),
        };
        let held = held.map_err(|fault| match fault {
            LockFault::Held(holder) => ArchiveError::Locked { file: self.name(&name), holder },
            LockFault::Io(error) => self.fault("lock", &name, error),
        })?;
        match self {
            Self::Folder(root) => {
                let folder = names::folder(day);
                folder::clean(&path(root, &folder))
                    .map_err(|error| self.fault("clean", &folder, error))?;
            }
            // Objects are never unfinished.
            #[cfg(feature = "object-store")]
            Self::Bucket(_) => {}
        }
        Ok(held)
    }

    /// Makes sure that a lock is still held. Asks the store if `now`, or if it may have expired.
    pub(crate) fn renew(&self, held: &Held, now: bool) -> Result<(), ArchiveError> {
        match held {
            // No other process can take it.
            Held::Folder { .. } => {
                let _ = now;
                Ok(())
            }
            #[cfg(feature = "object-store")]
            Held::Bucket { lease, name } => match locked(lease).renew(now) {
                Ok(Some(())) => Ok(()),
                Ok(None) => Err(ArchiveError::LockLost { file: self.name(name) }),
                Err(error) => Err(self.fault("lock", name, error)),
            },
        }
    }

    /// Releases a lock.
    pub(crate) fn release(&self, held: Held) -> Result<(), ArchiveError> {
        match held {
            Held::Folder { .. } => Ok(()),
            #[cfg(feature = "object-store")]
            Held::Bucket { lease, name } => {
                let released = locked(&lease).release();
                released.map(|_| ()).map_err(|error| self.fault("unlock", &name, error))
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

fn read(path: &Path) -> io::Result<Option<Bytes>> {
    match fs::read(path) {
        Ok(content) => Ok(Some(content.into())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
