//! The handle of an archive.

use std::path::PathBuf;

use chrono::NaiveDate;

use crate::archive::writer::Writer;
use crate::breakdown::breakdown::ArchiveBreakdown;
use crate::error::ArchiveError;
use crate::files::day::DayFile;
use crate::files::state_file;
use crate::rows::row::Row;
use crate::state::state::State;
use crate::store::blocking::blocking;
#[cfg(feature = "object-store")]
use crate::store::bucket::Bucket;
use crate::store::store::Store;

/// An archive of attempts: one Parquet file for each UTC day, `date=2026-03-02/attempts.parquet`,
/// sorted by time.
///
/// Reading needs no lock: files are replaced atomically.
#[derive(Clone, Debug)]
pub struct Archive {
    store: Store,
}

impl Archive {
    /// Opens an archive in a folder. The first writer creates the folder if it does not exist.
    ///
    /// # Errors
    ///
    /// [`ArchiveError::Io`] if the path exists and is not a folder.
    pub fn open(folder: impl Into<PathBuf>) -> Result<Self, ArchiveError> {
        let folder = folder.into();
        if folder.exists() && !folder.is_dir() {
            let source = std::io::ErrorKind::NotADirectory.into();
            let file = folder.display().to_string();
            return Err(ArchiveError::Io { action: "open", file, source });
        }
        Ok(Self { store: Store::folder(folder) })
    }

    /// Opens an archive in an object store: `s3://BUCKET/PATH`, `gs://BUCKET/PATH` or
    /// `az://CONTAINER/PATH`. Credentials and other settings come from environment variables that
    /// begin with `AWS_`, `GOOGLE_` or `AZURE_`, as the crate `object_store` reads them.
    ///
    /// The store must support conditional writes. The archive's methods need a tokio runtime with
    /// I/O and time.
    ///
    /// # Errors
    ///
    /// [`ArchiveError::Url`].
    #[cfg(feature = "object-store")]
    pub fn open_url(url: &str) -> Result<Self, ArchiveError> {
        let (objects, prefix) = crate::store::url::open(url)?;
        Ok(Self { store: Store::Bucket(Bucket::new(objects, prefix, url)) })
    }

    /// Opens an archive in any object store, under a path. In errors, `name` precedes the names of
    /// its objects.
    #[cfg(feature = "object-store")]
    pub fn open_object_store(
        objects: std::sync::Arc<dyn object_store::ObjectStore>,
        path: object_store::path::Path,
        name: &str,
    ) -> Self {
        Self { store: Store::Bucket(Bucket::new(objects, path, name)) }
    }

    /// Returns the days that have attempts, the oldest first.
    ///
    /// # Errors
    ///
    /// [`ArchiveError::Io`].
    pub async fn days(&self) -> Result<Vec<NaiveDate>, ArchiveError> {
        let store = self.store.clone();
        blocking(move || store.days()).await
    }

    /// Reads the attempts of a day, sorted by time and SID. Empty if the day has no file.
    ///
    /// # Errors
    ///
    /// [`ArchiveError::Io`]; [`ArchiveError::Foreign`], [`ArchiveError::Version`] and
    /// [`ArchiveError::Corrupt`] if this version can't read the file.
    pub async fn rows(&self, day: NaiveDate) -> Result<Vec<Row>, ArchiveError> {
        let store = self.store.clone();
        blocking(move || match DayFile::open(&store, day)? {
            Some(file) => file.rows(),
            None => Ok(Vec::new()),
        })
        .await
    }

    /// Reads the state: up to when the archive is complete, and how that is proven. The state is
    /// empty if there is no file.
    ///
    /// # Errors
    ///
    /// [`ArchiveError::Io`]; [`ArchiveError::State`], [`ArchiveError::Foreign`] and
    /// [`ArchiveError::Version`] if this version can't read the file.
    pub async fn state(&self) -> Result<State, ArchiveError> {
        let store = self.store.clone();
        blocking(move || state_file::read(&store)).await
    }

    /// Opens a writer. It locks each day that it writes, so that several can write an archive.
    ///
    /// # Errors
    ///
    /// The errors of [`state`](Self::state).
    pub async fn writer(&self) -> Result<Writer, ArchiveError> {
        let store = self.store.clone();
        blocking(move || Writer::open(&store)).await
    }

    /// Breaks the attempts down by dimensions. By default, all attempts are counted.
    pub fn breakdown(&self) -> ArchiveBreakdown {
        ArchiveBreakdown::new(self.store.clone())
    }
}
