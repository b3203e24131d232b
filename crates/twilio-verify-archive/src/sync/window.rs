//! Reads the attempts of a window.

use std::collections::HashSet;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use twilio_verify::{Attempt, Attempts, Error};
use twilio_verify_insights::{Bounds, Period};

use crate::numbers::numbers::Numbers;
use crate::rows::row::Row;

/// The most items of a page of the list.
pub(crate) const PAGE: u16 = 1000;

/// The most pages of a window, so that an interrupted one costs few requests.
pub(crate) const PAGES: u64 = 20;

/// A period whose attempts are counted, and are few enough to be listed at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Window {
    pub(crate) period: Period,
    /// The number of attempts that Summary counts.
    pub(crate) counted: u64,
}

/// The listed attempts of a window.
#[derive(Debug, Default)]
pub(crate) struct Listed {
    /// The attempts that can be read. One that moved between two pages may appear twice.
    pub(crate) rows: Vec<Row>,
    /// The creation dates of attempts without a SID.
    pub(crate) without_sid: Vec<DateTime<Utc>>,
    /// How many attempts have no date, or can't be read at all. They may also lie in the second
    /// before or after the window.
    pub(crate) undated: u64,
    /// The accounts of the attempts.
    pub(crate) accounts: HashSet<String>,
    /// Whether the listing was stopped because the list was much longer than counted.
    pub(crate) too_long: bool,
}

impl Listed {
    /// Returns how many attempts with a date are in a period. Each SID counts once.
    pub(crate) fn dated(&self, period: Period) -> u64 {
        let holds = |date: DateTime<Utc>| period.from() <= date && date < period.to();
        let rows = self.rows.iter().filter(|row| holds(row.date_created));
        let sids: HashSet<&str> = rows.map(|row| &*row.sid).collect();
        let without_sid = self.without_sid.iter().filter(|date| holds(**date));
        (sids.len() + without_sid.count()) as u64
    }
}

/// A function that is called with the number of attempts of each page.
pub(crate) type Report = Arc<dyn Fn(u64) + Send + Sync>;

/// Counts the attempts of a period.
pub(crate) async fn count(
    attempts: &Attempts,
    bounds: Bounds,
    period: Period,
) -> Result<u64, Error> {
    let (after, before) = bounds.of(period);
    let request = attempts.summary().created_after(after).created_before(before);
    Ok(request.send().await?.total_attempts)
}

/// Lists the attempts of a window.
pub(crate) async fn list(
    attempts: Attempts,
    window: Window,
    numbers: Arc<Numbers>,
    report: Report,
) -> Result<Listed, Error> {
    // A second wider at both ends, as filters may exclude their bounds; `add` checks the period.
    let second = TimeDelta::seconds(1);
    let period = window.period;
    let mut pages = attempts
        .list()
        .page_size(PAGE)
        .created_after(period.from() - second)
        .created_before(period.to() + second)
        .pages();
    let mut listed = Listed::default();
    let mut left = window.counted.div_ceil(PAGE.into()) + PAGES;
    while let Some(page) = pages.try_next().await? {
        if left == 0 && period.length() > second {
            listed.too_long = true;
            break;
        }
        left = left.saturating_sub(1);
        listed.undated += page.unread.iter().filter(|(path, _)| path.ends_with(']')).count() as u64;
        let before = listed.rows.len();
        for attempt in &page.items {
            listed.add(attempt, period, &numbers);
        }
        report((listed.rows.len() - before) as u64);
    }
    Ok(listed)
}

impl Listed {
    fn add(&mut self, attempt: &Attempt, period: Period, numbers: &Numbers) {
        match attempt.date_created {
            Some(date) if date < period.from() || period.to() <= date => return,
            Some(date) => match Row::of(attempt, numbers) {
                Some(row) => self.rows.push(row),
                None => self.without_sid.push(date),
            },
            None => self.undated += 1,
        }
        if let Some(account) = &attempt.account_sid
            && !self.accounts.contains(account.as_str())
        {
            self.accounts.insert(account.as_str().to_owned());
        }
    }
}
