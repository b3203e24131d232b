//! Periods of time.

use std::fmt;

use chrono::{DateTime, SecondsFormat, SubsecRound, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// The time from one instant up to, and not including, another one, in whole seconds, as Verify's
/// dates are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Period {
    from: DateTime<Utc>,
    to: DateTime<Utc>,
}

/// How far back the list reaches, according to Twilio's page on attempts.
pub const KEPT: TimeDelta = TimeDelta::days(30);

/// How long an attempt can still convert: a verification is valid for 10 minutes, and the last check
/// is counted within another minute. Twilio's support can set another validity for an account.
pub const UNSETTLED: TimeDelta = TimeDelta::minutes(11);

/// Why a period is invalid.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PeriodError {
    /// The period ends before it begins, or is empty.
    #[error(
        "the period ends at {} before it begins at {}; give the earlier instant first",
        text(to),
        text(from)
    )]
    Order {
        /// The beginning that was given.
        from: DateTime<Utc>,
        /// The end that was given.
        to: DateTime<Utc>,
    },
    /// The period reaches into the future.
    #[error(
        "the period {} {}, in the future; it can end at {} at the latest",
        if from < latest { "ends at" } else { "begins at" },
        text(if from < latest { to } else { from }),
        text(latest)
    )]
    Future {
        /// The beginning that was given.
        from: DateTime<Utc>,
        /// The end that was given.
        to: DateTime<Utc>,
        /// The latest valid end.
        latest: DateTime<Utc>,
    },
    /// The period begins before the list does, and a dimension or filter needs the list.
    #[error(
        "{what} is only known from the list, which holds 30 days, and the period begins at {}; it can \
         begin at {} at the earliest",
        text(from),
        text(earliest)
    )]
    Forgotten {
        /// What needs the list.
        what: String,
        /// The beginning that was given.
        from: DateTime<Utc>,
        /// The earliest valid beginning.
        earliest: DateTime<Utc>,
    },
}

fn text(instant: &DateTime<Utc>) -> String {
    instant.to_rfc3339_opts(SecondsFormat::Secs, true)
}

impl Period {
    /// Creates a period. Fractions of seconds are cut off.
    ///
    /// # Errors
    ///
    /// [`PeriodError::Order`] if it ends before or when it begins.
    pub fn new(from: DateTime<Utc>, to: DateTime<Utc>) -> Result<Self, PeriodError> {
        let (from, to) = (from.trunc_subsecs(0), to.trunc_subsecs(0));
        if from < to { Ok(Self { from, to }) } else { Err(PeriodError::Order { from, to }) }
    }

    /// Creates the period of the last `length` before the [settled](settled) instant.
    ///
    /// # Errors
    ///
    /// [`PeriodError::Order`] if `length` is shorter than a second.
    pub fn last(length: TimeDelta, now: DateTime<Utc>) -> Result<Self, PeriodError> {
        let to = settled(now);
        let from = to.checked_sub_signed(length).unwrap_or(DateTime::<Utc>::MIN_UTC);
        Self::new(from, to)
    }

    /// Returns the first instant of the period.
    pub const fn from(&self) -> DateTime<Utc> {
        self.from
    }

    /// Returns the first instant after the period.
    pub const fn to(&self) -> DateTime<Utc> {
        self.to
    }

    /// Returns the length of the period.
    pub fn length(&self) -> TimeDelta {
        self.to - self.from
    }

    /// Whether an instant is in the period.
    pub fn holds(&self, instant: DateTime<Utc>) -> bool {
        self.from <= instant && instant < self.to
    }

    /// Joins two periods, if one begins where the other ends.
    pub fn join(self, other: Self) -> Option<Self> {
        if self.to == other.from {
            Some(Self { from: self.from, to: other.to })
        } else if other.to == self.from {
            Some(Self { from: other.from, to: self.to })
        } else {
            None
        }
    }

    /// Splits the period at the multiples of `step` since 1970.
    pub(crate) fn steps(self, step: TimeDelta) -> impl Iterator<Item = Self> {
        let mut from = self.from;
        std::iter::from_fn(move || {
            if from >= self.to {
                return None;
            }
            let seconds = step.num_seconds().max(1);
            let rest = seconds - from.timestamp().rem_euclid(seconds);
            let next = from.checked_add_signed(TimeDelta::seconds(rest)).unwrap_or(self.to);
            let part = Self { from, to: next.min(self.to) };
            from = part.to;
            Some(part)
        })
    }

    /// Rejects a period that reaches into the future, or that begins before the list if `what` needs
    /// the list.
    pub(crate) fn check(&self, now: DateTime<Utc>, what: Option<&str>) -> Result<(), PeriodError> {
        let latest = now.trunc_subsecs(0);
        if self.to > latest {
            return Err(PeriodError::Future { from: self.from, to: self.to, latest });
        }
        // A minute more, to tolerate a clock that is a little off.
        let earliest = latest - KEPT;
        match what {
            Some(what) if self.from < earliest - TimeDelta::minutes(1) => {
                Err(PeriodError::Forgotten { what: what.to_owned(), from: self.from, earliest })
            }
            _ => Ok(()),
        }
    }
}

/// Returns the latest instant before which attempts can no longer convert: 11 minutes before `now`.
/// The counts of a period that ends there don't change.
pub fn settled(now: DateTime<Utc>) -> DateTime<Utc> {
    now.trunc_subsecs(0) - UNSETTLED
}

/// Writes `2026-03-01T00:00:00Z to 2026-03-02T00:00:00Z`.
impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} to {}", text(&self.from), text(&self.to))
    }
}
