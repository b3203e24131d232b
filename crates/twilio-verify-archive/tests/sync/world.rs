//! An account with attempts, and an archive of it.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use tempfile::TempDir;
use twilio_verify::{Attempts, Client, RetryPolicy};
use twilio_verify_archive::{Archive, ArchiveError, Numbers, Row, Sync, Synced};
use twilio_verify_emulator::{
    Attempt, AttemptSid, Channel, Emulator, EmulatorBuilder, ManualClock, ServiceSid,
    VerificationSid,
};

/// When the first sync is.
pub(crate) fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 3, 31, 12, 30, 0).unwrap()
}

/// An attempt of an account.
pub(crate) fn attempt(number: u128, created: DateTime<Utc>) -> Attempt {
    Attempt::new(
        AttemptSid::from_u128(number),
        ServiceSid::from_u128(1),
        VerificationSid::from_u128(number),
        Channel::Sms,
        created,
    )
}

/// Attempts from `from` on, `step` apart.
pub(crate) fn attempts(
    first: u128,
    count: u128,
    from: DateTime<Utc>,
    step: TimeDelta,
) -> Vec<Attempt> {
    let at = |index: u128| from + step * i32::try_from(index).unwrap();
    (0..count).map(|index| attempt(first + index, at(index))).collect()
}

/// An account with attempts, and an archive of it.
pub(crate) struct World {
    pub(crate) emulator: Emulator,
    pub(crate) clock: ManualClock,
    pub(crate) attempts: Attempts,
    pub(crate) archive: Archive,
    pub(crate) folder: TempDir,
}

impl World {
    pub(crate) async fn new(attempts: Vec<Attempt>) -> Self {
        Self::with(Emulator::builder().attempts(attempts)).await
    }

    pub(crate) async fn with(builder: EmulatorBuilder) -> Self {
        let clock = ManualClock::at(now());
        let builder = builder.summary_limit(None).attempts_limit(None).clock(clock.clone());
        let emulator = builder.start().await.unwrap();
        let client = client(emulator.url()).credentials(emulator.credentials()).build().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let archive = Archive::open(folder.path().join("archive")).unwrap();
        Self { emulator, clock, attempts: client.attempts(), archive, folder }
    }

    /// A sync at the time of the clock.
    pub(crate) fn sync(&self) -> Sync {
        use twilio_verify_emulator::Clock;

        self.archive.sync(&self.attempts).numbers(Numbers::None).now(self.clock.now())
    }

    /// Runs a sync some time after the last one.
    pub(crate) async fn sync_after(&self, time: TimeDelta) -> Synced {
        self.clock.advance(time);
        self.sync().run().await.unwrap()
    }

    /// Asserts that the archive holds these attempts of the emulator, each once.
    pub(crate) async fn holds(&self, expected: &[Attempt]) {
        let rows = rows(&self.archive).await.unwrap();
        let expected: Vec<String> = expected.iter().map(|one| one.sid.to_string()).collect();
        assert_eq!(rows.len(), expected.len());
        for sid in expected {
            assert_eq!(rows.get(&sid).map(Vec::len), Some(1), "{sid}");
        }
    }
}

/// A client that gives up at once.
pub(crate) fn client(url: &str) -> twilio_verify::ClientBuilder {
    Client::builder().base_url(url).retry(RetryPolicy::never()).no_documented_limits()
}

/// All rows of an archive by their SIDs.
pub(crate) async fn rows(archive: &Archive) -> Result<BTreeMap<String, Vec<Row>>, ArchiveError> {
    let mut rows: BTreeMap<String, Vec<Row>> = BTreeMap::new();
    for day in archive.days().await? {
        for row in archive.rows(day).await? {
            assert_eq!(row.date_created.date_naive(), day);
            rows.entry(row.sid.to_string()).or_default().push(row);
        }
    }
    Ok(rows)
}
