//! Limits on the rate of requests.

use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use governor::clock::Clock;
use governor::middleware::NoOpMiddleware;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};
use tokio::time::{Instant, sleep_until};

use super::gate::GateError;
use super::telemetry;

/// The maximum number of requests of an operation in any minute, or in another period.
///
/// Two fifths of them may be sent at once, the others at even intervals, so that no period, wherever
/// it begins, holds more than the limit. Callers wait for their turn in the order of their arrival.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RequestLimit {
    requests: NonZeroU32,
    period: Duration,
}

impl RequestLimit {
    /// At most that number of requests in any 60 seconds. `None` for 0.
    pub const fn per_minute(requests: u32) -> Option<Self> {
        Self::per(requests, Duration::from_secs(60))
    }

    /// At most that number of requests in any period of that length. `None` for 0, and for an empty
    /// period.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use twilio_verify::RequestLimit;
    ///
    /// let limit = RequestLimit::per(250, Duration::from_secs(24 * 60 * 60));
    /// assert_eq!(limit.map(RequestLimit::requests), Some(250));
    /// ```
    pub const fn per(requests: u32, period: Duration) -> Option<Self> {
        match NonZeroU32::new(requests) {
            Some(requests) if !period.is_zero() => Some(Self { requests, period }),
            _ => None,
        }
    }

    /// The maximum number of requests in a period.
    pub const fn requests(self) -> u32 {
        self.requests.get()
    }

    /// The length of a period.
    pub const fn period(self) -> Duration {
        self.period
    }

    /// How many requests may be sent at once: two fifths of them, at least 1.
    pub const fn burst(self) -> u32 {
        let burst = self.requests.get().saturating_mul(2) / 5;
        if burst == 0 { 1 } else { burst }
    }

    /// The time between two requests after a [`burst`](Self::burst). With a burst of b and r
    /// intervals, a period holds at most b + r - 1 requests: the limit.
    pub fn interval(self) -> Duration {
        self.period / (self.requests.get() - self.burst() + 1)
    }

    /// An equal part of the limit, for one of several processes that can't count together. Where
    /// there are more processes than requests, the period is longer instead.
    #[must_use]
    pub fn share(self, processes: NonZeroU32) -> Self {
        match NonZeroU32::new(self.requests.get() / processes.get()) {
            Some(requests) => Self { requests, ..self },
            None => {
                let periods = processes.get().div_ceil(self.requests.get());
                Self { requests: NonZeroU32::MIN, period: self.period.saturating_mul(periods) }
            }
        }
    }
}

type Governor = RateLimiter<NotKeyed, InMemoryState, TokioClock, NoOpMiddleware<Duration>>;

/// Limits requests, for all clients of an account.
pub(crate) struct Limiter {
    governor: Governor,
    period: Duration,
    /// Held by the caller that sends next. Callers get it in order.
    turn: tokio::sync::Mutex<()>,
    paused_until: Mutex<Option<Instant>>,
}

impl Limiter {
    pub(crate) fn new(limit: RequestLimit) -> Self {
        let burst = NonZeroU32::new(limit.burst()).unwrap_or(NonZeroU32::MIN);
        let interval = limit.interval().max(Duration::from_nanos(1));
        let quota = Quota::with_period(interval)
            .unwrap_or(Quota::per_minute(limit.requests))
            .allow_burst(burst);
        Self {
            governor: RateLimiter::direct_with_clock(quota, TokioClock(Instant::now())),
            period: limit.period,
            turn: tokio::sync::Mutex::default(),
            paused_until: Mutex::default(),
        }
    }

    /// The period of the limit.
    pub(crate) const fn period(&self) -> Duration {
        self.period
    }

    /// Whether nothing may be sent now.
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
