//! Locks of a folder.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};

/// A lock in a folder. The system releases it when the process ends, for any reason.
#[derive(Debug)]
pub(crate) struct Lock {
    file: File,
    path: PathBuf,
    is_removed: bool,
}

/// The reason why a lock was not taken.
pub(crate) enum LockFault {
    /// Another writer has it.
    Held(Option<String>),
    Io(io::Error),
}

impl From<io::Error> for LockFault {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl Lock {
    pub(crate) fn take(path: &Path) -> Result<Self, LockFault> {
        loop {
            let mut options = OpenOptions::new();
            let mut file =
                options.read(true).write(true).create(true).truncate(false).open(path)?;
            match file.try_lock() {
                // Another process may have removed the file before it was locked.
                Ok(()) if !is_at(&file, path)? => {}
                Ok(()) => {
                    file.set_len(0)?;
                    file.rewind()?;
                    file.write_all(this_process().as_bytes())?;
                    return Ok(Self { file, path: path.to_owned(), is_removed: false });
                }
                Err(TryLockError::WouldBlock) => return Err(LockFault::Held(holder(&mut file))),
                Err(TryLockError::Error(error)) => return Err(error.into()),
            }
        }
    }

    /// Makes the lock remove its file when it is released.
    pub(crate) const fn removed(mut self) -> Self {
        // On other systems an open file doesn't show whether it was removed.
        self.is_removed = cfg!(unix);
        self
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        if self.is_removed {
            // While it is locked, so that a process that has opened it finds it removed.
            let _ = std::fs::remove_file(&self.path);
        }
        // Removes the holder's name. Closing the file releases the lock in any case.
        let _ = self.file.set_len(0);
        let _ = self.file.unlock();
    }
}

/// Whether an open file is the one at a path.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;

    match std::fs::metadata(path) {
        Ok(named) => {
            let open = file.metadata()?;
            Ok((open.dev(), open.ino()) == (named.dev(), named.ino()))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(not(unix))]
fn is_at(_: &File, _: &Path) -> io::Result<bool> {
    Ok(true)
}

fn holder(file: &mut File) -> Option<String> {
    let mut text = String::new();
    file.take(256).read_to_string(&mut text).ok()?;
    let text = text.trim();
    let is_plain = text.chars().all(|c| !c.is_control());
    (is_plain && !text.is_empty()).then(|| text.to_owned())
}

/// Returns the name of this process and its host, as shown to other writers.
pub(crate) fn this_process() -> String {
    let process = format!("process {}", std::process::id());
    match host() {
        Some(host) => format!("{process} on {host}"),
        None => process,
    }
}

fn host() -> Option<String> {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").ok();
    let name = name.or_else(|| std::env::var("HOSTNAME").ok());
    let name = name.or_else(|| std::env::var("COMPUTERNAME").ok())?;
    let name = name.trim();
    (!name.is_empty()).then(|| name.to_owned())
}
