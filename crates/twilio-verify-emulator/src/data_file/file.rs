//! A file that stores the account and the attempts: a database with a table for each part.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread::JoinHandle;

use redb::backends::FileBackend;
use redb::{
    Database, DatabaseError, Range, ReadTransaction, ReadableDatabase, TableDefinition, TableError,
    TableHandle, WriteTransaction,
};
use tokio::sync::watch;

use crate::attempts::load;
use crate::attempts::store::Store;
use crate::data_file::batch::{ATTEMPTS, Batch};
use crate::data_file::error::{DataFileError, FileProblem, NotPersisted};
use crate::state::account::Account;

/// The table that holds the version of the rows' format.
const FORMAT_TABLE: TableDefinition<'_, &str, u64> = TableDefinition::new("twilio-verify-emulator");
const FORMAT_KEY: &str = "format";
/// To be raised when rows of earlier versions can no longer be read.
const FORMAT: u64 = 1;

/// How much of the file the database caches: everything that is read is in the account already.
const CACHE_BYTES: usize = 4 * 1024 * 1024;

/// How many attempts are written at once.
const SIDS_AT_ONCE: usize = 10_000;

type Rows = Range<'static, &'static [u8], &'static [u8]>;

const fn definition(table: &str) -> TableDefinition<'_, &'static [u8], &'static [u8]> {
    TableDefinition::new(table)
}

/// An open data file.
pub(crate) struct DataFile {
    /// The queue of the writer; `None` once the file is closed.
    queue: Mutex<Option<mpsc::Sender<Batch>>>,
    /// How many batches were queued.
    queued: AtomicU64,
    progress: Arc<watch::Sender<Progress>>,
    writer: Mutex<Option<JoinHandle<()>>>,
}

#[derive(Default)]
struct Progress {
    /// How many batches were written.
    written: u64,
    /// Why no more can be written.
    fault: Option<String>,
}

impl DataFile {
    /// Opens or creates a file. The contents of an existing file replace those of the store and fill the account, which
    /// must be empty; for a new file, `begin` fills the account. From then on both track changes. Blocks.
    pub(crate) fn open(
        path: &Path,
        account: &mut Account,
        store: &Store,
        begin: impl FnOnce(&mut Account),
    ) -> Result<Self, DataFileError> {
        let opened = file(path).map_err(DatabaseError::from).and_then(|file| {
            let file = FileBackend::new(file)?;
            let mut builder = Database::builder();
            builder.set_cache_size(CACHE_BYTES);
            // A damaged file must be detected now, not when the damaged part is read.
            builder.set_check_integrity_on_open(true);
            builder.create_with_backend(file)
        });
        let database = opened.map_err(|error| DataFileError::not_opened(path, error))?;
        let fault = |error| DataFileError::not_read(path, &error);
        match format(&database).map_err(fault)? {
            Some(FORMAT) => {
                store.clear();
                load(&database, account, store).map_err(fault)?;
                account.track();
                store.track_changes();
            }
            Some(format) => {
                return Err(DataFileError::Version { path: path.into(), format });
            }
            None => {
                account.track();
                begin(account);
                make(&database, account, store).map_err(fault)?;
                store.track_changes();
            }
        }
        Ok(Self::start(database))
    }

    fn start(database: Database) -> Self {
        let (queue, batches) = mpsc::channel();
        let progress = Arc::new(watch::Sender::default());
        let written = progress.clone();
        let writer = std::thread::spawn(move || write_batches(&database, &batches, &written));
        Self {
            queue: Mutex::new(Some(queue)),
            queued: AtomicU64::new(0),
            progress,
            writer: Mutex::new(Some(writer)),
        }
    }

    /// Queues changes to be written, in the order of the calls. Returns the number to pass to [`Self::written`].
    pub(crate) fn queue(&self, batch: serde_json::Result<Batch>) -> u64 {
        let batch = match batch {
            Ok(batch) if batch.is_empty() => return self.queued.load(Ordering::Acquire),
            Ok(batch) => batch,
            Err(error) => {
                // The changes are lost.
                fail(&self.progress, &error);
                return u64::MAX;
            }
        };
        let queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        match &*queue {
            Some(queue) if queue.send(batch).is_ok() => {
                self.queued.fetch_add(1, Ordering::AcqRel).saturating_add(1)
            }
            // The file is closed, or could not be written to.
            _ => u64::MAX,
        }
    }

    /// Returns when everything that was queued up to this number is in the file and survives a crash.
    pub(crate) async fn written(&self, number: u64) -> Result<(), NotPersisted> {
        let mut progress = self.progress.subscribe();
        let progress = progress
            .wait_for(|progress| progress.written >= number || progress.fault.is_some())
            .await;
        // The sender lives as long as `self`.
        let fault = progress.ok().and_then(|progress| progress.fault.clone());
        match fault {
            None => Ok(()),
            Some(reason) => Err(NotPersisted { reason }),
        }
    }

    /// Writes what is queued and closes the file, so that others can open it.
    pub(crate) async fn close(&self) {
        let queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner).take();
        drop(queue);
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(writer) = writer {
            // It reports its own errors, and does not panic.
            let _ = tokio::task::spawn_blocking(|| writer.join()).await;
        }
        self.progress.send_modify(|progress| {
            progress.fault.get_or_insert_with(|| "it is closed".into());
        });
    }
}

