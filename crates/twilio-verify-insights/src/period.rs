//! Periods.

use std::fmt;

use chrono::{DateTime, SecondsFormat, SubsecRound, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// From an instant up to, and not including, another one, in whole seconds: those are what Verify's
/// dates hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Period {
    from: DateTime<Utc>,
    to: DateTime<Utc>,
}

/// How far back the list reaches. Twilio's page on attempts.
pub const KEPT: TimeDelta = TimeDelta::days(30);

/// How long an attempt can still convert: a verification is valid for 10 minutes, and a minute more
/// lets the last check be counted. Support can set another validity for an account.
pub const UNSETTLED: TimeDelta = TimeDelta::minutes(11);

/// A period that can't be one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PeriodError {
    /// It ends before it begins, or where it begins.
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
    /// It reaches into the future.
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
        /// The latest end that works.
        latest: DateTime<Utc>,
    },
    /// It begins before what the list holds, and a dimension or filter needs the list.
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
        /// The earliest beginning that works.
        earliest: DateTime<Utc>,
    },
}

fn text(instant: &DateTime<Utc>) -> String {
    instant.to_rfc3339_opts(SecondsFormat::Secs, true)
}

impl Period {
    /// A period. Fractions of seconds are cut off.
    ///
    /// # Errors
    ///
    /// [`PeriodError::Order`] if it ends before or where it begins.
    pub fn new(from: DateTime<Utc>, to: DateTime<Utc>) -> Result<Self, PeriodError> {
        let (from, to) = (from.trunc_subsecs(0), to.trunc_subsecs(0));
        if from < to { Ok(Self { from, to }) } else { Err(PeriodError::Order { from, to }) }
    }

    /// The last `length` before the [settled](settled) instant.
    ///
    /// # Errors
    ///
    /// [`PeriodError::Order`] if `length` is shorter than a second.
    pub fn last(length: TimeDelta, now: DateTime<Utc>) -> Result<Self, PeriodError> {
        let to = settled(now);
        let from = to.checked_sub_signed(length).unwrap_or(DateTime::<Utc>::MIN_UTC);
        Self::new(from, to)
    }

    /// The first instant of it.
    pub const fn from(&self) -> DateTime<Utc> {
        self.from
    }

    /// The first instant after it.
    pub const fn to(&self) -> DateTime<Utc> {
        self.to
    }

    /// How long it is.
    pub fn length(&self) -> TimeDelta {
        self.to - self.from
    }

    /// Whether an instant is in it.
    pub fn holds(&self, instant: DateTime<Utc>) -> bool {
        self.from <= instant && instant < self.to
    }

    /// Both periods as one, if one begins where the other ends.
    pub fn join(self, other: Self) -> Option<Self> {
        if self.to == other.from {
            Some(Self { from: self.from, to: other.to })
        } else if other.to == self.from {
            Some(Self { from: other.from, to: self.to })
        } else {
            None
        }
    }

    /// The parts of it that the multiples of `step` since 1970 cut.
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

    /// Rejects a period that reaches into the future, or, where `what` needs the list, beyond it.
    pub(crate) fn check(&self, now: DateTime<Utc>, what: Option<&str>) -> Result<(), PeriodError> {
        let latest = now.trunc_subsecs(0);
        if self.to > latest {
            return Err(PeriodError::Future { from: self.from, to: self.to, latest });
        }
        // A minute more, so that a clock that is a little off does not matter.
        let earliest = latest - KEPT;
        match what {
            Some(what) if self.from < earliest - TimeDelta::minutes(1) => {
                Err(PeriodError::Forgotten { what: what.to_owned(), from: self.from, earliest })
            }
            _ => Ok(()),
        }
    }
}

/// The latest instant before which no attempt converts any more: 11 minutes before `now`. A period
/// that ends there has counts that don't change.
pub fn settled(now: DateTime<Utc>) -> DateTime<Utc> {
    now.trunc_subsecs(0) - UNSETTLED
}

/// As `2026-03-01T00:00:00Z to 2026-03-02T00:00:00Z`.
impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} to {}", text(&self.from), text(&self.to))
    }
}
