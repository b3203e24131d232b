//! Filters of the list and of the summary.

use chrono::{DateTime, Utc};

use crate::attempts::data::destination::Prefix;
use crate::time::date::{second_after, second_from};
use crate::values::channel::Channel;
use crate::values::conversion_status::ConversionStatus;
use crate::values::country::Country;
use crate::values::sid::{ServiceSid, VerificationSid};

/// A range of seconds since 1970, `until` excluded; `None` is unbounded.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Period {
    pub(crate) from: Option<i64>,
    pub(crate) until: Option<i64>,
}

impl Period {
    /// Returns the same period, which ends at `until` at the latest.
    pub(crate) fn not_from(self, until: Option<i64>) -> Self {
        let until = match (self.until, until) {
            (Some(own), Some(until)) => Some(own.min(until)),
            (own, until) => own.or(until),
        };
        Self { until, ..self }
    }

    /// Returns the same period, which begins at `from` at the earliest.
    pub(crate) fn not_before(self, from: Option<i64>) -> Self {
        // `None` is less than any instant.
        Self { from: self.from.max(from), ..self }
    }
}

/// The filters that the list and the summary share; `None` matches every attempt.
#[derive(Debug, Clone, Default)]
pub(crate) struct Filter {
    pub(crate) period: Period,
    /// The second as of which attempts are seen: later attempts are hidden, and an attempt that converted later is
    /// shown as unconverted. `None` shows all attempts as they are stored.
    pub(crate) as_of: Option<i64>,
    pub(crate) service: Option<ServiceSid>,
    pub(crate) country: Option<Country>,
    pub(crate) channel: Option<Channel>,
}

impl Filter {
    /// Returns the period without the part after `as_of`.
    pub(crate) fn seen(&self) -> Period {
        self.period.not_from(self.as_of.map(|second| second.saturating_add(1)))
    }
}

/// The filters of the list.
#[derive(Debug, Clone, Default)]
pub(crate) struct ListFilter {
    pub(crate) common: Filter,
    /// The exact destination.
    pub(crate) to: Option<String>,
    pub(crate) verification: Option<VerificationSid>,
    pub(crate) status: Option<ConversionStatus>,
}

/// The filters of the summary.
#[derive(Debug, Clone, Default)]
pub(crate) struct SummaryFilter {
    pub(crate) common: Filter,
    pub(crate) prefix: Option<Prefix>,
}

/// Whether a period includes its first or last instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// The period includes the instant.
    Inclusive,
    /// The period excludes the instant.
    Exclusive,
}

/// Whether a period includes its first instant, and its last.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds {
    pub(crate) after: Bound,
    pub(crate) before: Bound,
}

impl Bounds {
    /// Returns the period that begins and ends with these instants.
    pub(crate) fn period(
        self,
        created_after: Option<DateTime<Utc>>,
        created_before: Option<DateTime<Utc>>,
    ) -> Period {
        Period {
            from: created_after.map(|date| match self.after {
                Bound::Inclusive => second_from(date),
                Bound::Exclusive => second_after(date),
            }),
            until: created_before.map(|date| match self.before {
                Bound::Inclusive => second_after(date),
                Bound::Exclusive => second_from(date),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fraction_of_a_second_is_respected() {
        let bounds = |after, before| Bounds { after, before };
        let period = |instant: &str, bounds| {
            let instant = instant.parse().ok();
            let period = Bounds::period(bounds, instant, instant);
            (period.from.unwrap() - 1_772_485_353, period.until.unwrap() - 1_772_485_353)
        };
        let (whole, half) = ("2026-03-02T21:02:33Z", "2026-03-02T21:02:33.5Z");
        assert_eq!(period(whole, bounds(Bound::Inclusive, Bound::Exclusive)), (0, 0));
        assert_eq!(period(whole, bounds(Bound::Exclusive, Bound::Inclusive)), (1, 1));
        assert_eq!(period(half, bounds(Bound::Inclusive, Bound::Exclusive)), (1, 1));
        assert_eq!(period(half, bounds(Bound::Exclusive, Bound::Inclusive)), (1, 1));
    }
}
