//! A file that stores the account and the attempts: a database with a table for each part.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread::JoinHandle;

use redb::backends::FileBackend;
use tokio::sync::watch;

use crate::attempts::store::Store;
use crate::data_file::batch::Batch;
use crate::data_file::database::{self, FORMAT};
use crate::data_file::error::{DataFileError, NotPersisted};
use crate::data_file::warning::Warning;
use crate::data_file::writer::{Open, Progress, Writer};
use crate::state::account::Account;

/// An open data file.
pub(crate) struct DataFile {
    path: PathBuf,
    /// The queue of the writer; `None` after the file is closed.
    queue: Mutex<Option<mpsc::Sender<Batch>>>,
    /// The number of batches that were queued.
    queued: AtomicU64,
    progress: Arc<watch::Sender<Progress>>,
    writer: Mutex<Option<JoinHandle<()>>>,
}

impl DataFile {
    /// Opens or creates a file. The contents of an existing file replace those of the store and fill the account, which
    /// must be empty; for a new file, `begin` fills the account. From then on both track changes. This blocks.
    pub(crate) fn open(
        path: &Path,
        account: &mut Account,
        store: &Store,
        begin: impl FnOnce(&mut Account),
    ) -> Result<(Self, Vec<Warning>), DataFileError> {
        let not_opened = |error: io::Error| DataFileError::not_opened(path, error.into());
        let file = file(path).map_err(not_opened)?;
        let is_new = file.metadata().map_err(not_opened)?.len() == 0;
        let opened = file.try_clone().map_err(not_opened)?;
        let opened = Self::open_file(path, opened, account, store, begin);
        if is_new && opened.is_err() {
            // Removes what was already written of a new database, so that the file is still new. If this also fails,
            // the next start reports it.
            let _ = file.set_len(0);
        }
        opened
    }

    fn open_file(
        path: &Path,
        file: File,
        account: &mut Account,
        store: &Store,
        begin: impl FnOnce(&mut Account),
    ) -> Result<(Self, Vec<Warning>), DataFileError> {
        let permissions = others_permissions(&file);
        // Always the same file, even if the path now leads to another one.
        let open: Open = Box::new(move || database::open(FileBackend::new(file.try_clone()?)?));
        let database = open().map_err(|error| DataFileError::not_opened(path, error))?;
        let mut warnings = Vec::new();
        warnings.extend(permissions.map(|mode| Warning::Permissions { path: path.into(), mode }));
        let fault = |error| DataFileError::not_read(path, error);
        match database::format(&database).map_err(fault)? {
            Some(FORMAT) => {
                store.clear();
                let unreadable = database::load(&database, account, store).map_err(fault)?;
                warnings.extend(unreadable.into_warning(path.into()));
                account.track();
                store.track_changes();
            }
            Some(format) => {
                return Err(DataFileError::Version { path: path.into(), format });
            }
            None => {
                account.track();
                begin(account);
                database::make(&database, account, store).map_err(fault)?;
                store.track_changes();
            }
        }
        Ok((Self::start(path, Writer::new(database, open)), warnings))
    }

    fn start(path: &Path, writer: Writer) -> Self {
        let (queue, batches) = mpsc::channel();
        let progress = Arc::new(watch::Sender::default());
        let reported = progress.clone();
        let writer = std::thread::spawn(move || writer.run(&batches, reported));
        Self {
            path: path.into(),
            queue: Mutex::new(Some(queue)),
            queued: AtomicU64::new(0),
            progress,
            writer: Mutex::new(Some(writer)),
        }
    }

    /// Queues changes to be written, in the order of the calls. Returns the number to pass to [`Self::written`].
    pub(crate) fn queue(&self, batch: serde_json::Result<Batch>) -> u64 {
        match batch {
            Ok(batch) if batch.is_empty() => self.queued.load(Ordering::Acquire),
            Ok(batch) => self.send(batch),
            Err(error) => {
                // The changes are lost.
                self.end(&error.to_string());
                u64::MAX
            }
        }
    }

