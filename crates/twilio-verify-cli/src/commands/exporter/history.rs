//! What is usual, from an archive.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use twilio_verify_archive::State;
use twilio_verify_insights::{Period, Table};

use super::baseline::BY;
use crate::commands::insights::archive::{Opened, failure};
use crate::failure::report::Failure;

const FLAG: &str = "--from-archive <DIR>";

/// How long what was read is used.
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

    /// What the archive has by hour, and the period in which that is complete; `None` if that was read
    /// within the hour, or there is no such period.
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

/// The last period in which the archive has all attempts.
fn complete(opened: &Opened, now: DateTime<Utc>) -> Option<Period> {
    let State { begin, watermark, .. } = opened.state;
    let start = |day: &chrono::NaiveDate| day.and_time(NaiveTime::MIN).and_utc();
    // Without a state nothing is proven. The last day may not be whole.
    let from = begin.or_else(|| opened.days.first().map(start))?;
    let to = watermark.or_else(|| opened.days.last().map(start))?.min(now);
    let lost = opened.state.lost.iter().map(|lost| lost.to()).filter(|end| *end <= to).max();
    let from = from.max(lost.unwrap_or(from)).max(now - DEPTH);
    Period::new(from, to).ok()
}
