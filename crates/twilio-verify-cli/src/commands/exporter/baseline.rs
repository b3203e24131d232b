//! Keeps the attempts of earlier weeks by hour, to know what is usual.

use std::collections::BTreeMap;
use std::ops::Range;

use chrono::{DateTime, NaiveDateTime, Utc};
use twilio_verify_insights::{By, Counts, Hours, Period, Table};

use super::snapshot::Key;

/// The dimensions of the tables of hours.
pub(super) const BY: [By; 4] = [By::Service, By::Country, By::Channel, By::Hour];

/// The number of earlier weeks that an hour is compared with.
const WEEKS: u8 = 4;

/// The most hours to know before the present: those weeks and a day, which Twilio's list holds.
const DEPTH: i64 = (WEEKS as i64 * 7 + 1) * 24;

/// One hour in this many may be missing before a window, as an archive is only synced from time to
/// time.
const FEW: i64 = 20;

/// Attempts and conversions by hour and cell, in one range of whole hours since 1970.
#[derive(Clone, Debug)]
pub(super) struct Baseline {
    hours: BTreeMap<i64, BTreeMap<Key, (u64, u64)>>,
    known: Option<Range<i64>>,
    /// The number of hours to read at once.
    at_once: i64,
}

impl Baseline {
    pub(super) const fn new() -> Self {
        Self { hours: BTreeMap::new(), known: None, at_once: DEPTH }
    }

    /// Returns the hours before `settled` to read next: those after the known ones, then those
    /// before them.
    pub(super) fn missing(&self, settled: DateTime<Utc>) -> Option<Period> {
        let end = hour(settled);
        let first = end - DEPTH;
        let range = match &self.known {
            Some(known) if known.end >= first => {
                if known.end < end {
                    known.end..end.min(known.end.saturating_add(self.at_once))
                } else {
                    first.max(known.start.saturating_sub(self.at_once))..known.start
                }
            }
            // The known hours are too old to be continued.
            _ => first.max(end.saturating_sub(self.at_once))..end,
        };
        Period::new(instant(range.start)?, instant(range.end)?).ok()
    }

    /// Halves the number of hours to read at once. Returns false if it is one already.
    pub(super) fn read_less(&mut self) -> bool {
        let less = self.at_once / 2;
        self.at_once = less.max(1);
        less > 0
    }

    /// Adds a table by [`BY`] of the hours of a period.
    pub(super) fn add(&mut self, period: Period, table: &Table) {
        let range = hour(period.from())..hour(period.to());
        self.known = match self.known.take() {
            Some(known) if known.end == range.start => Some(known.start..range.end),
            Some(known) if known.start == range.end => Some(range.start..known.end),
            _ => {
                self.hours.clear();
                Some(range)
            }
        };
        self.count(table);
    }

    /// Replaces all known hours with those of an archive.
    #[cfg(feature = "archive")]
    pub(super) fn replace(&mut self, period: Period, table: &Table) {
        *self = Self::new();
        // The first hour is only known if the period covers all of it.
        let start = hour(period.from());
        let start = if instant(start) == Some(period.from()) { start } else { start + 1 };
        self.known = Some(start..hour(period.to()).max(start));
        self.count(table);
    }

    fn count(&mut self, table: &Table) {
        for (labels, counts) in table.cells() {
            let Some(hour) = labels.last().and_then(|label| hour_of(label.as_str()?)) else {
                continue;
            };
            let cells = self.hours.entry(hour).or_default();
            let cell = cells.entry(Key::of(table.by(), labels)).or_default();
            cell.0 = cell.0.saturating_add(counts.attempts);
            cell.1 = cell.1.saturating_add(counts.converted);
        }
    }

    /// Drops the hours that no window is compared with any more.
    pub(super) fn forget(&mut self, settled: DateTime<Utc>) {
        // A window may begin up to `DEPTH` hours earlier.
        let first = hour(settled) - 2 * DEPTH;
        self.hours = self.hours.split_off(&first);
        if let Some(known) = &mut self.known {
            known.start = known.start.max(first).min(known.end);
        }
    }

    /// Returns the start of the known hours.
    pub(super) fn from(&self) -> Option<DateTime<Utc>> {
        let known = self.known.as_ref().filter(|known| !known.is_empty())?;
        instant(known.start)
    }

    /// Returns what is usual in a period, in cells by these dimensions. Returns `None` if too few
    /// of the hours before it are known.
    pub(super) fn usual(&self, by: &[By], period: Period) -> Option<Usual> {
        let known = self.known.as_ref()?;
        // Hours that are missing before the period would count as hours without attempts.
        let before = hour(period.from());
        if (before - known.end) * FEW > before - known.start {
            return None;
        }
        let mut usual = Usual {
            period,
            known_from: self.from()?,
            account: Hours::default(),
            cells: BTreeMap::new(),
        };
        for (hour, cells) in &self.hours {
            let hour = instant(*hour)?;
            for (key, (attempts, converted)) in cells {
                usual.account.add(hour, *attempts, *converted);
                let cell = usual.cells.entry(key.within(by)).or_default();
                cell.add(hour, *attempts, *converted);
            }
        }
        Some(usual)
    }
}

/// What is usual in a period.
pub(super) struct Usual {
    period: Period,
    known_from: DateTime<Utc>,
    account: Hours,
    cells: BTreeMap<Key, Hours>,
}

