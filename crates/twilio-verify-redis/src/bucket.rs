//! The state of a limit in a process.

use std::num::NonZeroU32;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use twilio_verify::RequestLimit;

/// The state of a limit in a process.
#[derive(Debug)]
pub(crate) struct Bucket {
    /// Held by the caller that sends next. Callers get it in order.
    pub(crate) turn: tokio::sync::Mutex<()>,
    known: Mutex<Known>,
}

#[derive(Debug)]
struct Known {
    /// The last due time that the script returned, in µs of the server's clock.
    due: u64,
    /// How many processes share the limit.
    callers: NonZeroU32,
    /// While Redis is away: the time at which the next request of this process is due.
    alone: Option<Instant>,
    /// The time until which the process pauses by itself.
    paused_until: Option<Instant>,
    used: Instant,
}

impl Bucket {
    pub(crate) fn new(processes: NonZeroU32) -> Self {
        let known = Known {
            due: 0,
            callers: processes,
            alone: None,
            paused_until: None,
            used: Instant::now(),
        };
        Self { turn: tokio::sync::Mutex::default(), known: Mutex::new(known) }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the last due time, and whether the process has worked without Redis since.
    pub(crate) fn last(&self) -> (u64, bool) {
        let known = self.known();
        (known.due, known.alone.is_some())
    }

    /// Stores what the script returned.
    pub(crate) fn told(&self, due: u64, callers: u32, processes: NonZeroU32) {
        let mut known = self.known();
        known.due = due;
        known.callers = NonZeroU32::new(callers).unwrap_or(NonZeroU32::MIN).max(processes);
        known.alone = None;
        known.used = Instant::now();
    }

    /// Takes a place in this process's part of the limit, or returns how long to wait for the next
    /// one.
    pub(crate) fn alone(&self, limit: RequestLimit) -> Duration {
        let now = Instant::now();
        let mut known = self.known();
        known.used = now;
        if let Some(until) = known.paused_until.filter(|until| now < *until) {
            // After a pause there is no burst either.
            known.alone = None;
            return until - now;
        }
        let share = limit.share(known.callers);
        let interval = share.interval();
        let tolerance = interval * (share.burst() - 1);
        // What the other processes have sent is not known, so there is no burst at first.
        let due = known.alone.unwrap_or(now + tolerance + interval).max(now);
        match due.checked_duration_since(now + tolerance).filter(|wait| !wait.is_zero()) {
            Some(wait) => {
                known.alone = Some(due);
                wait
            }
            None => {
                known.alone = Some(due + interval);
                Duration::ZERO
            }
        }
    }

    /// Pauses this process for a duration, while Redis is away.
    pub(crate) fn pause(&self, duration: Duration) {
        let mut known = self.known();
        let until = Instant::now() + duration;
        known.paused_until = known.paused_until.max(Some(until));
    }

    /// Whether the state is too old to matter.
    pub(crate) fn is_stale(&self, period: Duration) -> bool {
        self.known().used + period.saturating_mul(2) < Instant::now()
    }
}
