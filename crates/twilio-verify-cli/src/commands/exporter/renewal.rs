//! Renews the snapshot periodically.

use std::io;
use std::sync::Arc;
use std::time::Instant;

use chrono::{DateTime, TimeDelta, Utc};
use rust_decimal::Decimal;
use serde_json::Value;
use twilio_verify::{Client, Error, Method, parse_date};
use twilio_verify_insights::{
    Bounds, BreakdownError, Cost, Counts, Currency, Period, PeriodError, Table, settled,
};

use super::args::{self, ExporterArgs};
use super::baseline::{self, Baseline};
use super::encode::shown::Shown;
#[cfg(feature = "archive")]
use super::history::History;
use super::reading::{LEVELS, Read, Reader, difference};
use super::snapshot::{Cell, Key, Snapshot, Window, cells, fold};
use super::state::{Reason, State};
use crate::failure::report::Failure;
use crate::output::note::note;

/// The fewest requests with which a part of the baseline is read.
const LEAST: u64 = 6;

/// The number of renewals after which a window with fewer dimensions is tried with one more.
const RETRY: u64 = 12;

/// Renews the snapshot.
pub(super) struct Renewal {
    client: Client,
    state: Arc<State>,
    arguments: ExporterArgs,
    windows: Vec<Asked>,
    bounds: Option<Bounds>,
    baseline: Baseline,
    #[cfg(feature = "archive")]
    history: Option<History>,
    count: u64,
}

/// A window, and the index in [`LEVELS`] of its dimensions.
#[derive(Debug)]
struct Asked {
    window: args::Window,
    level: usize,
    is_noted: bool,
}

/// A window that was counted.
struct Counted {
    name: String,
    period: Period,
    level: usize,
    table: Table,
}

impl Renewal {
    pub(super) fn new(client: Client, state: Arc<State>, arguments: ExporterArgs) -> Self {
        let asked = |window| Asked { window, level: 0, is_noted: false };
        Self {
            client,
            state,
            windows: arguments.windows().into_iter().map(asked).collect(),
            bounds: None,
            baseline: Baseline::new(),
            #[cfg(feature = "archive")]
            history: arguments.from_archive.clone().map(History::new),
            arguments,
            count: 0,
        }
    }

    /// Renews until there is no point in going on: credentials are rejected before there is a
    /// snapshot, or the archive can't be read at the start. Returns that failure.
    pub(super) async fn run(mut self) -> Failure {
        let interval = self.arguments.interval();
        let mut next = tokio::time::Instant::now();
        loop {
            if let Err(failure) = self.renew().await {
                return failure;
            }
            // A long renewal delays the next one; missed ones are skipped.
            next = (next + interval).max(tokio::time::Instant::now());
            tokio::time::sleep_until(next).await;
        }
    }

    /// Renews once. Counts a failure that may be temporary, and returns any other one.
    async fn renew(&mut self) -> Result<(), Failure> {
        let began = Instant::now();
        self.count += 1;
        let now = match self.now().await {
            Ok(now) => now,
            Err(error) => return self.failed(error.into(), began),
        };
        self.read_archive(now).await?;
        self.baseline.forget(settled(now));
        let mut bounds = self.bounds;
        let calls = Arc::clone(&self.state.calls);
        let attempts = self.client.attempts();
        let mut reader = Reader::new(attempts, &calls, &mut bounds, now, self.arguments.budget);
        let counted = self.count(&mut reader, now).await;
        let counted = match counted {
            Ok(counted) => counted,
            Err(error) => return self.failed(error, began),
        };
        let shown = self.shown(&counted, began)?;
        self.state.renewed(Ok(shown), began.elapsed());
        if self.arguments.from_archive.is_none() && self.read_hours(&reader, now).await {
            self.state.replace(self.shown(&counted, began)?);
        }
        self.bounds = bounds;
        Ok(())
    }

    /// Counts a failed renewal. Returns the error if credentials are rejected before there is a
    /// snapshot.
    fn failed(&self, error: BreakdownError, began: Instant) -> Result<(), Failure> {
        let (reason, is_auth) = match &error {
            BreakdownError::Request(error) => (Reason::of(error), error.is_auth()),
            _ => (Reason::Rejected, false),
        };
        let is_ready = self.state.is_ready();
        self.state.renewed(Err(reason), began.elapsed());
        match error {
            BreakdownError::Request(error) if is_auth && !is_ready => Err(error.into()),
            error => {
                let shown = if is_ready { "the last snapshot is shown" } else { "none is shown" };
                note(&format!(
                    "the renewal failed: {error}; {shown}, and the next renewal begins after {}",
                    humantime::format_duration(self.arguments.interval())
                ));
                Ok(())
            }
        }
    }

    /// Returns the current time, of this machine or of the emulator.
    async fn now(&self) -> Result<DateTime<Utc>, Error> {
        if !self.arguments.emulator_clock {
            return Ok(Utc::now());
        }
        let clock: Value = self.client.request(Method::GET, "/_emulator/clock").send().await?;
        let now = clock.get("now").and_then(Value::as_str).and_then(parse_date);
        Ok(now.unwrap_or_else(Utc::now))
    }

