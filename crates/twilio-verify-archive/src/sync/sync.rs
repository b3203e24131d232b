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
use crate::files::day::DayFile;
use crate::numbers::numbers::Numbers;
use crate::state::state::State;
use crate::store::blocking::blocking;
use crate::sync::claims::{Claims, is_damaged};
use crate::sync::cut::day_end;
use crate::sync::progress::{Progress, report};
use crate::sync::proof::Prover;
use crate::sync::run::{Boxed, Run};
use crate::sync::schedule::{Rereading, Schedule};
use crate::sync::synced::Synced;
use crate::sync::window::Window;

/// Reads attempts into an archive. Created by [`Archive::sync`].
///
/// The first sync reads the last 30 days, up to a minute ago. A later one reads new attempts, those
/// that may have changed since they were read (20 minutes, by default), and each hour again when it
/// is 26 hours old, as prices and delivery statuses are final then. The list of each window must
/// have as many attempts as Twilio counts. If it differs twice, the window stays open: the next
/// sync reads it again, and [`State::watermark`](crate::State::watermark) doesn't pass it.
///
/// Several syncs of one archive, on one machine or many, share the work: each locks the days that
/// it reads, and skips the days that others have locked. The locks of a killed sync end: in a
/// folder at once, in an object store after 5 minutes.
///
/// Files are written before the state, and attempts are merged by SID. After a crash at any point,
/// run the sync again: no attempt is missing or duplicated.
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

/// The settings of a sync.
#[derive(Debug)]
struct Settings {
    archive: Archive,
    attempts: Attempts,
    numbers: Numbers,
    account: Option<String>,
    validity: TimeDelta,
    fresh: TimeDelta,
    now: Option<DateTime<Utc>>,
}

impl Archive {
    /// Returns a sync, which reads attempts from Twilio into the archive.
    pub fn sync(&self, attempts: &Attempts) -> Sync {
        let settings = Settings {
            archive: self.clone(),
            attempts: attempts.clone(),
            numbers: Numbers::None,
            account: None,
            validity: TimeDelta::minutes(10),
            fresh: TimeDelta::zero(),
            now: None,
        };
        Sync { settings, stop: Box::pin(std::future::pending()) }
    }
}

impl Sync {
    /// Sets what is kept of phone numbers and e-mail addresses. Default: nothing. An archive has
    /// one setting for all attempts.
    pub fn numbers(mut self, numbers: Numbers) -> Self {
        self.settings.numbers = numbers;
        self
    }

    /// Sets the account of the attempts, if known. An archive of another account is then rejected
    /// before anything is sent. Default: the account of the first listed attempt.
    pub fn account(mut self, account: impl Into<String>) -> Self {
        self.settings.account = Some(account.into());
        self
    }

    /// Sets how long a verification is valid. Default: 10 minutes, like Twilio; its support can set
    /// 2 minutes to 24 hours for an account. Attempts are read again until they are 10 minutes
    /// older than that.
    pub fn validity(mut self, validity: TimeDelta) -> Self {
        self.settings.validity = validity.max(TimeDelta::zero());
        self
    }

    /// Sets how long a read is fresh: new and possibly changed attempts are not read if any sync
    /// has read them within this time. If several machines sync one archive repeatedly, use a
    /// little less than the interval of one machine. Default: 0.
    pub fn fresh(mut self, fresh: TimeDelta) -> Self {
        self.settings.fresh = fresh.max(TimeDelta::zero());
        self
    }

    /// Sets the current time. Default: the clock of this machine.
    pub fn now(mut self, now: DateTime<Utc>) -> Self {
        self.settings.now = Some(now);
        self
    }

    /// Stops the sync when a future completes. Windows that were read are kept, and the others are
    /// left to the next sync. Default: never.
    pub fn until(mut self, stop: impl Future<Output = ()> + Send + 'static) -> Self {
        self.stop = Box::pin(stop);
        self
    }

