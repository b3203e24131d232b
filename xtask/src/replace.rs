//! Replaces a file in one step.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use tempfile::NamedTempFile;

use crate::failure::Failure;

/// Replaces the contents of a file. At any time, and after any failure, the file has either the old
/// or the new contents.
///
/// # Errors
///
/// Returns an error if the folder can't be written.
pub fn replace(path: &Path, contents: &[u8]) -> Result<(), Failure> {
    write(path, contents).map_err(|error| Failure::write(path, error))
}

fn write(path: &Path, contents: &[u8]) -> io::Result<()> {
    // In the same folder, as a rename can't cross file systems.
    let mut file = NamedTempFile::new_in(path.parent().unwrap_or(Path::new(".")))?;
    file.write_all(contents)?;
    // Only the owner can access a temporary file; this one gets the old file's permissions.
    match fs::metadata(path) {
        Ok(old) => file.as_file().set_permissions(old.permissions())?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::replace;

    #[test]
    fn contents_change_and_permissions_stay() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        replace(&path, b"old").unwrap();
        let mut permissions = fs::metadata(&path).unwrap().permissions();
        permissions.set_readonly(true);
        fs::set_permissions(&path, permissions.clone()).unwrap();
        replace(&path, b"new").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(fs::metadata(&path).unwrap().permissions(), permissions);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_failure_names_the_file_that_was_to_be_written() {
        let folder = tempfile::tempdir().unwrap();
        let failure = replace(&folder.path().join("none").join("file"), b"").unwrap_err();
        assert!(failure.to_string().contains("file: can't be written: "), "{failure}");
    }
}
