//! Writes files beside their final path, and moves them there when they are complete.

use std::fs::{self, File};
use std::io;
#[cfg(any(feature = "plots", test))]
use std::io::Write;
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile};

use crate::failure::report::Failure;

/// A file that is being written.
pub(crate) struct NewFile {
    place: Place,
    path: PathBuf,
}

/// The destination of the bytes until the file is complete.
enum Place {
    /// A temporary file beside the path, and whether it may replace an existing one.
    Beside(NamedTempFile, bool),
    /// An existing file that is not regular, such as a pipe.
    Device(File),
}

impl NewFile {
    /// Begins a file. An existing file stays unchanged until [`finish`](Self::finish), which only
    /// replaces it if `force` is set.
    ///
    /// # Errors
    ///
    /// Fails if the file exists and `force` is false, or if it can't be written.
    pub(crate) fn create(path: &Path, force: bool) -> Result<Self, Failure> {
        let place = match fs::metadata(path) {
            Ok(found) if found.is_dir() => {
                return Err(fault("it is a folder", "name a file in it"));
            }
            Ok(found) if !found.is_file() => {
                Place::Device(File::options().write(true).open(path).map_err(unwritable)?)
            }
            Ok(_) if !force => return Err(exists()),
            _ => Place::Beside(beside(path).map_err(unwritable)?, force),
        };
        Ok(Self { place, path: path.to_owned() })
    }

    /// Returns another handle to write to the file.
    pub(crate) fn writer(&self) -> Result<File, Failure> {
        match &self.place {
            Place::Beside(file, _) => file.as_file().try_clone(),
            Place::Device(file) => file.try_clone(),
        }
        .map_err(unwritable)
    }

    /// Writes bytes to the file.
    #[cfg(any(feature = "plots", test))]
    pub(crate) fn write(&self, bytes: &[u8]) -> Result<(), Failure> {
        self.writer()?.write_all(bytes).map_err(unwritable)
    }

    /// Moves the file to its final path. If this is not called, the file is deleted.
    pub(crate) fn finish(self) -> Result<(), Failure> {
        let (file, force) = match self.place {
            Place::Beside(file, force) => (file, force),
            Place::Device(_) => return Ok(()),
        };
        file.as_file().sync_all().map_err(unwritable)?;
        match force {
            true => file.persist(&self.path).map(drop),
            false => file.persist_noclobber(&self.path).map(drop),
        }
        .map_err(|error| match error.error.kind() {
            io::ErrorKind::AlreadyExists => exists(),
            _ => unwritable(error.error),
        })
    }
}

/// Creates a temporary file beside a path, with the permissions of a new file.
fn beside(path: &Path) -> io::Result<NamedTempFile> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut builder = Builder::new();
    builder.prefix(".twilio-verify-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder.unwrap_or(Path::new(".")))
}

fn exists() -> Failure {
    fault("the file exists", "choose another name, or replace it by --force")
}

fn unwritable(error: io::Error) -> Failure {
    // The path is left out: it may hold a name, and is in the command line.
    let reason = io::Error::from(error.kind());
    Failure::other(format!("-o <FILE>: the file can't be written: {reason}"))
        .with_help("choose a folder that exists, can be written to, and has room")
}

fn fault(reason: &str, remedy: &str) -> Failure {
    Failure::usage(format!("-o <FILE>: {reason}"), remedy)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::NewFile;

    #[test]
    fn a_file_appears_when_it_is_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("attempts.csv");
        let file = NewFile::create(&path, false).unwrap();
        file.write(b"one\n").unwrap();
        assert!(!path.exists());
        drop(file);
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 0);
        let file = NewFile::create(&path, false).unwrap();
        file.write(b"one\n").unwrap();
        file.finish().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"one\n");
        assert!(NewFile::create(&path, false).is_err());
        let file = NewFile::create(&path, true).unwrap();
        file.write(b"two\n").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"one\n");
        file.finish().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two\n");
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
    }

    #[test]
    fn a_file_that_appears_meanwhile_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("attempts.csv");
        let file = NewFile::create(&path, false).unwrap();
        fs::write(&path, "mine").unwrap();
        assert!(file.finish().is_err());
        assert_eq!(fs::read(&path).unwrap(), b"mine");
        assert!(NewFile::create(folder.path(), true).is_err());
        assert!(NewFile::create(&folder.path().join("none/x"), true).is_err());
    }
}
