//! Chooses the days that a sync reads: those that no other sync has locked.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, NaiveDate, Utc};
use futures_util::stream::{self, Stream};
use twilio_verify_insights::Period;

use crate::archive::locks::Locks;
use crate::error::ArchiveError;
use crate::files::day::DayFile;
use crate::files::state_file;
use crate::spans::{Spans, overlap};
use crate::state::state::State;
use crate::store::blocking::blocking;
use crate::sync::cut::{day_end, days, parts, whole_days};
use crate::sync::proof::Prover;
use crate::sync::schedule::{Rereading, Schedule};
use crate::sync::window::{Window, count};

/// Whole days that this sync has locked, and their state.
#[derive(Debug)]
pub(crate) struct Claim {
    /// The days.
    pub(crate) days: Period,
    /// The state of these days, as the last reader saved it.
    pub(crate) found: State,
    /// The state, without damaged days and with expired periods noted.
    pub(crate) state: State,
    /// Whether a file is damaged and has to be rewritten.
    pub(crate) is_damaged: bool,
}

/// A window of locked days.
pub(crate) struct Step {
    pub(crate) window: Window,
    pub(crate) claim: Arc<Claim>,
    /// Whether this is the last window of these days.
    pub(crate) is_last: bool,
}

/// Days that other syncs have locked, with the holders if known.
pub(crate) type Others = Arc<Mutex<BTreeMap<NaiveDate, Option<String>>>>;

/// Chooses the windows to read next.
#[derive(Debug)]
pub(crate) struct Claims {
    pub(crate) locks: Locks,
    pub(crate) now: DateTime<Utc>,
    pub(crate) rereading: Rereading,
    /// The state when the sync began.
    pub(crate) base: State,
    pub(crate) others: Others,
    /// The windows to read at that time, with their counts.
    planned: Vec<Window>,
    /// The days to read, the oldest first. Several days without attempts form one entry.
    queue: VecDeque<Period>,
    /// Whether a day was locked since the days of others were last tried.
    is_moving: bool,
    /// The periods left to read of the locked days, with their counts if known.
    open: Vec<(Period, Option<u64>)>,
    claim: Option<Arc<Claim>>,
}

impl Claims {
    pub(crate) fn new(locks: Locks, now: DateTime<Utc>, rereading: Rereading, base: State) -> Self {
        Self {
            locks,
            now,
            rereading,
            base,
            others: Others::default(),
            planned: Vec::new(),
            queue: VecDeque::new(),
            is_moving: false,
            open: Vec::new(),
            claim: None,
        }
    }

    /// Locks the first day to read that no other sync has locked, so that nothing is sent if others have
    /// all days.
    ///
    /// # Errors
    ///
    /// [`ArchiveError::Locked`] if other syncs have all days.
    pub(crate) async fn reserve(&self, read: &[Period]) -> Result<(), ArchiveError> {
        let mut held = Ok(());
        for day in read.iter().flat_map(|period| days(*period)) {
            match self.locks.lock(day.from().date_naive(), false).await {
                Err(error @ ArchiveError::Locked { .. }) => held = held.and(Err(error)),
                result => return result.map(|_| ()),
            }
        }
        held
    }

    /// Sets the windows to read.
    pub(crate) fn plan(&mut self, planned: Vec<Window>) {
        let mut queue = VecDeque::<Period>::new();
        for window in &planned {
            // Several days without attempts are read at once.
            let whole = whole_days(window.period);
            let units = match parts(window.period, window.counted) {
                None => vec![whole],
                Some(_) => days(window.period).into_iter().map(whole_days).collect(),
            };
            for unit in units {
                match queue.back_mut() {
                    // They share a day.
                    Some(last) if overlap(*last, unit).is_some() => {
                        let both = Period::new(last.from(), last.to().max(unit.to()));
                        *last = both.unwrap_or(*last);
                    }
                    _ => queue.push_back(unit),
                }
            }
        }
        (self.planned, self.queue) = (planned, queue);
    }

    /// Returns the windows to read, the oldest first, each chosen when it is needed.
    pub(crate) fn steps(
        self,
        prover: &Prover,
    ) -> impl Stream<Item = Result<Step, ArchiveError>> + use<> {
        let (attempts, bounds) = (prover.attempts.clone(), prover.bounds);
        stream::try_unfold(self, move |mut claims| {
            let attempts = attempts.clone();
            async move {
                loop {
                    while let Some((period, counted)) = claims.open.pop() {
                        let counted = match counted {
                            Some(counted) => counted,
                            None => count(&attempts, bounds, period).await?,
                        };
                        if let Some(parts) = parts(period, counted) {
                            claims.open.extend(parts.into_iter().rev().map(|part| (part, None)));
                        } else if let Some(claim) = claims.claim.clone() {
                            let window = Window { period, counted };
                            let is_last = claims.open.is_empty();
                            return Ok(Some((Step { window, claim, is_last }, claims)));
                        }
                    }
                    if !claims.next().await? {
                        return Ok(None);
                    }
                }
            }
        })
    }