    /// Runs the sync.
    ///
    /// # Errors
    ///
    /// Before anything is sent: [`ArchiveError::Locked`] if other writers have locked all days to
    /// read; [`ArchiveError::Account`] and [`ArchiveError::Numbers`] if the archive belongs to
    /// another account, or keeps numbers in another mode; [`ArchiveError::Version`],
    /// [`ArchiveError::Foreign`] and [`ArchiveError::State`] if its state can't be read.
    ///
    /// [`ArchiveError::Request`] if a request fails for good, and [`ArchiveError::Io`] if a file
    /// can't be written. What was read before is kept, and the next sync continues from there.
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
        let mut writer = settings.archive.writer().await?;
        let Prepared { prover, state, schedule, synced, claims, expected } =
            match settings.prepare(&mut writer).await {
                Ok(prepared) => prepared,
                Err(error) => {
                    // The first error is the one that matters.
                    writer.release().await.ok();
                    return Err(error);
                }
            };
        let run = Run {
            prover,
            writer,
            state,
            numbers: Arc::new(settings.numbers),
            schedule,
            report: report(progress, expected),
            synced,
            claim: None,
            found: State::default(),
            rows: BTreeMap::new(),
            is_foreign: false,
        };
        run.run(claims, stop).await
    }
}

impl Settings {
    /// Determines the windows to read, and counts their attempts.
    async fn prepare(&self, writer: &mut Writer) -> Result<Prepared, ArchiveError> {
        let now = self.now.unwrap_or_else(Utc::now).trunc_subsecs(0);
        let rereading = Rereading { validity: self.validity, fresh: self.fresh };
        let base = self.register(writer).await?;
        let mut state = base.clone();
        let earliest = Schedule::new(&mut state, now, rereading).earliest;
        let damaged = damaged(writer, &mut state, earliest).await?;
        // Again, including the damaged days.
        let schedule = Schedule::new(&mut state, now, rereading);
        let mut synced =
            Synced { repaired: damaged, lost: state.lost.clone(), ..Synced::default() };
        for lost in base.lost.iter() {
            synced.lost.remove(lost);
        }
        let mut claims = Claims::new(writer.locks().clone(), now, rereading, base);
        claims.reserve(&schedule.read).await?;
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
        let expected = windows.iter().map(|window| window.counted).sum();
        claims.plan(windows);
        Ok(Prepared { prover, state, schedule, synced, claims, expected })
    }

    /// Rejects an archive of another account, or with another mode of numbers. Records both in the
    /// state, and returns it.
    async fn register(&self, writer: &mut Writer) -> Result<State, ArchiveError> {
        let account = self.account.clone();
        let check = move |state: &mut State| {
            if let Some(given) = &account {
                let archive = state.account_sid.get_or_insert_with(|| given.clone());
                if archive != given {
                    let (archive, given) = (archive.clone(), given.clone());
                    return Err(ArchiveError::Account { archive, given });
                }
            }
            Ok(())
        };
        writer.register(check, self.numbers.mode()).await
    }
}

/// A sync that is ready to read its first window.
struct Prepared {
    prover: Prover,
    state: State,
    schedule: Schedule,
    synced: Synced,
    claims: Claims,
    expected: u64,
}

/// Returns the days that Twilio still has, and whose files are missing, damaged or shorter than
/// they were. Removes what the state knows of them.
async fn damaged(
    writer: &Writer,
    state: &mut State,
    earliest: DateTime<Utc>,
) -> Result<Vec<NaiveDate>, ArchiveError> {
    let store = writer.locks().store().clone();
    let known = state.days.clone();
    let damaged = blocking(move || {
        let mut days: BTreeSet<NaiveDate> = store.days()?.into_iter().collect();
        days.extend(known.keys());
        let mut damaged = Vec::new();
        for day in days.split_off(&earliest.date_naive()) {
            if is_damaged(DayFile::open(&store, day), known.get(&day).copied())? {
                damaged.push(day);
            }
        }
        Ok(damaged)
    })
    .await?;
    for day in &damaged {
        let start = day.and_time(NaiveTime::MIN).and_utc();
        if let Ok(day) = Period::new(start, day_end(start)) {
            state.forget_day(day);
        }
    }
    Ok(damaged)
}

impl fmt::Debug for Sync {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Sync").field(&self.settings).finish()
    }
}
