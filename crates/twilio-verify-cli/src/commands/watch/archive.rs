//! A history from an archive.

use std::path::Path;

use chrono::{DateTime, TimeDelta, Utc};
use twilio_verify_archive::Row;
use twilio_verify_insights::{History, Observation};

use super::args::WatchArgs;
use crate::commands::insights::archive::{Opened, failure};
use crate::failure::report::Failure;
use crate::values::dates;

/// How far back a detector compares.
const LOOKBACK: TimeDelta = TimeDelta::days(29);

const FLAG: &str = "--from-archive <DIR>";

/// The history in an archive, and up to when it is complete.
pub(super) async fn history(
    folder: &Path,
    arguments: &WatchArgs,
) -> Result<(History, DateTime<Utc>), Failure> {
    let opened = Opened::open(folder, FLAG).await?;
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
    let service = arguments.verify_service_sid.as_ref().map(ToString::to_string);
    let country = arguments.country.as_ref().map(|country| country.code().to_owned());
    let is = |chosen: &Option<String>, own: &Option<Box<str>>| {
        chosen.is_none() || chosen.as_deref() == own.as_deref()
    };
    for day in opened.days.iter().filter(|day| **day >= since.date_naive()) {
        let rows = opened.archive.rows(*day).await.map_err(|error| failure(FLAG, &error))?;
        let rows = rows.iter().filter(|row| {
            row.date_created >= since
                && is(&service, &row.service_sid)
                && is(&country, &row.country)
        });
        rows.for_each(|row: &Row| history.record(Observation::from(row)));
    }
    Ok((history, until))
}
