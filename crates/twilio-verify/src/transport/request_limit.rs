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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

/// Limits the requests of one operation, for all clones of a client.
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
        self.paused_until
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
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
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use tokio::time::Instant;

    use super::{Limiter, RequestLimit};

    fn limiter(per_minute: u32) -> Arc<Limiter> {
        Arc::new(Limiter::new(RequestLimit::per_minute(per_minute).unwrap()))
    }

    fn in_an_hour() -> Instant {
        Instant::now() + Duration::from_secs(3600)
    }

    #[tokio::test(start_paused = true)]
    async fn no_minute_holds_more_than_the_limit_and_a_burst_starts_at_once() {
        for limit in [1, 2, 7, 100] {
            let limiter = limiter(limit);
            let began = Instant::now();
            let mut sent = Vec::new();
            for round in 0..limit * 5 {
                // A pause now and then lets a burst grow again.
                if round % (limit * 2) == 0 {
                    tokio::time::sleep(Duration::from_secs(61)).await;
                }
                limiter.ready(in_an_hour()).await.unwrap();
                sent.push(began.elapsed());
            }
            for (index, first) in sent.iter().enumerate() {
                let minute = *first + Duration::from_secs(60);
                let within = sent[index..].iter().take_while(|at| **at < minute).count();
                assert!(
                    within <= limit as usize,
                    "{within} of {limit} from {first:?}"
                );
            }
            let burst = sent.iter().take_while(|at| **at == sent[0]).count();
            assert_eq!(burst, (limit as usize * 2 / 5).max(1));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn callers_are_served_in_the_order_of_their_arrival() {
        let limiter = limiter(1);
        let served = Arc::new(std::sync::Mutex::new(Vec::new()));
        let callers: Vec<_> = (0..5)
            .map(|caller| {
                let (limiter, served) = (Arc::clone(&limiter), Arc::clone(&served));
                tokio::spawn(async move {
                    tokio::time::sleep(Duration::from_millis(caller)).await;
                    limiter.ready(in_an_hour()).await.unwrap();
                    served.lock().unwrap().push(caller);
                })
            })
            .collect();
        for caller in callers {
            caller.await.unwrap();
        }
        assert_eq!(*served.lock().unwrap(), [0, 1, 2, 3, 4]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_caller_gives_up_when_its_turn_would_come_too_late() {
        let limiter = limiter(1);
        limiter.ready(in_an_hour()).await.unwrap();
        let began = Instant::now();
        let soon = limiter.ready(began + Duration::from_secs(30));
        let error = soon.await.unwrap_err();
        assert!(error.is_timeout(), "{error}");
        assert!(error.to_string().contains("request_limit"), "{error}");
        assert_eq!(began.elapsed(), Duration::ZERO, "it fails at once");
        let later = limiter.ready(began + Duration::from_secs(61));
        later.await.unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn a_pause_holds_for_all() {
        let limiter = limiter(100);
        limiter.pause(Duration::from_secs(7));
        limiter.pause(Duration::from_secs(3));
        let began = Instant::now();
        limiter.ready(in_an_hour()).await.unwrap();
        assert_eq!(began.elapsed(), Duration::from_secs(7));
    }
}
