//! Keeps a request limit.

use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use governor::clock::Clock;
use governor::middleware::NoOpMiddleware;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};
use tokio::time::{Instant, sleep_until};

use super::gate::GateError;
use super::request_limit::RequestLimit;
use super::telemetry;

type Governor = RateLimiter<NotKeyed, InMemoryState, TokioClock, NoOpMiddleware<Duration>>;

/// Limits requests, for all clients of an account.
pub(crate) struct Limiter {
    governor: Governor,
    period: Duration,
    /// The lock of the caller that sends next. Callers get it in order.
    turn: tokio::sync::Mutex<()>,
    paused_until: Mutex<Option<Instant>>,
}

impl Limiter {
    pub(crate) fn new(limit: RequestLimit) -> Self {
        let burst = NonZeroU32::new(limit.burst()).unwrap_or(NonZeroU32::MIN);
        let interval = limit.interval().max(Duration::from_nanos(1));
        let quota =
            Quota::with_period(interval).unwrap_or(Quota::per_minute(burst)).allow_burst(burst);
        Self {
            governor: RateLimiter::direct_with_clock(quota, TokioClock(Instant::now())),
            period: limit.period(),
            turn: tokio::sync::Mutex::default(),
            paused_until: Mutex::default(),
        }
    }

    /// Returns the period of the limit.
    pub(crate) const fn period(&self) -> Duration {
        self.period
    }

    /// Whether sending is paused now.
    pub(crate) fn is_paused(&self) -> bool {
        self.paused().is_some_and(|until| until > Instant::now())
    }

    /// Waits until a request may be sent.
    pub(crate) async fn ready(&self, deadline: Instant) -> Result<(), GateError> {
        let turn = tokio::time::timeout_at(deadline, self.turn.lock()).await;
        let Ok(_turn) = turn else {
            return Err(GateError::too_late());
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
                return Err(GateError::too_late());
            }
            telemetry::wait("for the limit", ready - Instant::now());
            sleep_until(ready).await;
        }
    }

    /// Pauses sending for a duration, at most an hour, after the server rejected a request as one
    /// too many.
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

/// Tokio's clock, which tests can pause.
#[derive(Clone, Copy, Debug)]
struct TokioClock(Instant);

impl Clock for TokioClock {
    type Instant = Duration;

    fn now(&self) -> Duration {
        self.0.elapsed()
    }
}

#[cfg(test)]
#[path = "../../tests/unit/limiter.rs"]
mod tests;
