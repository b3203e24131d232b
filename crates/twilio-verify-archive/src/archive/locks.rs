//! The days that a writer has locked.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::NaiveDate;

use crate::error::ArchiveError;
use crate::store::blocking::blocking;
use crate::store::store::{Held, Store};

/// The days that a writer has locked. Clones share the locks.
#[derive(Clone, Debug)]
pub(crate) struct Locks {
    store: Store,
    held: Arc<Mutex<BTreeMap<NaiveDate, Held>>>,
}

impl Locks {
    pub(crate) fn new(store: Store) -> Self {
        Self { store, held: Arc::default() }
    }

    pub(crate) const fn store(&self) -> &Store {
        &self.store
    }

    fn held(&self) -> MutexGuard<'_, BTreeMap<NaiveDate, Held>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Locks a day, or makes sure that its lock is still held: asks the store if `now`, or if the lock
    /// may have expired. Keep the returned lock until the work on the day is done: the work may go on
    /// after its future is dropped.
    pub(crate) async fn lock(&self, day: NaiveDate, now: bool) -> Result<Held, ArchiveError> {
        let (store, held) = (self.store.clone(), self.held().get(&day).cloned());
        let held = blocking(move || match held {
            Some(held) => store.renew(&held, now).map(|()| held),
            None => store.lock(day),
        });
        match held.await {
            Ok(held) => {
                self.held().insert(day, held.clone());
                Ok(held)
            }
            Err(error) => {
                if matches!(error, ArchiveError::LockLost { .. }) {
                    self.held().remove(&day);
                }
                Err(error)
            }
        }
    }

    /// Releases the lock of a day.
    pub(crate) async fn unlock(&self, day: NaiveDate) -> Result<(), ArchiveError> {
        let Some(held) = self.held().remove(&day) else { return Ok(()) };
        let store = self.store.clone();
        blocking(move || store.release(held)).await
    }

    /// Releases all locks.
    pub(crate) async fn unlock_all(&self) -> Result<(), ArchiveError> {
        let held = std::mem::take(&mut *self.held());
        let store = self.store.clone();
        blocking(move || {
            let released: Vec<_> = held.into_values().map(|held| store.release(held)).collect();
            released.into_iter().collect()
        })
        .await
    }
}
