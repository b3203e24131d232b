//! Builds tables from an archive.

use std::path::Path;

use serde_json::json;
use twilio_verify_archive::{Archive, ArchiveBreakdown, ArchiveError, State};
use twilio_verify_insights::{By, Period, Table};

use super::coverage::Coverage;
use super::evidence::Evidence;
use crate::commands::args::given;
use crate::commands::summary::SummaryArgs;
use crate::failure::report::Failure;
use crate::values::dates;
use crate::values::zone::Zone;

/// An archive that exists.
pub(crate) struct Opened {
    pub(crate) archive: Archive,
    pub(crate) state: State,
    pub(crate) days: Vec<chrono::NaiveDate>,
    /// The flag that named the archive.
    flag: &'static str,
}

impl Opened {
    /// Opens an archive. Errors begin with `flag`, which named it.
    pub(crate) async fn open(folder: &Path, flag: &'static str) -> Result<Self, Failure> {
        if !folder.is_dir() {
            return Err(none(flag, "there is no such folder"));
        }
        let archive = Archive::open(folder).map_err(|error| failure(flag, &error))?;
        let state = archive.state().await.map_err(|error| failure(flag, &error))?;
        let days = archive.days().await.map_err(|error| failure(flag, &error))?;
        if days.is_empty() && state == State::default() {
            return Err(none(flag, "the folder is no archive"));
        }
        Ok(Self { archive, state, days, flag })
    }

    /// Returns the period of the filters, or `None` if they set neither end. It starts with the
    /// archive and ends now, unless a filter says otherwise.
    pub(super) fn period(
        &self,
        filters: &SummaryArgs,
        zone: Zone,
    ) -> Result<Option<Period>, Failure> {
        let (after, before) = filters.period.at(zone);
        if after.is_none() && before.is_none() {
            return Ok(None);
        }
        let now = dates::started();
        let first = self.days.first().map(|day| day.and_time(chrono::NaiveTime::MIN).and_utc());
        let to = before.unwrap_or(now);
        let from = after.or(first.filter(|first| *first < to)).unwrap_or(to - KEPT);
        let period = Period::new(from, to).map_err(|error| invalid(&error))?;
        match to > now {
            true => Err(Failure::usage(
                "--date-created-before <DATE>: it is in the future",
                "remove it: an archive holds what was made so far",
            )),
            false => Ok(Some(period)),
        }
    }

    /// Breaks the attempts down.
    pub(super) async fn table(
        &self,
        by: impl IntoIterator<Item = By>,
        filters: &SummaryArgs,
        period: Option<Period>,
        min_attempts: u64,
    ) -> Result<Table, Failure> {
        let breakdown = self.breakdown(by, filters, period).min_attempts(min_attempts);
        let table = breakdown.run().await.map_err(|error| failure(self.flag, &error))?;
        Ok(match period {
            Some(period) => table.with_period(period),
            None => table,
        })
    }

    /// Breaks the attempts down by prefix. Returns `None` if the archive keeps fewer digits of
    /// numbers.
    #[cfg(feature = "plots")]
    pub(super) async fn prefixes(
        &self,
        digits: u8,
        filters: &SummaryArgs,
        period: Option<Period>,
    ) -> Result<Option<Table>, Failure> {
        match self.breakdown([By::Prefix(digits)], filters, period).run().await {
            Ok(table) => Ok(Some(table)),
            Err(ArchiveError::Digits { .. }) => Ok(None),
            Err(error) => Err(failure(self.flag, &error)),
        }
    }

    fn breakdown(
        &self,
        by: impl IntoIterator<Item = By>,
        filters: &SummaryArgs,
        period: Option<Period>,
    ) -> ArchiveBreakdown {
        given!(
            self.archive.breakdown().by(by),
            period: period,
            service: filters.verify_service_sid.clone(),
            country: filters.country.clone(),
            channel: filters.channel.clone(),
            destination_prefix: filters.destination_prefix.clone(),
        )
    }

    /// Returns which days of a period, or of the whole archive, are proven complete.
    pub(super) fn coverage(&self, period: Option<Period>) -> Coverage {
        Coverage::of(&self.state, &self.days, period)
    }

    /// Returns the proof that a breakdown shows.
    pub(super) fn evidence(&self, period: Option<Period>) -> Evidence {
        let coverage = self.coverage(period);
        Evidence {
            json: json!({
                "verdict": coverage.verdict(),
                "days": coverage.days,
                "days_proven": coverage.proven.len(),
                "days_unproven": coverage.unproven,
                "lost": coverage.lost,
                "unreadable": self.state.unreadable(),
                "watermark": self.state.watermark,
            }),
            text: Some(coverage.to_string()),
        }
    }
}

/// The length of a period if neither the filters nor the archive have a start.
const KEPT: chrono::TimeDelta = chrono::TimeDelta::days(30);

fn none(flag: &str, reason: &str) -> Failure {
    Failure::usage(
        format!("{flag}: {reason}"),
        "name a folder that `twilio-verify attempts sync DIR` has filled",
    )
}

fn invalid(error: &dyn std::error::Error) -> Failure {
    Failure::usage(error.to_string(), "correct --date-created-after or --date-created-before")
}

/// Returns the failure for an error while reading an archive.
pub(crate) fn failure(flag: &str, error: &ArchiveError) -> Failure {
    let text = match error {
        ArchiveError::Io { action, file, source } => format!("can't {action} {file}: {source}"),
        error => error.to_string(),
    };
    match error {
        ArchiveError::Dimensions(reason) => {
            Failure::usage(format!("--by <DIMENSION>: {reason}"), "such as --by country,channel")
        }
        ArchiveError::Digits { .. } => Failure::usage(
            text,
            "choose a shorter prefix, or sync another archive with `--numbers full`",
        ),
        ArchiveError::Period(error) => invalid(error),
        _ => Failure::other(format!("{flag}: {text}")),
    }
}
