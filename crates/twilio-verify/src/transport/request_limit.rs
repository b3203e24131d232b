//! Limits on the rate of requests.

use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use governor::clock::Clock;
use governor::middleware::NoOpMiddleware;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};
use tokio::time::{Instant, sleep_until};

use super::telemetry;
use crate::error::{Error, ErrorKind};

/// The maximum number of requests of an operation in any minute.
///
/// Two fifths of them may be sent at once, the others at even intervals, so that no period of 60
/// seconds, wherever it begins, holds more than the limit. Callers wait for their turn in the order
/// of their arrival.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RequestLimit {
    per_minute: NonZeroU32,
}

impl RequestLimit {
    /// At most that number of requests in any 60 seconds. `None` for 0.
    pub const fn per_minute(requests: u32) -> Option<Self> {
        match NonZeroU32::new(requests) {
            Some(per_minute) => Some(Self { per_minute }),
            None => None,
        }
    }
}

type Governor = RateLimiter<NotKeyed, InMemoryState, TokioClock, NoOpMiddleware<Duration>>;

/// Limits requests, for all clients of an account.
pub(crate) struct Limiter {
    governor: Governor,
    /// Held by the caller that sends next. Callers get it in order.
    turn: tokio::sync::Mutex<()>,
    paused_until: Mutex<Option<Instant>>,
}

impl Limiter {
    pub(crate) fn new(limit: RequestLimit) -> Self {
        // With a burst of b and a rate of r, 60 seconds hold at most b + r - 1 requests: the limit.
        let total = limit.per_minute.get();
        let burst = (total.saturating_mul(2) / 5).max(1);
        let rate = total - burst + 1;
        let burst = NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN);
        let quota = Quota::with_period(Duration::from_secs(60) / rate)
            .unwrap_or(Quota::per_minute(limit.per_minute))
            .allow_burst(burst);
        Self {
            governor: RateLimiter::direct_with_clock(quota, TokioClock(Instant::now())),
            turn: tokio::sync::Mutex::default(),
            paused_until: Mutex::default(),
        }
    }

    /// Waits until a request may be sent.
    pub(crate) async fn ready(&self, deadline: Instant) -> Result<(), Error> {
        let turn = tokio::time::timeout_at(deadline, self.turn.lock()).await;
        let Ok(_turn) = turn else {
            return Err(no_time());
        };
        loop {
            let paused = *self.paused();
            let ready = match paused.filter(|until| *until > Instant::now()) {
                Some(until) => until,
                None => match self.governor.check() {
                    Ok(()) => return Ok(()),
                    Err(early) => {
                        Instant::now() + early.wait_time_from(self.governor.clock().now())
                    }
                },
            };
            if ready > deadline {
                return Err(no_time());
            }
            telemetry::wait("for the limit", ready - Instant::now());
            sleep_until(ready).await;
        }
    }

    /// Sends nothing for a duration, at most an hour: the server rejected a request as one too
    /// many.
    pub(crate) fn pause(&self, duration: Duration) {
        const HOUR: Duration = Duration::from_secs(60 * 60);
        let duration = duration.min(HOUR);
        let until = Instant::now() + duration;
        let mut paused = self.paused();
        if paused.is_none_or(|already| already < until) {
            *paused = Some(until);
            telemetry::pause(duration);
        }
    }

    fn paused(&self) -> std::sync::MutexGuard<'_, Option<Instant>> {
        self.paused_until.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn no_time() -> Error {
    let reason = "the request limit allows this request only after the timeout; see \
                  `request_limit` and `timeout`";
    Error::timeout(ErrorKind::NotSent, reason)
}

/// Tokio's clock, because tests can pause it.
#[derive(Clone, Copy, Debug)]
struct TokioClock(Instant);

impl Clock for TokioClock {
    type Instant = Duration;

    fn now(&self) -> Duration {
        self.0.elapsed()
    }
}

#[cfg(test)]
#[path = "../../tests/unit/request_limit.rs"]
mod tests;