    /// Locks the next days with something to read. Returns `false` if there are none, or others have
    /// them.
    async fn next(&mut self) -> Result<bool, ArchiveError> {
        loop {
            let Some(unit) = self.queue.pop_front() else {
                // Other syncs may have released days, or ended, meanwhile.
                let others = std::mem::take(&mut *lock(&self.others));
                if !self.is_moving || others.is_empty() {
                    *lock(&self.others) = others;
                    return Ok(false);
                }
                self.is_moving = false;
                let again =
                    others.into_keys().map(|day| day.and_time(Default::default()).and_utc());
                self.queue = again.flat_map(|start| Period::new(start, day_end(start))).collect();
                continue;
            };
            let Some(()) = self.lock(unit).await? else { continue };
            let (claim, due) = self.look(unit).await?;
            let is_single = days(unit).len() == 1;
            let whole = self.planned.iter().find(|window| whole_days(window.period) == unit);
            if !is_single && whole.is_none_or(|whole| due != [(whole.period, Some(whole.counted))])
            {
                // The plan for these days no longer holds.
                self.split(unit).await?;
                continue;
            }
            if due.is_empty() {
                self.unlock(unit).await?;
                continue;
            }
            self.is_moving = true;
            self.claim = Some(Arc::new(claim));
            self.open = due.into_iter().rev().collect();
            return Ok(true);
        }
    }

    /// Locks days. Returns `None` if others have some of them.
    async fn lock(&mut self, unit: Period) -> Result<Option<()>, ArchiveError> {
        let days = days(unit);
        for day in &days {
            let day = day.from().date_naive();
            match self.locks.lock(day, false).await {
                Ok(_) => {}
                Err(ArchiveError::Locked { holder, .. }) if days.len() == 1 => {
                    lock(&self.others).insert(day, holder);
                    return Ok(None);
                }
                Err(ArchiveError::Locked { .. }) => {
                    self.split(unit).await?;
                    return Ok(None);
                }
                Err(error) => return Err(error),
            }
        }
        Ok(Some(()))
    }

    /// Releases days that can't be read at once, and queues them one by one.
    async fn split(&mut self, unit: Period) -> Result<(), ArchiveError> {
        self.unlock(unit).await?;
        for day in days(unit).into_iter().rev() {
            self.queue.push_front(day);
        }
        Ok(())
    }

    async fn unlock(&self, unit: Period) -> Result<(), ArchiveError> {
        for day in days(unit) {
            self.locks.unlock(day.from().date_naive()).await?;
        }
        Ok(())
    }

    /// Returns what is still to be read of locked days, after the work of others.
    async fn look(
        &self,
        unit: Period,
    ) -> Result<(Claim, Vec<(Period, Option<u64>)>), ArchiveError> {
        let store = self.locks.store().clone();
        let (mut state, damaged) = blocking(move || {
            let state = state_file::read(&store)?;
            let mut damaged = Vec::new();
            for day in days(unit) {
                let rows = state.days.get(&day.from().date_naive()).copied();
                if is_damaged(DayFile::open(&store, day.from().date_naive()), rows)? {
                    damaged.push(day);
                }
            }
            Ok((state, damaged))
        })
        .await?;
        let found = state.of(unit);
        let has_changed = found != self.base.of(unit);
        for day in &damaged {
            state.forget_day(*day);
        }
        let rereading = if has_changed { self.rereading.shared() } else { self.rereading };
        let schedule = Schedule::new(&mut state, self.now, rereading);
        let mut due: Spans =
            schedule.read.iter().filter_map(|period| overlap(*period, unit)).collect();
        if has_changed {
            // The sync that changed the state has just read these.
            state.open.iter().for_each(|open| due.remove(open));
        }
        let counted = |period: Period| {
            let planned = self.planned.iter().find(|window| window.period == period);
            planned.map(|window| window.counted).filter(|_| !has_changed)
        };
        let due = due.iter().map(|period| (period, counted(period))).collect();
        Ok((Claim { days: unit, found, state, is_damaged: !damaged.is_empty() }, due))
    }
}

pub(crate) fn lock(
    others: &Others,
) -> std::sync::MutexGuard<'_, BTreeMap<NaiveDate, Option<String>>> {
    others.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether the file of a day is missing, damaged or shorter than it was.
pub(crate) fn is_damaged(
    file: Result<Option<DayFile>, ArchiveError>,
    rows: Option<u64>,
) -> Result<bool, ArchiveError> {
    match file {
        Ok(file) => Ok(file.map_or(0, |file| file.len() as u64) < rows.unwrap_or_default()),
        Err(ArchiveError::Corrupt { .. }) => Ok(true),
        Err(error) => Err(error),
    }
}
