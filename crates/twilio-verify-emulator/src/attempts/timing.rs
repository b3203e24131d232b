//! The delays after which requests see the data of an attempt.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use crate::attempts::data::attempt::{Attempt, Price};
use crate::time::date::second_from;
use crate::values::conversion_status::ConversionStatus;
use crate::values::market;

/// The delays after which the data of an attempt becomes known. The results are not stored: they are computed from an
/// attempt's dates and the clock whenever attempts are read.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Timing {
    /// Whether attempts are shown as of the clock's time, instead of in their final state.
    pub(crate) as_of_clock: bool,
    /// How far the list lags behind the clock.
    pub(crate) list_lag: Duration,
    /// How far the summary lags behind the clock.
    pub(crate) summary_lag: Duration,
    /// The time until a price is known.
    pub(crate) price_delay: Option<Duration>,
    /// The time until it is known whether a message or a call arrived.
    pub(crate) delivery_delay: Option<Duration>,
}

/// The final statuses of a message or a call; any other status may be followed by another one.
const FINAL: [&str; 11] = [
    "delivered",
    "undelivered",
    "partially_delivered",
    "received",
    "read",
    "sent",
    "failed",
    "canceled",
    "completed",
    "busy",
    "no-answer",
];

impl Timing {
    /// Returns the second as of which the list shows attempts, or `None` if it shows them as they are stored.
    pub(crate) fn list(&self, now: DateTime<Utc>) -> Option<i64> {
        self.behind(now, self.list_lag)
    }

    /// Returns the second as of which a summary counts attempts, or `None` if it counts them as they are stored.
    pub(crate) fn summary(&self, now: DateTime<Utc>) -> Option<i64> {
        self.behind(now, self.summary_lag)
    }

    /// Returns the second as of which a single attempt is shown, or `None` if it is shown as it is stored.
    pub(crate) fn fetch(&self, now: DateTime<Utc>) -> Option<i64> {
        self.behind(now, Duration::ZERO)
    }

    fn behind(&self, now: DateTime<Utc>, lag: Duration) -> Option<i64> {
        let seen = || TimeDelta::from_std(lag).ok().and_then(|lag| now.checked_sub_signed(lag));
        let seen = || seen().map_or(i64::MIN, |instant| instant.timestamp());
        (self.as_of_clock || !lag.is_zero()).then(seen)
    }

    /// Returns an attempt as a request sees it as of `as_of`, or as of the clock if that is `None`.
    pub(crate) fn seen(
        &self,
        mut attempt: Attempt,
        as_of: Option<i64>,
        now: DateTime<Utc>,
    ) -> Attempt {
        let at = as_of.unwrap_or_else(|| now.timestamp());
        let created = attempt.date_created;
        if as_of.is_some() && attempt.date_updated.timestamp() > at {
            attempt.conversion_status = ConversionStatus::Unconverted;
            if let Some(status) = &mut attempt.channel_data.status {
                *status = "unconfirmed".into();
            }
            attempt.date_updated = created;
        }
        if let Some(delay) = self.delivery_delay {
            let is_sent = happened(&mut attempt, delay / 2, at);
            if !happened(&mut attempt, delay, at) {
                in_transit(&mut attempt, is_sent);
            }
        }
        if let Some(delay) = self.price_delay {
            if happened(&mut attempt, delay, at) {
                if attempt.price.is_none() {
                    let market = attempt.channel_data.country.and_then(market::of);
                    attempt.price = Some(Price::new(market::price(attempt.channel, market), "usd"));
                }
            } else {
                attempt.price = None;
            }
        }
        attempt
    }
}

/// Whether an event that follows the creation after a delay has happened. If so, moves `date_updated` to it.
fn happened(attempt: &mut Attempt, after: Duration, at: i64) -> bool {
    let after = TimeDelta::from_std(after).ok();
    let date = after.and_then(|after| attempt.date_created.checked_add_signed(after));
    // Dates are whole seconds: the event shows in the first second that is not before it.
    let Some(second) = date.map(second_from).filter(|second| *second <= at) else {
        return false;
    };
    let date = DateTime::from_timestamp(second, 0).unwrap_or(attempt.date_updated);
    attempt.date_updated = attempt.date_updated.max(date);
    true
}

/// Shows a message or a call before it arrives, unless its own status is not final.
fn in_transit(attempt: &mut Attempt, is_sent: bool) {
    let data = &mut attempt.channel_data;
    let is_final = |status: &str| FINAL.iter().any(|own| own.eq_ignore_ascii_case(status));
    let statuses = [(&mut data.message_status, "sent"), (&mut data.call_status, "in-progress")];
    for (status, sent) in statuses {
        if let Some(status) = status
            && is_final(status)
        {
            *status = if is_sent { sent } else { "queued" }.into();
            data.error_code = None;
        }
    }
}
