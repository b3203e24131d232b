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

/// How often a file that another writer has changed is read again, while its lock is held.
const TRIES: usize = 5;

/// One of the writers of an archive. A day has one writer at a time: it is locked when it is first
/// written, until [`unlock`](Self::unlock), [`release`](Self::release) or, in a folder, until the
/// writer is dropped.
///
/// A file is written beside the old one and then takes its place, so that an error, a full disk or
/// the end of the process at any point leaves the old one. The future of a write that is dropped may
/// still write; the lock is held until it is done.
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

    /// What the archive keeps of numbers; `None` of an archive without attempts that nobody has said
    /// it of.
    pub const fn numbers(&self) -> Option<NumbersMode> {
        self.numbers
    }

    /// Locks a day. [`merge`](Self::merge) does it too.
    ///
    /// # Errors
    ///
    /// [`ArchiveError::Locked`] if another writer has the day; [`ArchiveError::LockLost`] if this one
    /// had it and another one has it now; [`ArchiveError::Io`].
    pub async fn lock(&mut self, day: NaiveDate) -> Result<(), ArchiveError> {
        self.locks.lock(day, false).await.map(|_| ())
    }

    /// Gives the lock of a day up.
    ///
    /// # Errors
    ///
    /// [`ArchiveError::Io`].
    pub async fn unlock(&mut self, day: NaiveDate) -> Result<(), ArchiveError> {
        self.locks.unlock(day).await
    }

    /// Adds attempts to the file of their day. An attempt that is there already is merged with what is
    /// there: the later `date_updated` wins, of two that are equal the new read, and an absent value
    /// never replaces another one. If no row changes, the file is not touched.
    ///
    /// # Errors
    ///
    /// [`ArchiveError::Locked`] if another writer has the day; [`ArchiveError::LockLost`] if this one
    /// had it, and another one has it now; [`ArchiveError::Day`] if an attempt is of another day;
    /// [`ArchiveError::Numbers`] if the archive keeps other parts of numbers;
    /// [`ArchiveError::Corrupt`] if the file is damaged, see [`replace`](Self::replace);
    /// [`ArchiveError::Foreign`], [`ArchiveError::Version`] and [`ArchiveError::Io`]. After an error the
    /// file is as it was.
    pub async fn merge(&mut self, day: NaiveDate, rows: Vec<Row>) -> Result<Merged, ArchiveError> {
        self.add(day, rows, false).await
    }

    /// Writes the file of a day anew, without regard to what a damaged file held. Rows with the same
    /// SID are merged. A whole file of the day is merged with, as by [`merge`](Self::merge).
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
            // In an object store: by a writer whose time was up, or by this one, whose request was sent
            // twice.
            is_changed = true;
        }
        Err(self.lost(day)())
    }

    /// The error that the lock of a day is lost.
    pub(crate) fn lost(&self, day: NaiveDate) -> impl Fn() -> ArchiveError + Send + use<> {
        let file = self.locks.store().name(&names::lock(day));
        move || ArchiveError::LockLost { file: file.clone() }
    }

    /// Has the state say what is kept of numbers, before any file does, so that another writer keeps the
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

    /// How many attempts the file of a day has; `None` if there is no file.
    pub(crate) async fn len(&self, day: NaiveDate) -> Result<Option<u64>, ArchiveError> {
        let store = self.locks.store().clone();
        blocking(move || Ok(DayFile::open(&store, day)?.map(|file| file.len() as u64))).await
    }

    /// Writes the state in place of the one that is there, after the files that it is about. What other
    /// writers have noted meanwhile is lost: [`update`](Self::update) keeps it.
    ///
    /// # Errors
    ///
    /// [`ArchiveError::Numbers`] if the archive keeps other parts of numbers than the state says;
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

    /// Changes the state that is there, whoever wrote it, and gives what is there then. `change` may be
    /// called more than once.
    ///
    /// # Errors
    ///
    /// Those of `change`; [`ArchiveError::Locked`] if another writer is changing it for a minute;
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

    /// Gives all locks up. In a folder, dropping the writer does the same; in an object store a writer
    /// that is dropped keeps others from its days for up to 5 minutes.
    ///
    /// # Errors
    ///
    /// [`ArchiveError::Io`].
    pub async fn release(self) -> Result<(), ArchiveError> {
        self.locks.unlock_all().await
    }

    /// Checks rows before anything is read; gives what they keep of numbers.
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

/// What the files keep of numbers, by the newest that can be read.
fn recorded(store: &Store) -> Result<Option<NumbersMode>, ArchiveError> {
    for day in store.days()?.into_iter().rev() {
        match DayFile::open(store, day) {
            Ok(Some(file)) => return Ok(Some(file.label.numbers)),
            Err(ArchiveError::Io { .. }) | Ok(None) => {}
            // It is named when it is needed.
            Err(_) => {}
        }
    }
    Ok(None)
}
