//! The database in a data file: its tables and rows.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use redb::{
    Database, DatabaseError, Range, ReadTransaction, ReadableDatabase, StorageBackend,
    TableDefinition, TableError, TableHandle, WriteTransaction,
};

use crate::attempts::data::attempt::Attempt;
use crate::attempts::load;
use crate::attempts::store::Store;
use crate::data_file::batch::{ATTEMPTS, Batch};
use crate::data_file::error::FileProblem;
use crate::data_file::warning::Unreadable;
use crate::state::account::Account;
use crate::values::sid::AttemptSid;

/// The table that holds the version of the rows' format.
const FORMAT_TABLE: TableDefinition<'_, &str, u64> = TableDefinition::new("twilio-verify-emulator");
const FORMAT_KEY: &str = "format";
/// The version of the rows' format. It must be raised when rows of earlier versions can no longer be read.
pub(crate) const FORMAT: u64 = 1;

/// The size of the database's cache: it is small, because everything that is read is already in the account.
const CACHE_BYTES: usize = 4 * 1024 * 1024;

/// The number of attempts that are written at once.
const SIDS_AT_ONCE: usize = 10_000;

type Rows = Range<'static, &'static [u8], &'static [u8]>;

const fn definition(table: &str) -> TableDefinition<'_, &'static [u8], &'static [u8]> {
    TableDefinition::new(table)
}

/// Opens a database, or creates one if the file is empty.
pub(crate) fn open(backend: impl StorageBackend) -> Result<Database, DatabaseError> {
    let mut builder = Database::builder();
    builder.set_cache_size(CACHE_BYTES);
    // A damaged file must be detected now, not when the damaged part is read.
    builder.set_check_integrity_on_open(true);
    builder.create_with_backend(backend)
}

/// Writes either all batches or none.
pub(crate) fn write(database: &Database, batches: &[Batch]) -> Result<(), FileProblem> {
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
pub(crate) fn make(
    database: &Database,
    account: &mut Account,
    store: &Store,
) -> Result<(), FileProblem> {
    let transaction = database.begin_write()?;
    // Written in one transaction with the rest, so that a file without a format is always new.
    transaction.open_table(FORMAT_TABLE)?.insert(FORMAT_KEY, FORMAT)?;
    write_into(&transaction, &Batch::take(account, store)?)?;
    // There may be millions; writing them in the order of their keys takes less time and space.
    let mut sids = store.sids();
    sids.sort_unstable();
    for sids in sids.chunks(SIDS_AT_ONCE) {
        let mut batch = Batch::default();
        batch.add_attempts(sids.iter().copied(), store)?;
        write_into(&transaction, &batch)?;
    }
    Ok(transaction.commit()?)
}

/// Restores everything from the file, except for rows that cannot be read.
pub(crate) fn load(
    database: &Database,
    account: &mut Account,
    store: &Store,
) -> Result<Unreadable, FileProblem> {
    let transaction = database.begin_read()?;
    let mut unreadable = Unreadable::default();
    for (name, part) in account.persistent() {
        for (number, row) in (1..).zip(rows(&transaction, name)?.into_iter().flatten()) {
            let (key, value) = row?;
            if part.restore(key.value(), value.value()).is_err() {
                unreadable.add(|| row_name(name, key.value(), number));
            }
        }
    }
    account.index();
    let mut fault = None;
    let attempts = (1..).zip(rows(&transaction, ATTEMPTS)?.into_iter().flatten());
    let attempts = attempts.map_while(|(number, row)| match row {
        Ok((key, value)) => {
            let attempt = attempt(key.value(), value.value());
            if attempt.is_none() {
                unreadable.add(|| row_name(ATTEMPTS, key.value(), number));
            }
            Some(attempt)
        }
        Err(error) => {
            fault = Some(FileProblem::from(error));
            None
        }
    });
    // Their keys, and so their SIDs, are unique.
    let loaded = store.extend(attempts.flatten()).map_err(|_| FileProblem::Row);
    fault.map_or(loaded, Err)?;
    Ok(unreadable)
}

/// Reads a row of the attempts.
fn attempt(key: &[u8], value: &[u8]) -> Option<Attempt> {
    let attempt = load::attempt(0, serde_json::from_slice(value).ok()?).ok()?;
    (key == attempt.sid.as_u128().to_be_bytes()).then_some(attempt)
}

/// Names a row in a report. A key that is not a number may be a phone number, so such a row is named by its position.
fn row_name(table: &str, key: &[u8], number: u64) -> String {
    if let Ok(serial) = key.try_into() {
        format!("{table} {}", u64::from_be_bytes(serial))
    } else if table == ATTEMPTS
        && let Ok(sid) = key.try_into()
    {
        format!("{table} {}", AttemptSid::from_u128(u128::from_be_bytes(sid)))
    } else {
        format!("{table}, row {number}")
    }
}

/// Returns the rows of a table, in the order of their keys, or `None` if the table was never written to.
fn rows(transaction: &ReadTransaction, table: &str) -> Result<Option<Rows>, FileProblem> {
    match transaction.open_table(definition(table)) {
        Ok(table) => Ok(Some(table.range::<&[u8]>(..)?)),
        Err(TableError::TableDoesNotExist(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Returns the version of the rows' format, or `None` if the file is new.
pub(crate) fn format(database: &Database) -> Result<Option<u64>, FileProblem> {
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

/// Fails if the database no longer belongs to an emulator.
pub(crate) fn check_format(database: &Database) -> Result<(), FileProblem> {
    match format(database)? {
        Some(FORMAT) => Ok(()),
        _ => Err(FileProblem::Replaced),
    }
}