    fn send(&self, batch: Batch) -> u64 {
        let queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        match &*queue {
            Some(queue) if queue.send(batch).is_ok() => {
                self.queued.fetch_add(1, Ordering::AcqRel).saturating_add(1)
            }
            // The file is closed.
            _ => u64::MAX,
        }
    }

    /// Reports a permanent failure: from now on, no queued changes count as written.
    fn end(&self, reason: &str) {
        self.progress.send_modify(|progress| {
            progress.fault.get_or_insert_with(|| reason.into());
            progress.ended = true;
        });
    }

    /// Waits until everything that was queued up to this number is in the file and survives a crash, or could not be
    /// written.
    pub(crate) async fn written(&self, number: u64) -> Result<(), NotPersisted> {
        let mut progress = self.progress.subscribe();
        let tried = |progress: &Progress| progress.ended || progress.tried >= number;
        match progress.wait_for(tried).await {
            Ok(progress) if !progress.ended && progress.written >= number => Ok(()),
            Ok(progress) => Err(NotPersisted {
                reason: progress.fault.clone().unwrap_or_else(|| "it is closed".into()),
            }),
            // The sender lives as long as `self`.
            Err(_) => Ok(()),
        }
    }

    /// Returns why the last write to the file failed, if it did.
    pub(crate) fn fault(&self) -> Option<NotPersisted> {
        let fault = self.progress.borrow().fault.clone();
        fault.map(|reason| NotPersisted { reason })
    }

    /// Retries the writes that failed.
    pub(crate) async fn recover(&self) -> Result<(), NotPersisted> {
        match self.fault() {
            None => Ok(()),
            Some(_) => self.written(self.send(Batch::default())).await,
        }
    }

    /// Returns the warning about changes that are not in the file, if there are any.
    pub(crate) fn warning(&self) -> Option<Warning> {
        let NotPersisted { reason } = self.fault()?;
        Some(Warning::NotWritten { path: self.path.clone(), reason })
    }

    /// Writes what is queued and closes the file, so that others can open it.
    pub(crate) async fn close(&self) {
        let queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner).take();
        drop(queue);
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(writer) = writer {
            // The thread reports its own errors.
            let _ = tokio::task::spawn_blocking(|| writer.join()).await;
        }
    }
}

/// Opens a file, or creates one that only its owner can read, as it holds secrets.
fn file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Returns the permissions of a file, if they give other users any access.
#[cfg(unix)]
fn others_permissions(file: &File) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt;
    let mode = file.metadata().ok()?.permissions().mode() & 0o777;
    (mode & 0o077 != 0).then_some(mode)
}

#[cfg(not(unix))]
fn others_permissions(_: &File) -> Option<u32> {
    None
}

#[cfg(test)]
mod tests {
    use std::ops::Range;
    use std::sync::atomic::AtomicBool;

    use chrono::Utc;
    use redb::StorageBackend;

    use super::*;
    use crate::messages::outcome::Sending;
    use crate::records::service::Service;
    use crate::values::sid::ServiceSid;

    fn account() -> Account {
        Account::empty(0, Sending::default())
    }

    fn add(account: &mut Account, number: u128) {
        account.services.insert(Service::new(ServiceSid::from_u128(number), "Shop", Utc::now()));
    }

    #[tokio::test]
    async fn once_a_change_is_lost_nothing_counts_as_kept() {
        let folder = tempfile::tempdir().unwrap();
        let (mut account, store) = (account(), Store::default());
        let path = folder.path().join("data");
        let (file, warnings) = DataFile::open(&path, &mut account, &store, |_| ()).unwrap();
        assert_eq!(warnings, []);
        add(&mut account, 1);
        let number = file.queue(Batch::take(&mut account, &store));
        file.written(number).await.unwrap();

        let unwritable = serde_json::from_str::<u8>("").unwrap_err();
        let lost = file.queue(Err(unwritable));
        for number in [lost, number] {
            file.written(number).await.unwrap_err();
        }
        file.recover().await.unwrap_err();
        file.close().await;
    }

