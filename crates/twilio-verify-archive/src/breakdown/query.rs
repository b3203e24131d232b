//! The query of a breakdown.

use std::collections::BTreeSet;

use chrono::{NaiveDate, NaiveTime, TimeDelta};
use twilio_verify_insights::{By, Period};

use crate::breakdown::dimension;
use crate::error::ArchiveError;
use crate::files::day::DayFile;
use crate::numbers::numbers::NumbersMode;
use crate::rows::schema::{DATE_CREATED, PRICE, PRICE_EXACT};

pub(crate) const CONVERSION: &str = "conversion_status";
pub(crate) const CURRENCY: &str = "price_currency";
pub(crate) const DESTINATION: &str = "destination";

/// The most digits of a prefix dimension where numbers are cut. Most numbers have at most 12 digits,
/// so a longer prefix would be unknown for almost all of them.
const MOST: usize = 8;

/// The dimensions and filters of a breakdown.
#[derive(Clone, Debug)]
pub(crate) struct Query {
    pub(crate) by: Vec<By>,
    pub(crate) period: Option<Period>,
    /// Columns, each with the text that an attempt must have in it.
    pub(crate) texts: Vec<(&'static str, String)>,
    pub(crate) prefix: Option<String>,
}

impl Query {
    /// Rejects dimensions that a table can't have.
    pub(crate) fn check(&self) -> Result<(), ArchiveError> {
        if self.by.is_empty() {
            return Err(ArchiveError::Dimensions("name at least one dimension"));
        }
        let kinds: Vec<_> = self.by.iter().map(std::mem::discriminant).collect();
        if kinds.iter().enumerate().any(|(index, kind)| kinds[..index].contains(kind)) {
            return Err(ArchiveError::Dimensions("name each dimension once"));
        }
        if !self.by.iter().all(|by| dimension::is_known(*by)) {
            return Err(ArchiveError::Dimensions("one of them is newer than this version"));
        }
        if self.by.iter().any(|by| matches!(by, By::Prefix(0 | 16..))) {
            return Err(ArchiveError::Dimensions("a prefix has 1 to 15 digits"));
        }
        Ok(())
    }

    /// Rejects a prefix with more digits than the files keep of any number, and, where numbers are
    /// cut, a prefix dimension with more than `MOST` digits.
    pub(crate) fn check_digits(&self, files: &[DayFile]) -> Result<(), ArchiveError> {
        let dimension = self.by.iter().find_map(|by| match by {
            By::Prefix(digits) => Some((by.to_string(), usize::from(*digits), MOST)),
            _ => None,
        });
        let filter =
            self.prefix.as_ref().map(|prefix| (filter(prefix), digits(prefix), usize::MAX));
        for (what, asked, limit) in dimension.into_iter().chain(filter) {
            let mut most = None;
            for label in files.iter().map(|file| &file.label) {
                match (label.numbers, label.digits) {
                    (NumbersMode::None, _) => return Err(ArchiveError::Digits { what, kept: 0 }),
                    // E-mails have no prefix.
                    (NumbersMode::Full, _) | (NumbersMode::Prefix(_), None) => {}
                    (NumbersMode::Prefix(_), kept) => most = most.max(kept),
                }
            }
            if let Some(kept) = most.map(|most| most.min(limit))
                && asked > kept
            {
                return Err(ArchiveError::Digits { what, kept });
            }
        }
        Ok(())
    }

    /// Returns the columns to read from a file.
    pub(crate) fn columns(&self, file: &DayFile) -> Vec<&'static str> {
        let mut columns = BTreeSet::from([CONVERSION, CURRENCY, PRICE]);
        for by in &self.by {
            columns.extend(dimension::columns(*by));
        }
        columns.extend(self.texts.iter().map(|(column, _)| *column));
        if self.prefix.is_some() {
            columns.insert(DESTINATION);
        }
        if self.cuts(file.label.day) {
            columns.insert(DATE_CREATED);
        }
        if file.has(PRICE_EXACT) {
            columns.insert(PRICE_EXACT);
        }
        columns.into_iter().collect()
    }

    /// Whether a day overlaps the period.
    pub(crate) fn holds(&self, day: NaiveDate) -> bool {
        self.period.is_none_or(|period| {
            let start = day.and_time(NaiveTime::MIN).and_utc();
            let end = start.checked_add_signed(TimeDelta::days(1));
            start < period.to() && end.is_none_or(|end| period.from() < end)
        })
    }

    /// Whether the period begins or ends within a day.
    pub(crate) fn cuts(&self, day: NaiveDate) -> bool {
        self.period.is_some_and(|period| {
            let start = day.and_time(NaiveTime::MIN).and_utc();
            let end = start.checked_add_signed(TimeDelta::days(1));
            period.from() > start || end.is_none_or(|end| period.to() < end)
        })
    }
}

/// Describes the filter in an error. The prefix is left out, as it may be a whole number.
pub(crate) fn filter(prefix: &str) -> String {
    format!("the filter by a prefix of {} digits", digits(prefix))
}

fn digits(prefix: &str) -> usize {
    prefix.bytes().filter(u8::is_ascii_digit).count()
}
