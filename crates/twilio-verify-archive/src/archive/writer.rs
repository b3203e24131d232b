//! Writes an archive.

use chrono::NaiveDate;

use crate::archive::locks::Locks;
use crate::error::ArchiveError;
use crate::files::day::DayFile;
use crate::files::{state_file, write};
use crate::numbers::numbers::NumbersMode;
use crate::rows::merge::{Merged, merge};
use crate::rows::row::Row;
use crate::state::state::State;
use crate::store::blocking::blocking;
use crate::store::names;
use crate::store::store::Store;

/// How often a merge is tried if other writers change the file while its lock is held.
const TRIES: usize = 5;

/// A writer of an archive. A day has one writer at a time: it is locked from its first write until
/// [`unlock`](Self::unlock), [`release`](Self::release) or, in a folder, until the writer is dropped.
///
/// A new file is written beside the old one and then replaces it, so that an error, a full disk or the
/// end of the process at any point leaves the old one. A write may go on after its future is dropped;
/// the lock is held until the write is done.
#[derive(Debug)]
pub struct Writer {
    locks: Locks,
    numbers: Option<NumbersMode>,
}

impl Writer {
    pub(crate) fn open(store: &Store) -> Result<Self, ArchiveError> {
        let store = store.afresh();
        let numbers = match state_file::read(&store)?.numbers {
            Some(numbers) => Some(numbers),
            None => recorded(&store)?,
        };
        Ok(Self { locks: Locks::new(store), numbers })
    }

    pub(crate) const fn locks(&self) -> &Locks {
        &self.locks
    }

    /// Returns the mode in which the archive keeps numbers; `None` if neither its state nor a file sets
    /// one.
    pub const fn numbers(&self) -> Option<NumbersMode> {
        self.numbers
    }

    /// Locks a day. [`merge`](Self::merge) does so, too.
    ///
    /// # Errors
    ///
    /// [`ArchiveError::Locked`] if another writer has the day; [`ArchiveError::LockLost`] if another
    /// writer has taken it from this one; [`ArchiveError::Io`].
    pub async fn lock(&mut self, day: NaiveDate) -> Result<(), ArchiveError> {
        self.locks.lock(day, false).await.map(|_| ())
    }

    /// Releases the lock of a day.
    ///
    /// # Errors
    ///
    /// [`ArchiveError::Io`].
    pub async fn unlock(&mut self, day: NaiveDate) -> Result<(), ArchiveError> {
        self.locks.unlock(day).await
    }

    /// Adds attempts to the file of their day. An attempt that the file already has is merged: the later
    /// `date_updated` wins, or the new read if both are equal, and an absent value never replaces
    /// another one. If no row changes, the file is not touched.
    ///
    /// # Errors
    ///
    /// [`ArchiveError::Locked`] if another writer has the day; [`ArchiveError::LockLost`] if another
    /// writer has taken it from this one; [`ArchiveError::Day`] if an attempt is of another day;
    /// [`ArchiveError::Numbers`] if the archive keeps numbers in another mode; [`ArchiveError::Corrupt`]
    /// if the file is damaged, see [`replace`](Self::replace); [`ArchiveError::Foreign`],
    /// [`ArchiveError::Version`] and [`ArchiveError::Io`]. After an error the file is unchanged.
    pub async fn merge(&mut self, day: NaiveDate, rows: Vec<Row>) -> Result<Merged, ArchiveError> {
        self.add(day, rows, false).await
    }

    /// Rewrites the file of a day, and discards the content of a damaged one. Rows with the same SID are
    /// merged. An intact file is merged as by [`merge`](Self::merge).
    ///
    /// # Errors
    ///
    /// As [`merge`](Self::merge), without [`ArchiveError::Corrupt`].
    pub async fn replace(
        &mut self,
        day: NaiveDate,
        rows: Vec<Row>,
    ) -> Result<Merged, ArchiveError> {
        self.add(day, rows, true).await
    }

    async fn add(
        &mut self,
        day: NaiveDate,
        rows: Vec<Row>,
        replaces: bool,
    ) -> Result<Merged, ArchiveError> {
        let Some(numbers) = self.check(day, &rows)? else { return Ok(Merged::default()) };
        let mut rows = Some(rows);
        let mut is_changed = false;
        for _ in 0..TRIES {
            let held = self.locks.lock(day, is_changed).await?;
            let store = self.locks.store().clone();
            let kept = store.may_change().then(|| rows.clone()).flatten();
            let rows = std::mem::replace(&mut rows, kept).unwrap_or_default();
            let merged = blocking(move || {
                let _held = held;
                let mut all = match DayFile::open(&store, day) {
                    Ok(Some(file)) if file.label.numbers != numbers => {
                        let archive = file.label.numbers;
                        return Err(ArchiveError::Numbers { archive, given: numbers });
                    }
                    Ok(Some(file)) => match file.rows() {
                        Err(ArchiveError::Corrupt { .. }) if replaces => Vec::new(),
                        rows => rows?,
                    },
                    Ok(None) => Vec::new(),
                    Err(ArchiveError::Corrupt { .. }) if replaces => Vec::new(),
                    Err(error) => return Err(error),
                };
                let merged = merge(&mut all, rows);
                if !merged.is_written() {
                    return Ok(Some(merged));
                }
                Ok(write::write(&store, day, numbers, &all)?.map(|()| merged))
            })
            .await?;
            if let Some(merged) = merged {
                self.numbers = Some(numbers);
                return Ok(merged);
            }
            // In an object store, a writer whose lock had expired changed the file, or this one did,
            // whose request was sent twice.
            is_changed = true;
        }
        Err(self.lost(day)())
    }

