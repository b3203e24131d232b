//! Rate limits: a number of requests in any period of a given length.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

/// A limit on the number of requests that are served in any period of a given length, the window.
///
/// Twilio documents 100 requests a minute for the summary. That the window slides is assumed: a request counts until it
/// is as old as the window, and a rejected request does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimit {
    requests: u32,
    window: Duration,
}

impl RateLimit {
    /// Creates a limit of `requests` in any `window`. With 0 requests, all are rejected; with an empty window, none.
    #[must_use]
    pub const fn new(requests: u32, window: Duration) -> Self {
        Self { requests, window }
    }

    /// Creates a limit of `requests` in any 60 seconds.
    #[must_use]
    pub const fn per_minute(requests: u32) -> Self {
        Self::new(requests, Duration::from_secs(60))
    }

    /// Returns the number of requests that are served within the window.
    #[must_use]
    pub const fn requests(&self) -> u32 {
        self.requests
    }

    /// Returns the length of the window.
    #[must_use]
    pub const fn window(&self) -> Duration {
        self.window
    }
}

/// Counts the requests of one account against a limit.
#[derive(Debug)]
pub(crate) struct Limiter {
    limit: RateLimit,
    window: TimeDelta,
    served: Mutex<VecDeque<DateTime<Utc>>>,
}

impl Limiter {
    pub(crate) fn new(limit: RateLimit) -> Self {
        let window = TimeDelta::from_std(limit.window).unwrap_or(TimeDelta::MAX);
        Self { limit, window, served: Mutex::default() }
    }

    /// Removes all counts.
    pub(crate) fn reset(&self) {
        self.served.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Counts a request. If the limit is reached, returns the seconds (rounded up) until a request is allowed.
    pub(crate) fn check(&self, now: DateTime<Utc>) -> Result<(), u64> {
        let mut served = self.served.lock().unwrap_or_else(PoisonError::into_inner);
        while served.front().is_some_and(|first| now - *first >= self.window) {
            served.pop_front();
        }
        if self.window.is_zero() {
            return Ok(());
        }
        if served.len() < self.limit.requests as usize {
            served.push_back(now);
            return Ok(());
        }
        let age = served.front().map_or(TimeDelta::zero(), |first| now - *first);
        // The age is negative if the clock was set back.
        let rest = self.window.checked_sub(&age).unwrap_or(self.window);
        let seconds = rest.num_seconds() + i64::from(rest.subsec_nanos() > 0);
        Err(seconds.unsigned_abs().max(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(1_772_000_000_000 + millis).unwrap()
    }

    #[test]
    fn the_window_slides_and_refused_requests_do_not_count() {
        let limiter = Limiter::new(RateLimit::per_minute(2));
        assert_eq!(limiter.check(at(0)), Ok(()));
        assert_eq!(limiter.check(at(30_500)), Ok(()));
        assert_eq!(limiter.check(at(30_500)), Err(30));
        assert_eq!(limiter.check(at(59_999)), Err(1));
        assert_eq!(limiter.check(at(60_000)), Ok(()));
        assert_eq!(limiter.check(at(60_000)), Err(31));
        assert_eq!(limiter.check(at(90_500)), Ok(()));
    }

    #[test]
    fn extremes_neither_panic_nor_let_pass_what_they_should_not() {
        assert_eq!(Limiter::new(RateLimit::per_minute(0)).check(at(0)), Err(60));
        assert_eq!(Limiter::new(RateLimit::new(0, Duration::ZERO)).check(at(0)), Ok(()));
        let limiter = Limiter::new(RateLimit::new(1, Duration::MAX));
        assert_eq!(limiter.check(at(0)), Ok(()));
        assert!(limiter.check(DateTime::<Utc>::MIN_UTC).is_err());
        assert!(limiter.check(DateTime::<Utc>::MAX_UTC).is_err());
    }

    #[test]
    fn a_clock_set_back_does_not_open_the_window() {
        let limiter = Limiter::new(RateLimit::per_minute(1));
        assert_eq!(limiter.check(at(0)), Ok(()));
        assert_eq!(limiter.check(at(-10_000)), Err(70));
    }
}
