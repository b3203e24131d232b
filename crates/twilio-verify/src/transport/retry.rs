//! When a request is sent again, and how long is waited before.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};

use crate::codes;
use crate::error::{Error, ErrorKind};

/// When a request is sent again, and how long is waited before.
///
/// What is sent again depends on what is known of the request, so that
/// nothing is done twice:
///
/// | what became of the request | GET, DELETE | POST |
/// |---|---|---|
/// | it was never sent: no connection | again | again |
/// | it was sent, no answer came: lost, or out of time | again | no |
/// | the answer's body broke off, or came too late | again | no |
/// | 429 with code 20429, or without a code | again | again |
/// | 429 with another code (60202, 60203, 60212) | no | no |
/// | 500, 502, 503, 504 | again | no |
/// | 401, and the credentials could be renewed | again, once | again, once |
/// | any other answer | no | no |
///
/// A POST that was refused by 429 was not processed, so it can be sent again;
/// one that might have been would send a code twice. A DELETE that is sent
/// again may be answered by 404, as the first one was processed after all.
///
/// The wait is the server's `Retry-After`, if it says so; else a random part
/// of a delay that doubles each time. A wait that would end after the call's
/// deadline isn't begun: the call fails at once, with the last answer's error.
///
/// ```
/// use std::time::Duration;
///
/// use twilio_verify::RetryPolicy;
///
/// let patient = RetryPolicy::default().max_attempts(6).max_delay(Duration::from_secs(20));
/// let once = RetryPolicy::never();
/// # let _ = (patient, once);
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
    /// At most 4 attempts, and delays from half a second to 8 seconds.
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
    /// Every request is sent once.
    pub fn never() -> Self {
        Self::default().max_attempts(1)
    }

    /// How often a request is sent at most, the first time included.
    /// Default: 4. With 0 or 1 nothing is sent again.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts;
        self
    }

    /// The first delay, of which a random part is waited. Default: half a
    /// second.
    pub fn min_delay(mut self, delay: Duration) -> Self {
        self.min_delay = delay;
        self
    }

    /// The delay that is doubled no more. Default: 8 seconds.
    pub fn max_delay(mut self, delay: Duration) -> Self {
        self.max_delay = delay;
        self
    }

    /// Makes the random parts the same in each run, for tests.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }
}

/// A client's policy, with the randomness that its calls share.
#[derive(Debug)]
pub(crate) struct Retry {
    policy: RetryPolicy,
    random: Mutex<fastrand::Rng>,
}

impl Retry {
    pub(crate) fn new(policy: RetryPolicy) -> Self {
        let random = policy
            .seed
            .map_or_else(fastrand::Rng::new, fastrand::Rng::with_seed);
        Self {
            policy,
            random: Mutex::new(random),
        }
    }

    /// The delays of one call.
    pub(crate) fn delays(&self) -> Delays<'_> {
        let backoff = ExponentialBuilder::new()
            .with_min_delay(self.policy.min_delay)
            .with_max_delay(self.policy.max_delay)
            .without_max_times()
            .build();
        Delays {
            retry: self,
            backoff,
            left: self.policy.max_attempts.saturating_sub(1),
        }
    }
}

/// The delays between the attempts of one call.
pub(crate) struct Delays<'a> {
    retry: &'a Retry,
    backoff: ExponentialBackoff,
    left: u32,
}

impl Delays<'_> {
    /// How long to wait before the request is sent again; `None` if it isn't.
    pub(crate) fn after(&mut self, error: &Error) -> Option<Duration> {
        if !error.is_retryable() || self.left == 0 {
            return None;
        }
        self.left -= 1;
        let delay = self.backoff.next()?;
        let mut random = self
            .retry
            .random
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let part = delay.mul_f64(random.f64());
        Some(error.retry_after().unwrap_or(part))
    }
}

/// Whether a request of that method can be sent again after such an error,
/// without a chance of doing the thing twice.
pub(crate) fn may_be_sent_again(method: &http::Method, error: &Error) -> bool {
    let repeatable = method.is_safe() || method == http::Method::DELETE;
    match (error.kind(), error.status()) {
        (ErrorKind::NotSent, _) => true,
        (ErrorKind::NoAnswer, _) => repeatable,
        (ErrorKind::Unreadable, _) => repeatable && error.has_lost_body(),
        // Other codes of 429 are limits that a wait doesn't lift; one that
        // was lost may have been such.
        (ErrorKind::Refused, Some(429)) => {
            !error.has_lost_body() && matches!(error.code(), None | Some(codes::TOO_MANY_REQUESTS))
        }
        (ErrorKind::Refused, Some(500 | 502 | 503 | 504)) => repeatable,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{Retry, RetryPolicy};
    use crate::error::{Error, ErrorKind};

    #[test]
    fn delays_double_are_random_and_are_the_same_for_a_seed() {
        let policy = RetryPolicy::default().max_attempts(9).seed(7);
        let delays = |policy: &RetryPolicy| {
            let retry = Retry::new(policy.clone());
            let mut delays = retry.delays();
            let error = Error::new(ErrorKind::NotSent, "").with_retryable(true);
            std::iter::from_fn(|| delays.after(&error)).collect::<Vec<_>>()
        };
        let first = delays(&policy);
        assert_eq!(first.len(), 8);
        assert_eq!(first, delays(&policy));
        assert_ne!(first, delays(&policy.clone().seed(8)));
        let bounds = [0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0, 8.0];
        for (delay, bound) in first.iter().zip(bounds) {
            assert!(
                delay.as_secs_f64() <= bound,
                "{delay:?} is more than {bound}"
            );
        }
        assert!(delays(&RetryPolicy::never()).is_empty());
    }
}