    /// Returns the error for the lost lock of a day.
    pub(crate) fn lost(&self, day: NaiveDate) -> impl Fn() -> ArchiveError + Send + use<> {
        let file = self.locks.store().name(&names::lock(day));
        move || ArchiveError::LockLost { file: file.clone() }
    }

    /// Records the mode of numbers in the state before any file has one, so that other writers use the
    /// same. `check` is called with the state as it was.
    pub(crate) async fn register(
        &mut self,
        check: impl Fn(&mut State) -> Result<(), ArchiveError> + Send + 'static,
        given: NumbersMode,
    ) -> Result<State, ArchiveError> {
        let known = self.numbers;
        let state = self
            .update(move |state| {
                check(state)?;
                match state.numbers.or(known) {
                    Some(archive) if archive != given => {
                        Err(ArchiveError::Numbers { archive, given })
                    }
                    _ => {
                        state.numbers = Some(given);
                        Ok(())
                    }
                }
            })
            .await?;
        Ok(state)
    }

    /// Returns how many attempts the file of a day has; `None` if there is no file.
    pub(crate) async fn len(&self, day: NaiveDate) -> Result<Option<u64>, ArchiveError> {
        let store = self.locks.store().clone();
        blocking(move || Ok(DayFile::open(&store, day)?.map(|file| file.len() as u64))).await
    }

    /// Replaces the saved state. Call it after the files that the state describes are written. What
    /// other writers have saved meanwhile is lost: [`update`](Self::update) keeps it.
    ///
    /// # Errors
    ///
    /// [`ArchiveError::Numbers`] if the archive keeps numbers in another mode than the state says;
    /// [`ArchiveError::Io`].
    pub async fn save(&mut self, state: &State) -> Result<(), ArchiveError> {
        let state = state.clone();
        let known = self.numbers;
        let replaced = self.update(move |saved| {
            let archive = saved.numbers.or(known);
            *saved = state.clone();
            match (archive, saved.numbers) {
                (Some(archive), Some(given)) if archive != given => {
                    Err(ArchiveError::Numbers { archive, given })
                }
                (archive, given) => {
                    saved.numbers = given.or(archive);
                    Ok(())
                }
            }
        });
        replaced.await.map(|_| ())
    }

    /// Changes the saved state, whichever writer saved it, and returns the result. `change` may be
    /// called more than once.
    ///
    /// # Errors
    ///
    /// The errors of `change`; [`ArchiveError::Locked`] if other writers keep changing it for a minute;
    /// [`ArchiveError::State`], [`ArchiveError::Foreign`] and [`ArchiveError::Version`] if it can't be
    /// read; [`ArchiveError::Io`].
    pub async fn update(
        &mut self,
        mut change: impl FnMut(&mut State) -> Result<(), ArchiveError> + Send + 'static,
    ) -> Result<State, ArchiveError> {
        let store = self.locks.store().clone();
        let state = blocking(move || state_file::update(&store, &mut change)).await?;
        self.numbers = state.numbers.or(self.numbers);
        Ok(state)
    }

    /// Releases all locks. In a folder, dropping the writer does the same. In an object store, a dropped
    /// writer keeps others from its days for up to 5 minutes.
    ///
    /// # Errors
    ///
    /// [`ArchiveError::Io`].
    pub async fn release(self) -> Result<(), ArchiveError> {
        self.locks.unlock_all().await
    }

    /// Checks rows before anything is read, and returns their mode of numbers.
    fn check(&self, day: NaiveDate, rows: &[Row]) -> Result<Option<NumbersMode>, ArchiveError> {
        let mut numbers = self.numbers;
        for row in rows {
            if row.day() != day {
                return Err(ArchiveError::Day { day, found: row.day() });
            }
            match numbers {
                Some(archive) if archive != row.numbers() => {
                    return Err(ArchiveError::Numbers { archive, given: row.numbers() });
                }
                _ => numbers = Some(row.numbers()),
            }
        }
        Ok(numbers.filter(|_| !rows.is_empty()))
    }
}

/// Returns the mode of numbers of the newest file that can be read.
fn recorded(store: &Store) -> Result<Option<NumbersMode>, ArchiveError> {
    for day in store.days()?.into_iter().rev() {
        match DayFile::open(store, day) {
            Ok(Some(file)) => return Ok(Some(file.label.numbers)),
            Err(ArchiveError::Io { .. }) | Ok(None) => {}
            // The error is reported when the file is needed.
            Err(_) => {}
        }
    }
    Ok(None)
}
