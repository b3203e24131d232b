//! Limits on the rate of requests.

use std::num::NonZeroU32;
use std::time::Duration;

/// The maximum number of requests of an operation in any minute, or in another period.
///
/// Two fifths of them may be sent at once, and the others at even intervals, so that no period,
/// wherever it begins, has more requests than the limit. Callers wait for their turn in the order
/// of their arrival.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RequestLimit {
    requests: NonZeroU32,
    period: Duration,
}

impl RequestLimit {
    /// Creates a limit of requests in any 60 seconds. Returns `None` for 0.
    pub const fn per_minute(requests: u32) -> Option<Self> {
        Self::per(requests, Duration::from_secs(60))
    }

    /// Creates a limit of requests in any period of that length. Returns `None` for 0, and for an
    /// empty period.
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

    /// Returns the maximum number of requests in a period.
    pub const fn requests(self) -> u32 {
        self.requests.get()
    }

    /// Returns the length of a period.
    pub const fn period(self) -> Duration {
        self.period
    }

    /// Returns how many requests may be sent at once: two fifths of them, at least 1.
    pub const fn burst(self) -> u32 {
        let burst = self.requests.get().saturating_mul(2) / 5;
        if burst == 0 { 1 } else { burst }
    }

    /// Returns the time between two requests after a [`burst`](Self::burst). With a burst of b and
    /// r intervals, a period holds at most b + r - 1 requests: the limit.
    pub fn interval(self) -> Duration {
        self.period / (self.requests.get() - self.burst() + 1)
    }

    /// Returns an equal part of the limit, for one of several processes that can't count together.
    /// If there are more processes than requests, the period is longer instead.
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
