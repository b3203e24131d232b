//! Reads a watcher's history from an archive.

use std::path::PathBuf;

use chrono::{DateTime, Days, TimeDelta, Utc};
use twilio_verify_archive::Row;
use twilio_verify_insights::{History, Observation, Watcher};

use super::args::WatchArgs;
use crate::commands::insights::archive::{Opened, failure};
use crate::failure::report::Failure;
use crate::output::note::note;
use crate::values::dates;

/// How far back the detector looks for what is usual.
const LOOKBACK: TimeDelta = TimeDelta::days(29);

/// How often to read what syncs have added.
const EVERY: TimeDelta = TimeDelta::hours(1);

const FLAG: &str = "--from-archive <DIR>";

/// An archive that syncs may add to during the watch.
pub(super) struct Source {
    folder: PathBuf,
    service: Option<String>,
    country: Option<String>,
    /// The instant up to which the archive was complete when it was last read.
    until: Option<DateTime<Utc>>,
    read: DateTime<Utc>,
}

impl Source {
    pub(super) fn new(folder: PathBuf, arguments: &WatchArgs) -> Self {
        Self {
            folder,
            service: arguments.verify_service_sid.as_ref().map(ToString::to_string),
            country: arguments.country.as_ref().map(|country| country.code().to_owned()),
            until: None,
            read: dates::started(),
        }
    }

    /// Reads the history, and the instant up to which it is complete.
    pub(super) async fn history(&mut self) -> Result<(History, DateTime<Utc>), Failure> {
        let opened = Opened::open(&self.folder, FLAG).await?;
        let Some(until) = opened.state.watermark else {
            return Err(Failure::usage(
                format!("{FLAG}: nothing is known to be complete in it"),
                "run `twilio-verify attempts sync DIR` until it ends with the exit code 0",
            ));
        };
        let since = dates::started() - LOOKBACK;
        let mut history = History::new();
        if let Some(begin) = opened.state.begin {
            history = history.known_from(begin.max(since));
        }
        self.rows(&opened, since, |observation| history.record(observation)).await?;
        self.until = Some(until);
        Ok((history, until))
    }

    /// Records what syncs have added, once an hour: late prices and statuses, and in a large account
    /// attempts that the watch did not list.
    pub(super) async fn renew(&mut self, watcher: &mut Watcher, now: DateTime<Utc>) {
        if now - self.read < EVERY {
            return;
        }
        self.read = now;
        if let Err(error) = self.added(watcher).await {
            note(&format!("{FLAG}: what was added is not read: {}", error.message()));
        }
    }

    async fn added(&mut self, watcher: &mut Watcher) -> Result<(), Failure> {
        let opened = Opened::open(&self.folder, FLAG).await?;
        if opened.state.watermark == self.until {
            return Ok(());
        }
        // An attempt is final after a day, and is synced once more then.
        let known = self.until.unwrap_or(self.read);
        let since = known.checked_sub_days(Days::new(2)).unwrap_or(known);
        self.rows(&opened, since, |observation| watcher.record(observation)).await?;
        self.until = opened.state.watermark;
        Ok(())
    }

    /// Passes the attempts that were made since an instant to `each`.
    async fn rows(
        &self,
        opened: &Opened,
        since: DateTime<Utc>,
        mut each: impl FnMut(Observation),
    ) -> Result<(), Failure> {
        let is = |chosen: &Option<String>, own: &Option<Box<str>>| {
            chosen.is_none() || chosen.as_deref() == own.as_deref()
        };
        let is_meant = |row: &&Row| {
            row.date_created >= since
                && is(&self.service, &row.service_sid)
                && is(&self.country, &row.country)
        };
        for day in opened.days.iter().filter(|day| **day >= since.date_naive()) {
            let rows = opened.archive.rows(*day).await.map_err(|error| failure(FLAG, &error))?;
            rows.iter().filter(is_meant).for_each(|row| each(Observation::from(row)));
        }
        Ok(())
    }
}
