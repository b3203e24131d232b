//! Writes an archive.

use chrono::NaiveDate;

use crate::error::ArchiveError;
use crate::files::day::DayFile;
use crate::files::{state_file, write};
use crate::numbers::numbers::NumbersMode;
use crate::rows::merge::{Merged, merge};
use crate::rows::row::Row;
use crate::state::State;
use crate::store::blocking::blocking;
use crate::store::store::{Held, Store};

/// The one writer of an archive: it holds the archive's lock until it is dropped.
///
/// A file is written beside the old one and then takes its place, so that an error, a full disk or
/// the end of the process at any point leaves the old one. The future of a write that is dropped may
/// still write; the lock is held until it is done.
#[derive(Debug)]
pub struct Writer {
    store: Store,
    numbers: Option<NumbersMode>,
    held: Held,
}

impl Writer {
    pub(crate) fn lock(store: Store) -> Result<Self, ArchiveError> {
        let (store, held) = store.lock()?;
        let numbers = match state_file::read(&store)?.numbers {
            Some(numbers) => Some(numbers),
            None => recorded(&store)?,
        };
        Ok(Self { store, numbers, held })
    }

    /// What the archive keeps of numbers; `None` of an archive without attempts that nobody has said
    /// it of.
    pub const fn numbers(&self) -> Option<NumbersMode> {
        self.numbers
    }

    /// Adds attempts to the file of their day. An attempt that is there already is merged with what is
    /// there: the later `date_updated` wins, of two that are equal the new read, and an absent value
    /// never replaces another one. If no row changes, the file is not touched.
    ///
    /// # Errors
    ///
    /// [`ArchiveError::Day`] if an attempt is of another day; [`ArchiveError::Numbers`] if the archive
    /// keeps other parts of numbers; [`ArchiveError::Corrupt`] if the file is damaged, see
    /// [`replace`](Self::replace); [`ArchiveError::Foreign`], [`ArchiveError::Version`] and
    /// [`ArchiveError::Io`]. After an error the file is as it was.
    pub async fn merge(&mut self, day: NaiveDate, rows: Vec<Row>) -> Result<Merged, ArchiveError> {
        let Some(numbers) = self.check(day, &rows)? else { return Ok(Merged::default()) };
        let (store, held) = self.renew().await?;
        let merged = blocking(move || {
            let _held = held;
            let file = DayFile::open(&store, day)?;
            let mut all = match &file {
                Some(file) if file.label.numbers != numbers => {
                    let archive = file.label.numbers;
                    return Err(ArchiveError::Numbers { archive, given: numbers });
                }
                Some(file) => file.rows()?,
                None => Vec::new(),
            };
            let merged = merge(&mut all, rows);
            if merged.is_written() {
                write::write(&store, day, numbers, &all)?;
            }
            Ok(merged)
        })
        .await?;
        self.numbers = Some(numbers);
        Ok(merged)
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
        match self.merge(day, rows.clone()).await {
            Err(ArchiveError::Corrupt { .. }) => {}
            result => return result,
        }
        let Some(numbers) = self.check(day, &rows)? else { return Ok(Merged::default()) };
        let (store, held) = self.renew().await?;
        let merged = blocking(move || {
            let _held = held;
            let mut all = Vec::new();
            let merged = merge(&mut all, rows);
            write::write(&store, day, numbers, &all)?;
            Ok(merged)
        })
        .await?;
        self.numbers = Some(numbers);
        Ok(merged)
    }

    /// How many attempts the file of a day has; `None` if there is no file.
    pub(crate) async fn len(&self, day: NaiveDate) -> Result<Option<u64>, ArchiveError> {
        let store = self.store.clone();
        blocking(move || Ok(DayFile::open(&store, day)?.map(|file| file.len() as u64))).await
    }

    /// Writes the state, after the files that it is about.
    ///
    /// # Errors
    ///
    /// [`ArchiveError::Numbers`] if the archive keeps other parts of numbers than the state says;
    /// [`ArchiveError::Io`].
    pub async fn save(&mut self, state: &State) -> Result<(), ArchiveError> {
        let mut state = state.clone();
        match (self.numbers, state.numbers) {
            (Some(archive), Some(given)) if archive != given => {
                return Err(ArchiveError::Numbers { archive, given });
            }
            (archive, given) => state.numbers = given.or(archive),
        }
        self.numbers = state.numbers;
        let (store, held) = self.renew().await?;
        blocking(move || {
            let _held = held;
            state_file::write(&store, &state)
        })
        .await
    }

    /// Gives the lock up. In a folder, dropping the writer does the same; in an object store a writer
    /// that is dropped keeps others out for up to 5 minutes.
    ///
    /// # Errors
    ///
    /// [`ArchiveError::Io`].
    pub async fn release(self) -> Result<(), ArchiveError> {
        let Self { store, held, .. } = self;
        blocking(move || store.release(held)).await
    }

    /// Makes sure that the lock is still held, and gives where to write. The lock is held until both
    /// the writer and the work are done: a future may be dropped while its work goes on.
    async fn renew(&mut self) -> Result<(Store, Held), ArchiveError> {
        let (store, held) = (self.store.clone(), self.held.clone());
        blocking(move || store.renew(&held)).await?;
        Ok((self.store.clone(), self.held.clone()))
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