/// Writes batches until the queue closes. Those that are queued during a write are written together.
fn write_batches(
    database: &Database,
    queue: &mpsc::Receiver<Batch>,
    progress: &watch::Sender<Progress>,
) {
    while let Ok(first) = queue.recv() {
        let batches: Vec<_> = std::iter::once(first).chain(queue.try_iter()).collect();
        match write(database, &batches) {
            Ok(()) => progress.send_modify(|progress| progress.written += batches.len() as u64),
            Err(error) => return fail(progress, &error),
        }
    }
}

fn fail(progress: &watch::Sender<Progress>, error: &dyn std::error::Error) {
    progress.send_modify(|progress| progress.fault = Some(error.to_string()));
}

/// Writes batches, all or nothing.
fn write(database: &Database, batches: &[Batch]) -> Result<(), FileProblem> {
    let transaction = database.begin_write()?;
    for batch in batches {
        write_into(&transaction, batch)?;
    }
    Ok(transaction.commit()?)
}

fn write_into(transaction: &WriteTransaction, batch: &Batch) -> Result<(), FileProblem> {
    for table in transaction.list_tables()? {
        if table.name() != FORMAT_TABLE.name() && batch.clears(table.name()) {
            transaction.delete_table(table)?;
        }
    }
    let mut tables = HashMap::new();
    for row in &batch.rows {
        let table = match tables.entry(row.table) {
            Entry::Occupied(table) => table.into_mut(),
            Entry::Vacant(place) => place.insert(transaction.open_table(definition(row.table))?),
        };
        match &row.value {
            Some(value) => drop(table.insert(&*row.key, &**value)?),
            None => drop(table.remove(&*row.key)?),
        }
    }
    Ok(())
}

/// Writes everything to a new file.
fn make(database: &Database, account: &mut Account, store: &Store) -> Result<(), FileProblem> {
    let transaction = database.begin_write()?;
    // In one transaction with the rest, so that a file without it is a new one.
    transaction.open_table(FORMAT_TABLE)?.insert(FORMAT_KEY, FORMAT)?;
    write_into(&transaction, &Batch::take(account, store)?)?;
    // There may be millions; in the order of their keys they take less time and room.
    let mut sids = store.sids();
    sids.sort_unstable();
    for sids in sids.chunks(SIDS_AT_ONCE) {
        let mut batch = Batch::default();
        batch.add_attempts(sids.iter().copied(), store)?;
        write_into(&transaction, &batch)?;
    }
    Ok(transaction.commit()?)
}

/// Restores everything from the file.
fn load(database: &Database, account: &mut Account, store: &Store) -> Result<(), FileProblem> {
    let transaction = database.begin_read()?;
    for (name, part) in account.persistent() {
        for row in rows(&transaction, name)?.into_iter().flatten() {
            let (key, value) = row?;
            part.restore(key.value(), value.value())?;
        }
    }
    account.index();
    let mut fault = None;
    let attempts = rows(&transaction, ATTEMPTS)?.into_iter().flatten();
    let attempts = attempts.map_while(|row| {
        let attempt = row.map_err(FileProblem::from).and_then(|(_, value)| {
            let value = serde_json::from_slice(value.value())?;
            load::attempt(0, value).map_err(|_| FileProblem::Row)
        });
        attempt.map_err(|error| fault = Some(error)).ok()
    });
    let loaded = store.extend(attempts).map_err(|_| FileProblem::Row);
    fault.map_or(loaded, Err)
}

/// The rows of a table, in the order of their keys. `None` if it was never written to.
fn rows(transaction: &ReadTransaction, table: &str) -> Result<Option<Rows>, FileProblem> {
    match transaction.open_table(definition(table)) {
        Ok(table) => Ok(Some(table.range::<&[u8]>(..)?)),
        Err(TableError::TableDoesNotExist(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// The version of the rows' format; `None` if the file is new.
fn format(database: &Database) -> Result<Option<u64>, FileProblem> {
    let transaction = database.begin_read()?;
    match transaction.open_table(FORMAT_TABLE) {
        Ok(table) => Ok(Some(table.get(FORMAT_KEY)?.ok_or(FileProblem::Row)?.value())),
        Err(TableError::TableDoesNotExist(_)) if transaction.list_tables()?.next().is_none() => {
            Ok(None)
        }
        Err(TableError::TableDoesNotExist(_)) => Err(FileProblem::Foreign),
        Err(error) => Err(error.into()),
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

#[cfg(test)]
mod tests {
    use chrono::Utc;

    use super::*;
    use crate::messages::outcome::Sending;
    use crate::records::service::Service;
    use crate::values::sid::ServiceSid;

    #[tokio::test]
    async fn once_a_change_is_lost_nothing_counts_as_kept() {
        let folder = tempfile::tempdir().unwrap();
        let mut account = Account::empty(0, Sending::default());
        let store = Store::default();
        let path = folder.path().join("data");
        let file = DataFile::open(&path, &mut account, &store, |_| ()).unwrap();
        account.services.insert(Service::new(ServiceSid::from_u128(1), "Shop", Utc::now()));
        let number = file.queue(Batch::take(&mut account, &store));
        file.written(number).await.unwrap();

        let unwritable = serde_json::from_str::<u8>("").unwrap_err();
        let lost = file.queue(Err(unwritable));
        for number in [lost, number] {
            file.written(number).await.unwrap_err();
        }
        file.close().await;
    }
}
