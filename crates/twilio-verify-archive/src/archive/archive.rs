//! An archive.

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

/// Attempts as Parquet files: one for each UTC day, `date=2026-03-02/attempts.parquet`, sorted by
/// time.
///
/// Reading needs no lock: at any instant a file is the old one or the new one.
#[derive(Clone, Debug)]
pub struct Archive {
    store: Store,
}

impl Archive {
    /// An archive in a folder. The first writer creates the folder if it does not exist.
    ///
    /// # Errors
    ///
    /// [`ArchiveError::Io`] if there is a file of this name.
    pub fn open(folder: impl Into<PathBuf>) -> Result<Self, ArchiveError> {
        let folder = folder.into();
        if folder.exists() && !folder.is_dir() {
            let source = std::io::ErrorKind::NotADirectory.into();
            let file = folder.display().to_string();
            return Err(ArchiveError::Io { action: "open", file, source });
        }
        Ok(Self { store: Store::folder(folder) })
    }

    /// An archive in an object store: `s3://BUCKET/PATH`, `gs://BUCKET/PATH` or
    /// `az://CONTAINER/PATH`. Credentials and other settings are those of the environment, variables
    /// that begin with `AWS_`, `GOOGLE_` or `AZURE_`, as the crate `object_store` reads them.
    ///
    /// The store must know conditional writes. Its methods need a tokio runtime with I/O and time.
    ///
    /// # Errors
    ///
    /// [`ArchiveError::Url`].
    #[cfg(feature = "object-store")]
    pub fn open_url(url: &str) -> Result<Self, ArchiveError> {
        let (objects, prefix) = crate::store::url::open(url)?;
        Ok(Self { store: Store::Bucket(Bucket::new(objects, prefix, url)) })
    }

    /// An archive in any object store, under a path. In errors its objects are named with `name`
    /// before them.
    #[cfg(feature = "object-store")]
    pub fn open_object_store(
        objects: std::sync::Arc<dyn object_store::ObjectStore>,
        path: object_store::path::Path,
        name: &str,
    ) -> Self {
        Self { store: Store::Bucket(Bucket::new(objects, path, name)) }
    }

    /// The days that have attempts, the oldest first.
    ///
    /// # Errors
    ///
    /// [`ArchiveError::Io`].
    pub async fn days(&self) -> Result<Vec<NaiveDate>, ArchiveError> {
        let store = self.store.clone();
        blocking(move || store.days()).await
    }

    /// The attempts of a day, sorted by time and SID. None of a day without a file.
    ///
    /// # Errors
    ///
    /// [`ArchiveError::Io`]; [`ArchiveError::Foreign`], [`ArchiveError::Version`] and
    /// [`ArchiveError::Corrupt`] if the file is not one of this version.
    pub async fn rows(&self, day: NaiveDate) -> Result<Vec<Row>, ArchiveError> {
        let store = self.store.clone();
        blocking(move || match DayFile::open(&store, day)? {
            Some(file) => file.rows(),
            None => Ok(Vec::new()),
        })
        .await
    }

    /// What is known of the archive: up to when it is complete, and how that is proven. Of an archive
    /// without a state, nothing is.
    ///
    /// # Errors
    ///
    /// [`ArchiveError::Io`]; [`ArchiveError::State`], [`ArchiveError::Foreign`] and
    /// [`ArchiveError::Version`] if the file is not one of this version.
    pub async fn state(&self) -> Result<State, ArchiveError> {
        let store = self.store.clone();
        blocking(move || state_file::read(&store)).await
    }

    /// A writer. It locks each day that it writes, so that several may write an archive.
    ///
    /// # Errors
    ///
    /// Those of [`state`](Self::state).
    pub async fn writer(&self) -> Result<Writer, ArchiveError> {
        let store = self.store.clone();
        blocking(move || Writer::open(&store)).await
    }

    /// Breaks the attempts down by dimensions. By default all of them.
    pub fn breakdown(&self) -> ArchiveBreakdown {
        ArchiveBreakdown::new(self.store.clone())
    }
}
