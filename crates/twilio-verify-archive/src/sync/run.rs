//! Runs a sync.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use futures_util::future::{self, Either};
use futures_util::{StreamExt, TryStreamExt};
use twilio_verify_insights::Period;

use crate::archive::writer::Writer;
use crate::error::ArchiveError;
use crate::numbers::numbers::Numbers;
use crate::rows::row::Row;
use crate::state::state::State;
use crate::sync::claims::{Claim, Claims, Step, lock};
use crate::sync::cut::{days, equal};
use crate::sync::proof::{Prover, Shown};
use crate::sync::reading::Reading;
use crate::sync::schedule::Schedule;
use crate::sync::synced::{HeldDay, Synced};
use crate::sync::window::{Listed, Report, Window, list};

/// How many windows are read at once. The pages of one window are read in sequence.
const AT_ONCE: usize = 2;

/// A boxed future.
pub(crate) type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The number of attempts of a window that have a date.
#[derive(Clone, Copy, Debug)]
struct Dated {
    /// Attempts in the part that Twilio counts.
    kept: u64,
    /// Attempts in the other part.
    uncounted: u64,
}

impl Dated {
    fn of(listed: &Listed, period: Period, shown: Shown) -> Self {
        let part = |from, to| Period::new(from, to).map_or(0, |part| listed.dated(part));
        let edge = match shown {
            Shown::All { from, .. } => from,
            Shown::Uncounted { before, .. } => before,
            Shown::Differs => period.from(),
        };
        Self { kept: part(edge, period.to()), uncounted: part(period.from(), edge) }
    }
}

/// A running sync.
pub(crate) struct Run {
    pub(crate) prover: Prover,
    pub(crate) writer: Writer,
    pub(crate) state: State,
    pub(crate) numbers: Arc<Numbers>,
    pub(crate) schedule: Schedule,
    pub(crate) report: Report,
    pub(crate) synced: Synced,
    /// The days that are being read.
    pub(crate) claim: Option<Arc<Claim>>,
    /// The saved state of these days.
    pub(crate) found: State,
    /// Rows of these days that are not in a file yet.
    pub(crate) rows: BTreeMap<NaiveDate, Vec<Row>>,
    /// Whether attempts of another account were listed.
    pub(crate) is_foreign: bool,
}

impl Run {
    /// Reads windows until all are read or `stop` completes.
    pub(crate) async fn run(
        mut self,
        claims: Claims,
        stop: Boxed<'static, ()>,
    ) -> Result<Synced, ArchiveError> {
        let ended = self.drive(claims, stop).await;
        let released = self.writer.release().await;
        ended.and(released)?;
        self.synced.state = self.state;
        Ok(self.synced)
    }

    async fn drive(
        &mut self,
        claims: Claims,
        mut stop: Boxed<'static, ()>,
    ) -> Result<(), ArchiveError> {
        let (others, rereading) = (Arc::clone(&claims.others), claims.rereading.shared());
        let attempts = self.prover.attempts.clone();
        let (numbers, report) = (Arc::clone(&self.numbers), Arc::clone(&self.report));
        let read = claims.steps(&self.prover).map_ok(move |step| {
            let (attempts, numbers) = (attempts.clone(), Arc::clone(&numbers));
            let list = list(attempts, step.window, numbers, Arc::clone(&report));
            // On a separate task, so that it continues while a file is written.
            let reading = Reading::start(list);
            async move { Ok((step, reading.await?)) }
        });
        let mut read = Box::pin(read.try_buffered(AT_ONCE));
        let ended = loop {
            match future::select(stop, read.next()).await {
                Either::Left(_) => {
                    self.synced.stopped = true;
                    break Ok(());
                }
                Either::Right((None, _)) => break Ok(()),
                Either::Right((Some(Err(error)), _)) => break Err(error),
                Either::Right((Some(Ok((step, listed))), rest)) => {
                    stop = rest;
                    if let Err(error) = self.step(step, listed).await {
                        break Err(error);
                    }
                }
            }
        };
        drop(read);
        if self.is_foreign || matches!(ended, Err(ArchiveError::LockLost { .. })) {
            return ended;
        }
        // What was read is kept, even after an error.
        let kept = self.flush().await;
        ended.and(kept)?;
        let others = lock(&others).clone();
        let held = others.into_iter().map(|(day, holder)| HeldDay { day, holder });
        self.synced.held = held.collect();
        self.end().await?;
        // Other syncs may have ended meanwhile.
        let due = Schedule::new(&mut self.state.clone(), self.prover.now, rereading).read;
        let is_due = |held: &HeldDay| {
            let mut days = due.iter().flat_map(|period| days(*period));
            days.any(|day| day.from().date_naive() == held.day)
        };
        self.synced.held.retain(is_due);
        Ok(())
    }

