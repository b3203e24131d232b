//! Clocks.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

/// The clock of an emulator, which determines what is retained and when rate limits are lifted.
pub trait Clock: Send + Sync + 'static {
    /// The current time.
    fn now(&self) -> DateTime<Utc>;
}

impl<C: Clock + ?Sized> Clock for Arc<C> {
    fn now(&self) -> DateTime<Utc> {
        (**self).now()
    }
}

/// The clock of the machine, the default.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

/// A clock that moves only by calls to its methods, so that a test need not sleep. A clone is the same clock.
///
/// ```
/// use chrono::{TimeDelta, TimeZone, Utc};
/// use twilio_verify_emulator::{Clock, ManualClock};
///
/// let clock = ManualClock::at(Utc.with_ymd_and_hms(2026, 3, 2, 21, 0, 0).unwrap());
/// let of_the_emulator = clock.clone();
/// clock.advance(TimeDelta::minutes(1));
/// assert_eq!(of_the_emulator.now(), Utc.with_ymd_and_hms(2026, 3, 2, 21, 1, 0).unwrap());
/// ```
#[derive(Clone)]
pub struct ManualClock(Arc<Mutex<DateTime<Utc>>>);

impl ManualClock {
    /// A clock that shows `now`.
    #[must_use]
    pub fn at(now: DateTime<Utc>) -> Self {
        Self(Arc::new(Mutex::new(now)))
    }

    /// Sets the clock, forward or back.
    pub fn set(&self, now: DateTime<Utc>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = now;
    }

    /// Moves the clock by `by`, back if that is negative. It stops at the minimum and maximum date.
    pub fn advance(&self, by: TimeDelta) {
        let mut now = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *now = shifted(*now, by);
    }
}

/// A date shifted by a duration, which may be negative; clamped to the minimum and maximum date.
pub(crate) fn shifted(date: DateTime<Utc>, by: TimeDelta) -> DateTime<Utc> {
    let end =
        if by < TimeDelta::zero() { DateTime::<Utc>::MIN_UTC } else { DateTime::<Utc>::MAX_UTC };
    date.checked_add_signed(by).unwrap_or(end)
}

impl Clock for ManualClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A clock that is ahead of another one by what it was advanced.
pub(crate) struct AdvancedClock {
    clock: Arc<dyn Clock>,
    ahead: Mutex<TimeDelta>,
}

impl AdvancedClock {
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, ahead: Mutex::new(TimeDelta::zero()) }
    }

    /// Advances the clock. It stops at the maximum date.
    pub(crate) fn advance(&self, by: TimeDelta) {
        let mut ahead = self.ahead.lock().unwrap_or_else(PoisonError::into_inner);
        *ahead = ahead.checked_add(&by).unwrap_or(TimeDelta::MAX);
    }

    /// Resets the clock to the other one.
    pub(crate) fn reset(&self) {
        *self.ahead.lock().unwrap_or_else(PoisonError::into_inner) = TimeDelta::zero();
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        let ahead = *self.ahead.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.clock.now();
        now.checked_add_signed(ahead).unwrap_or(DateTime::<Utc>::MAX_UTC)
    }
}

impl fmt::Debug for ManualClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ManualClock").field(&self.now()).finish()
    }
}
