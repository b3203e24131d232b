//! The builder of a sync.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use chrono::{DateTime, NaiveDate, NaiveTime, SubsecRound, TimeDelta, Utc};
use twilio_verify::Attempts;
use twilio_verify_insights::Period;

use crate::archive::archive::Archive;
use crate::archive::writer::Writer;
use crate::error::ArchiveError;
use crate::numbers::numbers::Numbers;
use crate::state::State;
use crate::sync::cut::day_end;
use crate::sync::progress::{Progress, report};
use crate::sync::proof::Prover;
use crate::sync::run::{Boxed, Run};
use crate::sync::schedule::Schedule;
use crate::sync::synced::Synced;
use crate::sync::window::Window;

/// Reads attempts into an archive. From [`Archive::sync`].
///
/// The first sync reads the last 30 days, up to a minute ago. A later one reads what is new, what may
/// have changed since it was read (20 minutes, by default), and each hour once more when it is 26
/// hours old, as prices and delivery statuses are final then. Of each window, as many attempts must
/// be listed as Twilio counts; if they aren't, twice, the window stays open, and the next sync reads
/// it again. [`State::watermark`](crate::State::watermark) doesn't pass it.
///
/// Files are written before the state, and attempts are merged by SID: after a crash at any point, run
/// it again; no attempt is missing, and none is there twice.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # use twilio_verify_emulator::{Emulator, sample};
/// # let now = chrono::Utc::now();
/// # let emulator = Emulator::builder().attempts(sample(7, now, 500)).start().await?;
/// # let client = twilio_verify::Client::builder()
/// #     .credentials(emulator.credentials())
/// #     .base_url(emulator.url())
/// #     .build()?;
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("archive");
/// use twilio_verify_archive::{Archive, Numbers};
///
/// let archive = Archive::open(&path)?;
/// let synced = archive.sync(&client.attempts()).numbers(Numbers::None).run().await?;
/// println!("{} new attempts, up to {:?}", synced.added, synced.state.watermark);
/// if !synced.is_complete() {
///     println!("not proven: {:?} {:?} {:?}", synced.open, synced.unproven, synced.lost);
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "a sync does nothing until it is run"]
pub struct Sync {
    settings: Settings,
    stop: Boxed<'static, ()>,
}

/// What is read, and how.
#[derive(Debug)]
struct Settings {
    archive: Archive,
    attempts: Attempts,
    numbers: Numbers,
    account: Option<String>,
    validity: TimeDelta,
    now: Option<DateTime<Utc>>,
}

impl Archive {
    /// Reads attempts from Twilio into the archive.
    pub fn sync(&self, attempts: &Attempts) -> Sync {
        let settings = Settings {
            archive: self.clone(),
            attempts: attempts.clone(),
            numbers: Numbers::None,
            account: None,
            validity: TimeDelta::minutes(10),
            now: None,
        };
        Sync { settings, stop: Box::pin(std::future::pending()) }
    }
}

impl Sync {
    /// What is kept of phone numbers and e-mail addresses. Default: nothing. It is the same in all of
    /// an archive.
    pub fn numbers(mut self, numbers: Numbers) -> Self {
        self.settings.numbers = numbers;
        self
    }

    /// The account whose attempts these are, if it is known: that an archive is of another one is
    /// said before anything is sent. Default: the account of the first attempt that is listed.
    pub fn account(mut self, account: impl Into<String>) -> Self {
        self.settings.account = Some(account.into());
        self
    }

    /// How long a verification is valid. Default: 10 minutes, Twilio's; support can set 2 minutes to
    /// 24 hours for an account. Attempts are read again until they are older by 10 minutes.
    pub fn validity(mut self, validity: TimeDelta) -> Self {
        self.settings.validity = validity.max(TimeDelta::zero());
        self
    }

    /// What counts as now. Default: the clock of this machine.
    pub fn now(mut self, now: DateTime<Utc>) -> Self {
        self.settings.now = Some(now);
        self
    }

    /// Stops when a future completes: windows that were read are kept, and others are left to the
    /// next sync. Default: never.
    pub fn until(mut self, stop: impl Future<Output = ()> + Send + 'static) -> Self {
        self.stop = Box::pin(stop);
        self
    }

    /// Runs the sync.
    ///
    /// # Errors
    ///
    /// Before anything is sent: [`ArchiveError::Locked`] if another writer has the archive;
    /// [`ArchiveError::Account`] and [`ArchiveError::Numbers`] if it is of another account, or keeps
    /// other parts of numbers; [`ArchiveError::Version`], [`ArchiveError::Foreign`] and
    /// [`ArchiveError::State`] if its state can't be read.
    ///
    /// [`ArchiveError::Request`] if a request fails for good, and [`ArchiveError::Io`] if a file can't
    /// be written: what was read before is kept, and the next sync goes on from there.
    pub async fn run(self) -> Result<Synced, ArchiveError> {
        self.run_with(|_| {}).await
    }

