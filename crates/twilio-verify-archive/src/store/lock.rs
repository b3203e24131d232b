//! The lock of a folder.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::Path;

/// The lock of a folder, released by the system when the process ends, however it ends.
#[derive(Debug)]
pub(crate) struct Lock {
    file: File,
}

/// Why there is no lock.
pub(crate) enum LockFault {
    /// Somebody else has it.
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
        let mut options = OpenOptions::new();
        let mut file = options.read(true).write(true).create(true).truncate(false).open(path)?;
        match file.try_lock() {
            Ok(()) => {
                file.set_len(0)?;
                file.rewind()?;
                file.write_all(this_process().as_bytes())?;
                Ok(Self { file })
            }
            Err(TryLockError::WouldBlock) => Err(LockFault::Held(holder(&mut file))),
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Nobody has it any more. Closing the file releases it in any case.
        let _ = self.file.set_len(0);
        let _ = self.file.unlock();
    }
}

fn holder(file: &mut File) -> Option<String> {
    let mut text = String::new();
    file.take(256).read_to_string(&mut text).ok()?;
    let text = text.trim();
    let is_plain = text.chars().all(|c| !c.is_control());
    (is_plain && !text.is_empty()).then(|| text.to_owned())
}

/// How this process is called where others read it.
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