    /// Processes the list of a window of locked days.
    async fn step(&mut self, step: Step, listed: Listed) -> Result<(), ArchiveError> {
        let Step { window, claim, is_last } = step;
        if !self.claim.as_ref().is_some_and(|current| Arc::ptr_eq(current, &claim)) {
            self.state.take(claim.days, &claim.state);
            self.found = claim.found.clone();
            self.claim = Some(Arc::clone(&claim));
        }
        self.hold(&claim).await?;
        self.synced.read(window.period);
        self.finish(window, listed).await?;
        if is_last { self.leave(&claim).await } else { Ok(()) }
    }

    /// Stores the list of a window, and proves it.
    fn finish(
        &mut self,
        window: Window,
        mut listed: Listed,
    ) -> Boxed<'_, Result<(), ArchiveError>> {
        Box::pin(async move {
            self.check_account(&listed).await?;
            if listed.too_long {
                for period in equal(window.period, 2) {
                    let (window, listed) = self.read(period).await?;
                    self.finish(window, listed).await?;
                }
                return Ok(());
            }
            self.synced.listed += listed.rows.len() as u64;
            let mut shown = self.prover.compare(window, &listed).await?;
            if shown == Shown::Differs {
                // Again, as attempts may have changed while they were listed.
                self.take(std::mem::take(&mut listed.rows)).await?;
                let (window, again) = self.read(window.period).await?;
                self.check_account(&again).await?;
                if again.too_long {
                    return self.finish(window, again).await;
                }
                shown = self.prover.compare(window, &again).await?;
                listed = again;
            }
            let dated = Dated::of(&listed, window.period, shown);
            let rows = std::mem::take(&mut listed.rows);
            self.take(rows).await?;
            // After `take`, which may save the state: it must only cover rows that are in files.
            self.note(window.period, shown, &listed, dated);
            Ok(())
        })
    }

    /// Counts and lists a period.
    async fn read(&self, period: Period) -> Result<(Window, Listed), ArchiveError> {
        let window = Window { period, counted: self.prover.count(period).await? };
        let attempts = self.prover.attempts.clone();
        let listed = list(attempts, window, Arc::clone(&self.numbers), Arc::clone(&self.report));
        Ok((window, listed.await?))
    }

    /// Records the result of a window in the state.
    fn note(&mut self, period: Period, shown: Shown, listed: &Listed, dated: Dated) {
        let (state, now) = (&mut self.state, self.prover.now);
        let read = match shown {
            Shown::All { from, counted } => {
                if let Ok(forgotten) = Period::new(period.from(), from) {
                    if state.begin == Some(period.from()) {
                        state.begin = Some(from);
                    } else {
                        state.lost.insert(forgotten);
                        self.synced.lost.insert(forgotten);
                    }
                    state.open.remove(forgotten);
                }
                if let Ok(kept) = Period::new(from, period.to()) {
                    state.prove(kept, now, counted, counted);
                }
                counted.saturating_sub(dated.kept)
            }
            Shown::Uncounted { before, counted } => {
                if let Ok(rest) = Period::new(before, period.to()) {
                    state.prove(rest, now, counted, counted);
                }
                if let Ok(uncounted) = Period::new(period.from(), before) {
                    state.prove(uncounted, now, dated.uncounted, 0);
                    let proven = state.proven();
                    self.synced.unproven.extend(&proven.gaps(uncounted).into_iter().collect());
                }
                listed.undated
            }
            Shown::Differs => {
                state.open.insert(period);
                self.synced.open.insert(period);
                listed.undated
            }
        };
        if shown != Shown::Differs {
            state.seal(period, self.schedule.settled);
        }
        let in_period = |date: &&DateTime<Utc>| period.from() <= **date && **date < period.to();
        let without_sid: Vec<DateTime<Utc>> =
            listed.without_sid.iter().filter(in_period).copied().collect();
        self.synced.unreadable += without_sid.len() as u64 + read;
        state.keep_unreadable(period, &without_sid, read);
        state.advance();
    }
}