    /// Runs the sync, and calls `progress` after each page.
    ///
    /// # Errors
    ///
    /// As [`run`](Self::run).
    pub async fn run_with(
        self,
        progress: impl FnMut(Progress) + Send + 'static,
    ) -> Result<Synced, ArchiveError> {
        let Self { settings, stop } = self;
        let writer = settings.archive.writer().await?;
        let Prepared { prover, state, schedule, synced, damaged, windows } =
            match settings.prepare(&writer).await {
                Ok(prepared) => prepared,
                Err(error) => {
                    // The first error is the one that matters.
                    writer.release().await.ok();
                    return Err(error);
                }
            };
        let expected = windows.iter().map(|window| window.counted).sum();
        let run = Run {
            prover,
            writer,
            state,
            numbers: Arc::new(settings.numbers),
            schedule,
            report: report(progress, expected),
            synced,
            rows: BTreeMap::new(),
            damaged,
            is_foreign: false,
        };
        run.run(windows, stop).await
    }
}

impl Settings {
    /// Finds out what is to be read, and counts it.
    async fn prepare(&self, writer: &Writer) -> Result<Prepared, ArchiveError> {
        let now = self.now.unwrap_or_else(Utc::now).trunc_subsecs(0);
        let mut state = self.archive.state().await?;
        self.check(writer, &mut state)?;
        let known = state.lost.clone();
        let earliest = Schedule::new(&mut state, now, self.validity).earliest;
        let damaged = damaged(&self.archive, writer, &mut state, (earliest, now)).await?;
        // Once more, with what is damaged.
        let schedule = Schedule::new(&mut state, now, self.validity);
        let mut synced = Synced {
            repaired: damaged.iter().copied().collect(),
            periods: schedule.read.clone(),
            lost: state.lost.clone(),
            ..Synced::default()
        };
        for lost in known.iter() {
            synced.lost.remove(lost);
        }
        let mut prover = Prover {
            attempts: self.attempts.clone(),
            bounds: state.bounds.unwrap_or_default(),
            is_measured: state.bounds.is_some(),
            now,
            started: Instant::now(),
        };
        if let Some(last) = schedule.read.last() {
            let day = last.from().max(last.to() - TimeDelta::days(1));
            prover.measure(Period::new(day, last.to())?).await?;
        }
        let mut windows = Vec::new();
        for period in &schedule.read {
            let counted = prover.count(*period).await?;
            windows.push(Window { period: *period, counted });
        }
        Ok(Prepared { prover, state, schedule, synced, damaged, windows })
    }

    /// Rejects an archive of another account, or with other parts of numbers.
    fn check(&self, writer: &Writer, state: &mut State) -> Result<(), ArchiveError> {
        if let Some(given) = &self.account {
            let archive = state.account_sid.get_or_insert_with(|| given.clone());
            if archive != given {
                let (archive, given) = (archive.clone(), given.clone());
                return Err(ArchiveError::Account { archive, given });
            }
        }
        let given = self.numbers.mode();
        match writer.numbers() {
            Some(archive) if archive != given => {
                return Err(ArchiveError::Numbers { archive, given });
            }
            _ => state.numbers = Some(given),
        }
        Ok(())
    }
}

/// A sync before the first window is read.
struct Prepared {
    prover: Prover,
    state: State,
    schedule: Schedule,
    synced: Synced,
    damaged: BTreeSet<NaiveDate>,
    windows: Vec<Window>,
}

/// The days that Twilio still has, and whose files are missing, damaged or shorter than they were.
/// What is known of them is forgotten.
async fn damaged(
    archive: &Archive,
    writer: &Writer,
    state: &mut State,
    (earliest, now): (DateTime<Utc>, DateTime<Utc>),
) -> Result<BTreeSet<NaiveDate>, ArchiveError> {
    let mut days: BTreeSet<NaiveDate> = archive.days().await?.into_iter().collect();
    days.extend(state.days.keys());
    let mut damaged = BTreeSet::new();
    for day in days.split_off(&earliest.date_naive()) {
        let rows = state.days.get(&day).copied().unwrap_or_default();
        match writer.len(day).await {
            Ok(found) if found.unwrap_or_default() >= rows => {}
            Ok(_) | Err(ArchiveError::Corrupt { .. }) => {
                damaged.insert(day);
            }
            Err(error) => return Err(error),
        }
    }
    for day in &damaged {
        let start = day.and_time(NaiveTime::MIN).and_utc();
        if let Ok(period) = Period::new(start, day_end(start).min(now)) {
            state.forget(period);
        }
        state.days.remove(day);
    }
    Ok(damaged)
}

impl fmt::Debug for Sync {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Sync").field(&self.settings).finish()
    }
}
