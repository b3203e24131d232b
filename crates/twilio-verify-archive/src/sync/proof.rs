//! Checks whether all attempts of a window were listed.

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use twilio_verify::{Attempts, Error};
use twilio_verify_insights::{Bounds, KEPT, Period};

use crate::sync::window::{Listed, Window, count};

/// Twilio still counts all attempts that are younger than this.
const COUNTED: TimeDelta = TimeDelta::days(1);

/// Attempts this close to the end of Twilio's retention may be deleted while they are read.
const MARGIN: TimeDelta = TimeDelta::seconds(60);

/// The result of comparing a window's list with its count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shown {
    /// All attempts from this instant on were listed, as many as Twilio counts. Twilio was deleting
    /// earlier ones while they were listed.
    All { from: DateTime<Utc>, counted: u64 },
    /// Twilio no longer counts attempts before this instant. All later ones were listed, as many as
    /// it counts.
    Uncounted { before: DateTime<Utc>, counted: u64 },
    /// The list has fewer or more attempts than Twilio counts.
    Differs,
}

/// Compares lists with counts.
#[derive(Debug)]
pub(crate) struct Prover {
    pub(crate) attempts: Attempts,
    pub(crate) bounds: Bounds,
    /// Whether the bounds were measured.
    pub(crate) is_measured: bool,
    /// When the sync began, by its clock (`now`) and by the monotonic clock (`started`).
    pub(crate) now: DateTime<Utc>,
    pub(crate) started: std::time::Instant,
}

impl Prover {
    /// Counts the attempts of a period.
    pub(crate) async fn count(&self, period: Period) -> Result<u64, Error> {
        count(&self.attempts, self.bounds, period).await
    }

    /// Measures whether date filters include their bounds, unless that is known.
    pub(crate) async fn measure(&mut self, period: Period) -> Result<(), Error> {
        if !self.is_measured
            && let Some(bounds) = Bounds::measure(&self.attempts, period).await?
        {
            (self.bounds, self.is_measured) = (bounds, true);
        }
        Ok(())
    }

    /// Compares the list with the count before it. If they differ, compares it with a new count, as
    /// attempts may have come late.
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

    /// Returns the earliest instant whose attempts Twilio can't have deleted by now.
    fn kept(&self) -> DateTime<Utc> {
        let elapsed = TimeDelta::from_std(self.started.elapsed()).unwrap_or_default();
        (self.now + elapsed - KEPT + MARGIN).trunc_subsecs(0)
    }
}

/// Returns the instant from which on as many attempts were listed as Twilio counts, if more were
/// listed in total: Twilio may no longer count the older ones.
fn reach(period: Period, listed: &Listed, counted: u64) -> Option<DateTime<Utc>> {
    let rows = listed.rows.iter().map(|row| (row.date_created, &*row.sid));
    let mut rows: Vec<(DateTime<Utc>, &str)> = rows.collect();
    rows.sort_unstable();
    rows.dedup();
    let older =
        rows.len().checked_sub(usize::try_from(counted).ok()?).filter(|older| *older > 0)?;
    let last = rows.get(older - 1)?.0.trunc_subsecs(0);
    // The second after the newest uncounted attempt: the retention may end within a second.
    Some((last + TimeDelta::seconds(1)).clamp(period.from(), period.to()))
}
