//! Whether all attempts of a window were listed.

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use twilio_verify::{Attempts, Error};
use twilio_verify_insights::{Bounds, KEPT, Period};

use crate::sync::window::{Listed, Window, count};

/// Twilio counts all attempts that are younger, whatever it forgets.
const COUNTED: TimeDelta = TimeDelta::days(1);

/// So much of the oldest attempts may be forgotten while they are read.
const MARGIN: TimeDelta = TimeDelta::seconds(60);

/// What a window's list shows beside its count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shown {
    /// All attempts from an instant on were listed: as many as are counted. Before it, Twilio was
    /// forgetting attempts while they were listed.
    All { from: DateTime<Utc>, counted: u64 },
    /// Attempts before an instant are not counted any more. All after it were listed: as many as are
    /// counted.
    Uncounted { before: DateTime<Utc>, counted: u64 },
    /// Attempts are missing, or too many.
    Differs,
}

/// Compares lists with counts.
#[derive(Debug)]
pub(crate) struct Prover {
    pub(crate) attempts: Attempts,
    pub(crate) bounds: Bounds,
    /// Whether the bounds were measured.
    pub(crate) is_measured: bool,
    /// When the sync began, by its clock and by a clock that runs.
    pub(crate) now: DateTime<Utc>,
    pub(crate) started: std::time::Instant,
}

impl Prover {
    /// Counts the attempts of a period.
    pub(crate) async fn count(&self, period: Period) -> Result<u64, Error> {
        count(&self.attempts, self.bounds, period).await
    }

    /// Measures whether filters include their instants, unless that is known.
    pub(crate) async fn measure(&mut self, period: Period) -> Result<(), Error> {
        if !self.is_measured
            && let Some(bounds) = Bounds::measure(&self.attempts, period).await?
        {
            (self.bounds, self.is_measured) = (bounds, true);
        }
        Ok(())
    }

    /// Compares what was listed with what was counted before, and again after it, as attempts may
    /// have come late.
    pub(crate) async fn compare(
        &mut self,
        window: Window,
        listed: &Listed,
    ) -> Result<Shown, Error> {
        let Window { period, mut counted } = window;
        let fits = |period: Period, counted: u64| {
            let dated = listed.dated(period);
            (dated..=dated + listed.undated).contains(&counted)
        };
        let all = |counted| Shown::All { from: period.from(), counted };
        if fits(period, counted) {
            return Ok(all(counted));
        }
        self.measure(period).await?;
        counted = self.count(period).await?;
        if fits(period, counted) {
            return Ok(all(counted));
        }
        if let Ok(kept) = Period::new(self.kept().max(period.from()), period.to())
            && kept != period
        {
            let counted = self.count(kept).await?;
            if fits(kept, counted) {
                return Ok(Shown::All { from: kept.from(), counted });
            }
        }
        if period.to() > self.now - COUNTED {
            return Ok(Shown::Differs);
        }
        let Some(before) = reach(period, listed, counted) else {
            return Ok(Shown::Differs);
        };
        let counted = match Period::new(before, period.to()) {
            Ok(rest) => {
                let counted = self.count(rest).await?;
                if !fits(rest, counted) {
                    return Ok(Shown::Differs);
                }
                counted
            }
            Err(_) => 0,
        };
        Ok(Shown::Uncounted { before, counted })
    }

    /// The earliest instant whose attempts can't have been forgotten by now.
    fn kept(&self) -> DateTime<Utc> {
        let elapsed = TimeDelta::from_std(self.started.elapsed()).unwrap_or_default();
        (self.now + elapsed - KEPT + MARGIN).trunc_subsecs(0)
    }
}

/// The instant from which on as many attempts were listed as are counted, if fewer are counted than
/// were listed: older ones may not be counted any more.
fn reach(period: Period, listed: &Listed, counted: u64) -> Option<DateTime<Utc>> {
    let rows = listed.rows.iter().map(|row| (row.date_created, &*row.sid));
    let mut rows: Vec<(DateTime<Utc>, &str)> = rows.collect();
    rows.sort_unstable();
    rows.dedup();
    let older =
        rows.len().checked_sub(usize::try_from(counted).ok()?).filter(|older| *older > 0)?;
    let last = rows.get(older - 1)?.0.trunc_subsecs(0);
    // The second after the newest attempt that isn't counted: an end of a retention may cut a second.
    Some((last + TimeDelta::seconds(1)).clamp(period.from(), period.to()))
}