impl Usual {
    /// Returns the unconverted attempts of a cell beyond what is usual, if that is known.
    pub(super) fn excess(&self, key: &Key, counts: &Counts) -> Option<f64> {
        let none = Hours::default();
        let cell = self.cells.get(key).unwrap_or(&none);
        let (from, to) = (self.period.from(), self.period.to());
        let expected = cell.expected(Some(&self.account), self.known_from, from, to, WEEKS)?;
        Some(counts.unconverted as f64 - expected.attempts * (1.0 - expected.rate))
    }
}

/// Returns the hour of an instant, counted from 1970.
fn hour(instant: DateTime<Utc>) -> i64 {
    instant.timestamp().div_euclid(3600)
}

fn instant(hour: i64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(hour.checked_mul(3600)?, 0)
}

/// Returns the hour of a label such as `2026-03-02T21`.
fn hour_of(label: &str) -> Option<i64> {
    let start = NaiveDateTime::parse_from_str(&format!("{label}:00"), "%Y-%m-%dT%H:%M").ok()?;
    Some(hour(start.and_utc()))
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, TimeZone, Utc};
    use twilio_verify_insights::{By, Counts, Label, Period, Table};

    use super::{BY, Baseline, DEPTH};
    use crate::commands::exporter::snapshot::Key;

    fn now() -> DateTime<Utc> {
        Utc.with_ymd_and_hms(2026, 3, 2, 21, 30, 0).unwrap()
    }

    fn hour(back: i64) -> DateTime<Utc> {
        Utc.with_ymd_and_hms(2026, 3, 2, 21, 0, 0).unwrap() - TimeDelta::hours(back)
    }

    /// Returns a table with 10 attempts of a cell in each hour of a period, 8 of them converted.
    fn table(period: Period) -> Table {
        let mut table = Table::new(BY);
        let mut start = period.from();
        while start < period.to() {
            let label = start.format("%Y-%m-%dT%H").to_string();
            let labels = ["VA01", "CO", "sms", &label].map(Label::from);
            table.add(labels, &Counts::new(10, 8, 2)).unwrap();
            start += TimeDelta::hours(1);
        }
        table
    }

    #[test]
    fn hours_are_read_once_the_newest_first_and_then_as_they_pass() {
        let mut baseline = Baseline::new();
        let whole = Period::new(hour(DEPTH), hour(0)).unwrap();
        assert_eq!(baseline.missing(now()), Some(whole));
        for _ in 0..3 {
            assert!(baseline.read_less());
        }
        let mut read = Vec::new();
        while let Some(period) = baseline.missing(now()) {
            baseline.add(period, &table(period));
            read.push(period);
        }
        assert_eq!(read.first().map(Period::to), Some(hour(0)));
        assert_eq!(read.iter().map(|period| period.length().num_hours()).sum::<i64>(), DEPTH);
        assert_eq!(baseline.from(), Some(hour(DEPTH)));
        let later = now() + TimeDelta::hours(2);
        let next = Period::new(hour(0), hour(-2)).unwrap();
        assert_eq!(baseline.missing(later), Some(next));
        baseline.add(next, &table(next));
        assert_eq!(baseline.missing(later), None);
        // After a long pause the baseline starts again.
        let much_later = now() + TimeDelta::days(60);
        let anew = baseline.missing(much_later).unwrap();
        baseline.add(anew, &table(anew));
        assert_eq!(baseline.from(), Some(anew.from()));
        while baseline.read_less() {}
        assert_eq!(baseline.missing(much_later).unwrap().length(), TimeDelta::hours(1));
    }

    #[test]
    fn memory_has_an_end() {
        let mut baseline = Baseline::new();
        let mut now = now();
        for _ in 0..20 {
            while let Some(period) = baseline.missing(now) {
                baseline.add(period, &table(period));
            }
            baseline.forget(now);
            now += TimeDelta::days(7);
        }
        assert!(baseline.hours.len() as i64 <= 2 * DEPTH + 1);
    }

    #[test]
    fn nothing_is_usual_while_the_time_before_is_not_known() {
        let mut baseline = Baseline::new();
        let window = Period::new(now() - TimeDelta::hours(1), now()).unwrap();
        assert!(baseline.usual(&[By::Country], window).is_none());
        let old = Period::new(hour(24 * 20), hour(24 * 10)).unwrap();
        baseline.add(old, &table(old));
        assert!(baseline.usual(&[By::Country], window).is_none());
    }

    #[test]
    fn what_is_beyond_the_usual_is_the_excess() {
        let mut baseline = Baseline::new();
        let known = Period::new(hour(DEPTH), hour(0)).unwrap();
        baseline.add(known, &table(known));
        let window = Period::new(now() - TimeDelta::hours(1), now()).unwrap();
        let by = [By::Service, By::Country, By::Channel];
        let usual = baseline.usual(&by, window).unwrap();
        let key = Key::of(&by, &["VA01", "CO", "sms"].map(Label::from));
        let excess = |counts| usual.excess(&key, &counts).unwrap();
        assert!(excess(Counts::new(10, 8, 2)).abs() < 1.0);
        assert!((excess(Counts::new(110, 8, 102)) - 100.0).abs() < 1.0);
        let usual = baseline.usual(&[By::Country], window).unwrap();
        let country = key.within(&[By::Country]);
        let excess = usual.excess(&country, &Counts::new(10, 8, 2)).unwrap();
        assert!(excess.abs() < 1.0, "{excess}");
    }
}
