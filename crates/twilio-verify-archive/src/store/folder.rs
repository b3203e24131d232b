//! An archive in a folder.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use chrono::NaiveDate;

use crate::store::names::{self, ATTEMPTS, TEMPORARY};

/// Writes the content of a file.
pub(crate) type Fill<'a> = &'a mut dyn FnMut(&mut (dyn Write + Send)) -> io::Result<()>;

/// Returns the days that have a file, the oldest first. Empty if there is no folder.
pub(crate) fn days(root: &Path) -> io::Result<Vec<NaiveDate>> {
    let mut days = Vec::new();
    for entry in entries(root)? {
        let name = entry.file_name();
        if let Some(day) = name.to_str().and_then(names::day)
            && entry.path().is_dir()
            && entry.path().join(ATTEMPTS).try_exists()?
        {
            days.push(day);
        }
    }
    days.sort_unstable();
    Ok(days)
}

/// Removes the unfinished files of earlier writers from a folder.
pub(crate) fn clean(folder: &Path) -> io::Result<()> {
    for entry in entries(folder)? {
        if entry.file_name().to_str().is_some_and(names::is_temporary) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

fn entries(folder: &Path) -> io::Result<Vec<fs::DirEntry>> {
    match fs::read_dir(folder) {
        Ok(entries) => entries.collect(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// Writes a file beside `path`, and moves it there. At any instant `path` has the old or the new
/// content; after an error, the old one.
pub(crate) fn write(path: &Path, fill: Fill<'_>) -> io::Result<()> {
    let folder = path.parent().ok_or(io::ErrorKind::InvalidInput)?;
    let is_new = !folder.try_exists()?;
    if is_new {
        fs::create_dir(folder)?;
    }
    let written = write_in(folder, path, fill);
    match (&written, folder.parent()) {
        (Ok(()), Some(parent)) if is_new => sync(parent)?,
        (Err(_), _) if is_new => {
            // Restores the previous state. If that fails, the folder stays, empty.
            let _ = fs::remove_dir(folder);
        }
        _ => {}
    }
    written
}

fn write_in(folder: &Path, path: &Path, fill: Fill<'_>) -> io::Result<()> {
    let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?.to_string_lossy();
    let prefix = format!(".{name}.");
    let mut builder = tempfile::Builder::new();
    builder.prefix(&prefix).suffix(TEMPORARY);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // Like any other new file, as readers may be other users. The umask still applies.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    // Dropping it removes the file, unless it was persisted.
    let mut temporary = builder.tempfile_in(folder)?;
    if let Ok(metadata) = fs::metadata(path) {
        temporary.as_file().set_permissions(metadata.permissions())?;
    }
    let mut writer = BufWriter::with_capacity(1 << 17, temporary.as_file_mut());
    fill(&mut writer)?;
    writer.flush()?;
    drop(writer);
    temporary.as_file().sync_all()?;
    temporary.persist(path).map_err(|error| error.error)?;
    sync(folder)
}

/// Makes the names in a folder durable.
fn sync(folder: &Path) -> io::Result<()> {
    // Other systems can't open a folder as a file.
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

/// Opens a file; `None` if it does not exist.
pub(crate) fn open(path: &PathBuf) -> io::Result<Option<File>> {
    match File::open(path) {
        Ok(file) => Ok(Some(file)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