    /// A disk that may be full: then only existing bytes can be overwritten.
    #[derive(Clone, Debug, Default)]
    struct Disk {
        bytes: Arc<Mutex<Vec<u8>>>,
        is_full: Arc<AtomicBool>,
    }

    impl Disk {
        /// Opens a data file on this disk.
        fn file(&self, own: &mut Account, store: &Store) -> DataFile {
            let disk = self.clone();
            let open: Open = Box::new(move || database::open(disk.clone()));
            let new = open().unwrap();
            own.track();
            database::make(&new, own, store).unwrap();
            DataFile::start(Path::new("disk"), Writer::new(new, open))
        }

        fn full(&self, is_full: bool) {
            self.is_full.store(is_full, Ordering::Relaxed);
        }

        fn range(offset: u64, length: usize) -> Range<usize> {
            let offset = usize::try_from(offset).unwrap();
            offset..offset + length
        }

        fn check(&self) -> io::Result<()> {
            match self.is_full.load(Ordering::Relaxed) {
                true => Err(io::ErrorKind::StorageFull.into()),
                false => Ok(()),
            }
        }
    }

    impl StorageBackend for Disk {
        fn len(&self) -> io::Result<u64> {
            Ok(self.bytes.lock().unwrap().len() as u64)
        }

        fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
            let range = Self::range(offset, out.len());
            out.copy_from_slice(&self.bytes.lock().unwrap()[range]);
            Ok(())
        }

        fn set_len(&self, len: u64) -> io::Result<()> {
            self.check()?;
            self.bytes.lock().unwrap().resize(usize::try_from(len).unwrap(), 0);
            Ok(())
        }

        fn sync_data(&self) -> io::Result<()> {
            self.check()
        }

        fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
            // A part of the data may be written.
            let written = if self.check().is_ok() { data.len() } else { data.len() / 2 };
            let range = Self::range(offset, written);
            self.bytes.lock().unwrap()[range].copy_from_slice(&data[..written]);
            self.check()
        }
    }

    #[tokio::test]
    async fn what_a_full_disk_did_not_take_is_written_once_there_is_room() {
        let (disk, mut own, store) = (Disk::default(), account(), Store::default());
        let file = disk.file(&mut own, &store);
        let mut expected = 0;
        for round in 0..3 {
            add(&mut own, 10 * round);
            file.written(file.queue(Batch::take(&mut own, &store))).await.unwrap();
            assert_eq!(file.warning(), None);

            disk.full(true);
            add(&mut own, 10 * round + 1);
            let lost = file.queue(Batch::take(&mut own, &store));
            for _ in 0..2 {
                file.written(lost).await.unwrap_err();
                file.recover().await.unwrap_err();
            }
            let text = file.warning().unwrap().to_string();
            assert!(text.contains("\"disk\"") && text.contains("cannot be written"), "{text}");

            disk.full(false);
            file.recover().await.unwrap();
            file.written(lost).await.unwrap();
            assert_eq!(file.warning(), None);
            expected += 2;
        }
        file.close().await;
        let mut again = account();
        let unreadable = database::load(&database::open(disk).unwrap(), &mut again, &store);
        assert_eq!(unreadable.unwrap().into_warning("disk".into()), None);
        assert_eq!(again.services.len(), expected);
    }

    #[tokio::test]
    async fn nothing_is_written_to_what_has_taken_the_place_of_a_file() {
        let (disk, mut own, store) = (Disk::default(), account(), Store::default());
        let file = disk.file(&mut own, &store);
        disk.full(true);
        add(&mut own, 1);
        file.written(file.queue(Batch::take(&mut own, &store))).await.unwrap_err();
        disk.full(false);
        disk.bytes.lock().unwrap().clear();
        let error = file.recover().await.unwrap_err();
        assert!(error.reason.contains("replaced"), "{}", error.reason);
    }
}
