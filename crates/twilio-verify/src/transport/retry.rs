//! Decides when a request is sent again, and after what delay.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};
use http::Method;

use crate::codes;
use crate::error::{Error, ErrorKind};

/// Decides when a request is sent again, and after what delay.
///
/// Whether a request is sent again depends on what is known of it, so that nothing is done twice:
///
/// | outcome | GET, PUT, DELETE | POST |
/// |---|---|---|
/// | not sent: no connection | again | again |
/// | not sent: certificate not trusted, or credentials rejected by a proxy | no | no |
/// | sent, no response: connection lost, or timeout | again | no |
/// | body of the response cut short, or timeout | again | no |
/// | 429 with code 20429, or without a code | again | again |
/// | 429 with another code (60202, 60203, 60212) | no | no |
/// | 500, 502, 503, 504 | again | no |
/// | 401, and the credentials could be renewed | again, once | again, once |
/// | any other response | no | no |
///
/// Twilio does not process a request that it rejects with 429, so a POST can be sent again; a POST
/// that may have been processed could send a second code. A DELETE that is sent again may fail with
/// 404, because the first one was processed after all.
///
/// The delay is the server's `Retry-After`, if it sends one; otherwise a random part of a delay
/// that doubles with each attempt. If the delay would end after the call's timeout, the call fails
/// at once, with the last error.
///
/// ```
/// use std::time::Duration;
///
/// use twilio_verify::RetryPolicy;
///
/// # fn example(client: twilio_verify::Client) {
/// let patient = RetryPolicy::default().max_attempts(6).max_delay(Duration::from_secs(20));
/// let client = client.with_retry(patient);
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a policy does nothing until it is given to a client"]
pub struct RetryPolicy {
    max_attempts: u32,
    min_delay: Duration,
    max_delay: Duration,
    seed: Option<u64>,
}

impl Default for RetryPolicy {
    /// Returns a policy of at most 4 attempts, with delays from half a second to 8 seconds.
    fn default() -> Self {
        Self {
            max_attempts: 4,
            min_delay: Duration::from_millis(500),
            max_delay: Duration::from_secs(8),
            seed: None,
        }
    }
}

impl RetryPolicy {
    /// Returns a policy that sends every request once.
    pub fn never() -> Self {
        Self::default().max_attempts(1)
    }

    /// Sets the maximum number of attempts, including the first. Default: 4. With 0 or 1, nothing
    /// is sent again.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts;
        self
    }

    /// Sets the first delay, before randomization. Default: half a second.
    pub fn min_delay(mut self, delay: Duration) -> Self {
        self.min_delay = delay;
        self
    }

    /// Sets the longest delay, before randomization. Default: 8 seconds.
    pub fn max_delay(mut self, delay: Duration) -> Self {
        self.max_delay = delay;
        self
    }

    /// Makes the random delays reproducible, for tests.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }
}

/// The policy of a client, and the source of random numbers for its calls.
#[derive(Debug)]
pub(crate) struct Retry {
    policy: RetryPolicy,
    random: Mutex<fastrand::Rng>,
}

impl Retry {
    pub(crate) fn new(policy: RetryPolicy) -> Self {
        let random = policy.seed.map_or_else(fastrand::Rng::new, fastrand::Rng::with_seed);
        Self { policy, random: Mutex::new(random) }
    }

    /// Returns the delays of one call.
    pub(crate) fn delays(&self) -> Delays<'_> {
        let backoff = ExponentialBuilder::new()
            .with_min_delay(self.policy.min_delay)
            .with_max_delay(self.policy.max_delay)
            .with_max_times(self.policy.max_attempts.saturating_sub(1) as usize)
            .build();
        Delays { retry: self, backoff }
    }
}

/// The delays between the attempts of one call.
pub(crate) struct Delays<'a> {
    retry: &'a Retry,
    backoff: ExponentialBackoff,
}

impl Delays<'_> {
    /// Returns the delay before the request is sent again, or `None` if it isn't.
    pub(crate) fn after(&mut self, error: &Error) -> Option<Duration> {
        if !error.is_retryable() {
            return None;
        }
        let delay = self.backoff.next()?;
        let random = &self.retry.random;
        let mut random = random.lock().unwrap_or_else(PoisonError::into_inner);
        let part = delay.mul_f64(random.f64());
        Some(error.retry_after().unwrap_or(part))
    }
}

/// Whether a request with that method can be sent again after that error without doing something
/// twice.
pub(crate) fn can_be_repeated(method: &Method, error: &Error) -> bool {
    match (error.kind(), error.status()) {
        (ErrorKind::NotSent, _) => !error.is_permanent(),
        (ErrorKind::NoAnswer, _) => method.is_idempotent(),
        (ErrorKind::Unreadable, _) => method.is_idempotent() && error.has_lost_body(),
        // Other codes are limits that a delay doesn't lift, and a lost body may have had such a
        // code.
        (ErrorKind::Refused, Some(429)) => {
            !error.has_lost_body() && matches!(error.code(), None | Some(codes::TOO_MANY_REQUESTS))
        }
        (ErrorKind::Refused, Some(500 | 502 | 503 | 504)) => method.is_idempotent(),
        _ => false,
    }
}

#[cfg(test)]
#[path = "../../tests/unit/retry.rs"]
mod tests;
