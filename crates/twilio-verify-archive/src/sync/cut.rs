//! Cuts periods into windows that a few pages hold.

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use twilio_verify_insights::Period;

use crate::sync::window::{PAGE, PAGES};

/// The number of attempts that a part should have, so that most parts need no further cut.
const AIM: u64 = PAGE as u64 * PAGES * 3 / 4;

/// The most parts into which a period is cut at once.
const MOST_PARTS: u64 = 64;

/// Returns the parts into which a period is cut, the oldest first; `None` if it is a window. A window
/// lies within a UTC day, unless it has no attempts.
pub(crate) fn parts(period: Period, counted: u64) -> Option<Vec<Period>> {
    let days = days(period);
    if days.len() > 1 {
        return (counted > 0).then_some(days);
    }
    let seconds = period.length().num_seconds().unsigned_abs();
    if counted <= u64::from(PAGE) * PAGES || seconds < 2 {
        return None;
    }
    Some(equal(period, counted.div_ceil(AIM).clamp(2, MOST_PARTS.min(seconds))))
}

/// Cuts a period into parts whose lengths differ by at most a second.
pub(crate) fn equal(period: Period, parts: u64) -> Vec<Period> {
    let seconds = period.length().num_seconds().unsigned_abs();
    let edge = |index: u64| {
        let offset = u128::from(seconds) * u128::from(index) / u128::from(parts.max(1));
        period.from() + TimeDelta::seconds(i64::try_from(offset).unwrap_or(i64::MAX))
    };
    let part = |index: u64| Period::new(edge(index), edge(index + 1)).ok();
    (0..parts).filter_map(part).collect()
}

/// Cuts a period at the ends of UTC days.
pub(crate) fn days(period: Period) -> Vec<Period> {
    let mut days = Vec::new();
    let mut from = period.from();
    while from < period.to() {
        let to = day_end(from).min(period.to());
        days.extend(Period::new(from, to).ok());
        from = to;
    }
    days
}

/// Returns the whole UTC days that a period touches.
pub(crate) fn whole_days(period: Period) -> Period {
    let last = period.to() - TimeDelta::seconds(1);
    let first = period.from().date_naive().and_time(NaiveTime::MIN).and_utc();
    Period::new(first, day_end(last)).unwrap_or(period)
}

/// Returns the end of the UTC day of an instant.
pub(crate) fn day_end(instant: DateTime<Utc>) -> DateTime<Utc> {
    let next = instant.date_naive().succ_opt().and_then(|day| day.and_hms_opt(0, 0, 0));
    next.map_or(DateTime::<Utc>::MAX_UTC, |next| next.and_utc())
}

#[cfg(test)]
mod tests {
    use chrono::{TimeDelta, TimeZone, Utc};
    use proptest::prelude::*;
    use twilio_verify_insights::Period;

    use super::parts;
    use crate::sync::window::{PAGE, PAGES};

    proptest! {
        #[test]
        fn parts_are_the_whole(from in 0_i64..200_000, length in 1_i64..300_000, counted in any::<u64>()) {
            let from = Utc.timestamp_opt(from, 0).unwrap();
            let period = Period::new(from, from + TimeDelta::seconds(length)).unwrap();
            let Some(parts) = parts(period, counted) else {
                let is_of_a_day = period.from().date_naive()
                    == (period.to() - TimeDelta::seconds(1)).date_naive();
                let is_short = counted <= u64::from(PAGE) * PAGES || length == 1;
                prop_assert!(counted == 0 || is_of_a_day && is_short);
                return Ok(());
            };
            prop_assert!(parts.len() > 1);
            prop_assert_eq!(parts[0].from(), period.from());
            prop_assert_eq!(parts.last().unwrap().to(), period.to());
            prop_assert!(parts.windows(2).all(|pair| pair[0].to() == pair[1].from()));
        }
    }
}
