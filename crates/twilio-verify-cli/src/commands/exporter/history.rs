//! Reads what is usual from an archive.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use twilio_verify_archive::State;
use twilio_verify_insights::{Period, Table};

use super::baseline::BY;
use crate::commands::insights::archive::{Opened, failure};
use crate::failure::report::Failure;

const FLAG: &str = "--from-archive <DIR>";

/// The time between two reads of the archive.
const VALID: Duration = Duration::from_secs(60 * 60);

/// How far back an archive is read: 4 weeks before windows of up to 29 days.
const DEPTH: TimeDelta = TimeDelta::days(60);

/// An archive, and when it was last read.
#[derive(Debug)]
pub(super) struct History {
    folder: PathBuf,
    read: Option<Instant>,
}

impl History {
    pub(super) const fn new(folder: PathBuf) -> Self {
        Self { folder, read: None }
    }

    /// Reads the attempts of the archive by hour, and the period in which they are complete. Returns
    /// `None` if they were read within the last hour, or if there is no such period.
    pub(super) async fn read(
        &mut self,
        now: DateTime<Utc>,
    ) -> Result<Option<(Period, Table)>, Failure> {
        if self.read.is_some_and(|read| read.elapsed() < VALID) {
            return Ok(None);
        }
        let opened = Opened::open(&self.folder, FLAG).await?;
        let Some(period) = complete(&opened, now) else { return Ok(None) };
        let breakdown = opened.archive.breakdown().by(BY).period(period);
        let table = breakdown.run().await.map_err(|error| failure(FLAG, &error))?;
        self.read = Some(Instant::now());
        Ok(Some((period, table)))
    }
}

/// Returns the last period in which the archive has all attempts.
fn complete(opened: &Opened, now: DateTime<Utc>) -> Option<Period> {
    let State { begin, watermark, .. } = opened.state;
    let start = |day: &chrono::NaiveDate| day.and_time(NaiveTime::MIN).and_utc();
    // Without a state, take the days that have files, without the last one: it may be incomplete.
    let from = begin.or_else(|| opened.days.first().map(start))?;
    let to = watermark.or_else(|| opened.days.last().map(start))?.min(now);
    let lost = opened.state.lost.iter().map(|lost| lost.to()).filter(|end| *end <= to).max();
    let from = from.max(lost.unwrap_or(from)).max(now - DEPTH);
    Period::new(from, to).ok()
}