    /// Reads all windows, the shortest first.
    async fn count(
        &mut self,
        reader: &mut Reader<'_>,
        now: DateTime<Utc>,
    ) -> Result<Vec<Counted>, BreakdownError> {
        let end = settled(now);
        if let Some(longest) = self.windows.last() {
            reader.measure(period(&longest.window, end)?).await?;
        }
        let mut counted = Vec::new();
        let mut waiting = self.windows.len() as u64;
        for asked in &mut self.windows {
            if self.count.is_multiple_of(RETRY) {
                asked.level = asked.level.saturating_sub(1);
            }
            let period = period(&asked.window, end)?;
            let table = loop {
                let by = LEVELS.get(asked.level).copied().unwrap_or_default();
                if by.is_empty() {
                    break reader.whole(period).await?;
                }
                // Keep one request for each window that is left, to count it without dimensions.
                let most = reader.left().saturating_sub(waiting);
                match reader.table(by, period, most).await? {
                    Read::Table(table) => break *table,
                    Read::TooMany(plan) => {
                        asked.level += 1;
                        if !std::mem::replace(&mut asked.is_noted, true) {
                            note(&format!(
                                "--budget {} is too small for the window {}, which is broken down \
                                 less; {plan}",
                                self.arguments.budget, asked.window.name
                            ));
                        }
                    }
                }
            };
            waiting -= 1;
            let (name, level) = (asked.window.name.clone(), asked.level);
            counted.push(Counted { name, period, level, table });
        }
        Ok(counted)
    }

    /// Reads hours of earlier weeks with the rest of the budget. Returns whether any were added.
    async fn read_hours(&mut self, reader: &Reader<'_>, now: DateTime<Utc>) -> bool {
        let mut is_new = false;
        while reader.left() >= LEAST
            && let Some(period) = self.baseline.missing(settled(now))
        {
            match reader.table(&baseline::BY, period, reader.left()).await {
                Ok(Read::Table(table)) => {
                    self.baseline.add(period, &table);
                    is_new = true;
                }
                Ok(Read::TooMany(_)) => {
                    self.baseline.read_less();
                    break;
                }
                Err(error) => {
                    note(&format!("what is usual was not read: {error}"));
                    break;
                }
            }
        }
        is_new
    }

    /// Reads the archive, if one was given. Fails only on the first renewal; later failures are
    /// noted.
    #[cfg(feature = "archive")]
    async fn read_archive(&mut self, now: DateTime<Utc>) -> Result<(), Failure> {
        let Some(history) = &mut self.history else { return Ok(()) };
        match history.read(now).await {
            Ok(Some((period, table))) => self.baseline.replace(period, &table),
            Ok(None) => {}
            Err(failure) if self.count == 1 => return Err(failure),
            Err(failure) => note(&format!("what is usual stays as it was: {}", failure.message())),
        }
        Ok(())
    }

    #[cfg(not(feature = "archive"))]
    async fn read_archive(&mut self, _: DateTime<Utc>) -> Result<(), Failure> {
        Ok(())
    }

    /// Encodes what a scrape shows.
    fn shown(&self, counted: &[Counted], began: Instant) -> Result<Shown, Failure> {
        // Writing into memory does not fail.
        Shown::new(self.snapshot(counted, began))
            .map_err(|error| Failure::system(io::Error::other(error)))
    }

    fn snapshot(&self, counted: &[Counted], began: Instant) -> Snapshot {
        let fee = self.fee(counted);
        let window = |counted: &Counted| {
            let Counted { name, period, level, table } = counted;
            let by = LEVELS.get(*level).copied().unwrap_or_default();
            let usual = self.baseline.usual(by, *period);
            let cell = |(key, mut counts): (Key, Counts)| {
                let known = key != Key::other() || by.is_empty();
                let usual = usual.as_ref().filter(|_| known);
                let excess = usual.and_then(|usual| usual.excess(&key, &counts));
                if let Some((currency, fee)) = fee
                    && counts.cost.get(currency.as_str()).is_some()
                    && let Some(fees) = fee.checked_mul(counts.converted.into())
                {
                    counts.cost.add(currency, &Cost::new(fees, 0));
                }
                Cell { key, counts, excess }
            };
            Window {
                name: name.clone(),
                end: period.to(),
                dimensions: by.len(),
                cells: cells(table).into_iter().map(cell).collect(),
                folded: 0,
                whole: table
                    .proof()
                    .map_or_else(|| table.total().attempts, |proof| proof.after.attempts),
                difference: difference(table),
            }
        };
        let mut windows: Vec<Window> = counted.iter().map(window).collect();
        fold(&mut windows, self.arguments.max_series as usize);
        Snapshot { began, windows, usual_from: self.baseline.from() }
    }

    /// Returns the fee of a conversion and its currency: the given one, or the only one of the prices.
    fn fee(&self, counted: &[Counted]) -> Option<(Currency, Decimal)> {
        let (fee, currency) = self.arguments.fee.given()?;
        if let Some(currency) = currency {
            return Some((currency.parse().ok()?, fee));
        }
        let mut currencies = Vec::new();
        for counted in counted {
            for (currency, _) in counted.table.total().cost.iter() {
                if !currencies.contains(&currency) {
                    currencies.push(currency);
                }
            }
        }
        match currencies.as_slice() {
            [currency] => Some((*currency, fee)),
            _ => None,
        }
    }
}

/// Returns the period of a window that ends at `end`.
fn period(window: &args::Window, end: DateTime<Utc>) -> Result<Period, PeriodError> {
    Period::new(end - TimeDelta::seconds(window.seconds.into()), end)
}
