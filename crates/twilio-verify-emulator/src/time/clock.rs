//! Clocks: the machine's, and clocks that tests control.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

use crate::time::date::{FIRST, LAST, clamped, is_in_range};

/// The clock of an emulator, which determines what is retained and when rate limits are lifted.
///
/// An emulator clamps the time to 0000-01-01T00:00:00Z at the earliest and the end of the year 9999 at the latest: RFC
/// 3339 cannot express other dates.
pub trait Clock: Send + Sync + 'static {
    /// Returns the current time.
    fn now(&self) -> DateTime<Utc>;

    /// Whether the clock runs by itself, so that a page that shows it can keep time. Default: true.
    fn is_running(&self) -> bool {
        true
    }
}

impl<C: Clock + ?Sized> Clock for Arc<C> {
    fn now(&self) -> DateTime<Utc> {
        (**self).now()
    }

    fn is_running(&self) -> bool {
        (**self).is_running()
    }
}

/// The clock of the machine, which is the default.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

/// A clock that moves only when its methods are called, so that a test need not sleep. A clone is the same clock.
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
    /// Creates a clock that shows `now`, or the nearest instant of the years 0000 to 9999.
    #[must_use]
    pub fn at(now: DateTime<Utc>) -> Self {
        Self(Arc::new(Mutex::new(clamped(now))))
    }

    /// Sets the clock, forward or back, to `now`, or to the nearest instant of the years 0000 to 9999.
    pub fn set(&self, now: DateTime<Utc>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = clamped(now);
    }

    /// Moves the clock by `by`, or back if that is negative. It stops at the first instant of the year 0000 and at the
    /// last instant of the year 9999.
    pub fn advance(&self, by: TimeDelta) {
        let mut now = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *now = shifted(*now, by);
    }
}

/// Shifts a date by a duration, which may be negative. The result is clamped to the years 0000 to 9999.
pub(crate) fn shifted(date: DateTime<Utc>, by: TimeDelta) -> DateTime<Utc> {
    let end = if by < TimeDelta::zero() { FIRST } else { LAST };
    date.checked_add_signed(by).map_or(end, clamped)
}

impl Clock for ManualClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_running(&self) -> bool {
        false
    }
}

/// A clock that is ahead of another one by the time it was advanced, or stopped.
pub(crate) struct AdvancedClock {
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
}

#[derive(Clone, Copy)]
enum State {
    Ahead(TimeDelta),
    Stopped(DateTime<Utc>),
}

impl AdvancedClock {
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, state: Mutex::new(State::Ahead(TimeDelta::zero())) }
    }

    /// Advances the clock. It stops at the first and at the last date.
    pub(crate) fn advance(&self, by: TimeDelta) {
        let mut state = self.state();
        *state = match *state {
            State::Ahead(ahead) => {
                let now = clamped(self.clock.now());
                State::Ahead(shifted(shifted(now, ahead), by) - now)
            }
            State::Stopped(at) => State::Stopped(shifted(at, by)),
        };
    }

    /// Sets the clock, forward or back, and whether it runs from there.
    pub(crate) fn set(&self, to: DateTime<Utc>, runs: bool) {
        let to = clamped(to);
        *self.state() = match runs {
            true => State::Ahead(to - clamped(self.clock.now())),
            false => State::Stopped(to),
        };
    }

    /// Whether the clock can advance by a duration without leaving the years 0000 to 9999.
    pub(crate) fn can_advance(&self, by: TimeDelta) -> bool {
        self.now().checked_add_signed(by).is_some_and(is_in_range)
    }

    /// Resets the clock to the underlying one.
    pub(crate) fn reset(&self) {
        *self.state() = State::Ahead(TimeDelta::zero());
    }

    /// Whether the clock runs by itself.
    pub(crate) fn is_running(&self) -> bool {
        matches!(*self.state(), State::Ahead(_)) && self.clock.is_running()
    }

    /// Returns how far the clock is ahead of the underlying one.
    pub(crate) fn ahead(&self) -> TimeDelta {
        let state = *self.state();
        match state {
            State::Ahead(ahead) => ahead,
            State::Stopped(at) => at - clamped(self.clock.now()),
        }
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        let state = *self.state();
        match state {
            State::Ahead(ahead) => shifted(self.clock.now(), ahead),
            State::Stopped(at) => at,
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for ManualClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ManualClock").field(&self.now()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A user's clock that shows any time.
    struct Wild(DateTime<Utc>);

    impl Clock for Wild {
        fn now(&self) -> DateTime<Utc> {
            self.0
        }
    }

    #[test]
    fn no_clock_leaves_the_years_0000_to_9999() {
        for (set, shown) in [(DateTime::<Utc>::MAX_UTC, LAST), (DateTime::<Utc>::MIN_UTC, FIRST)] {
            assert_eq!(ManualClock::at(set).now(), shown);
            let clock = ManualClock::at(DateTime::UNIX_EPOCH);
            clock.set(set);
            assert_eq!(clock.now(), shown);
            assert_eq!(AdvancedClock::new(Arc::new(Wild(set))).now(), shown);
        }
        for (by, shown) in [(TimeDelta::MAX, LAST), (TimeDelta::MIN, FIRST)] {
            let manual = ManualClock::at(DateTime::UNIX_EPOCH);
            manual.advance(by);
            assert_eq!(manual.now(), shown);
            let advanced = AdvancedClock::new(Arc::new(Wild(DateTime::UNIX_EPOCH)));
            assert!(!advanced.can_advance(by));
            for _ in 0..2 {
                advanced.advance(by);
                assert_eq!(advanced.now(), shown);
            }
            // The clock stopped there, and can leave again.
            advanced.advance(if by > TimeDelta::zero() {
                -TimeDelta::days(1)
            } else {
                TimeDelta::days(1)
            });
            assert_ne!(advanced.now(), shown);
        }
        let clock = AdvancedClock::new(Arc::new(Wild(LAST - TimeDelta::seconds(5))));
        assert!(clock.can_advance(TimeDelta::seconds(5)));
        assert!(!clock.can_advance(TimeDelta::seconds(6)));
    }

    #[test]
    fn a_clock_that_is_set_runs_on_or_stands() {
        let machine = ManualClock::at(DateTime::UNIX_EPOCH);
        let clock = AdvancedClock::new(Arc::new(machine.clone()));
        let at = |seconds| DateTime::from_timestamp(seconds, 0).unwrap();
        clock.set(at(100), true);
        machine.advance(TimeDelta::seconds(5));
        assert_eq!((clock.now(), clock.ahead()), (at(105), TimeDelta::seconds(100)));
        clock.set(at(50), false);
        machine.advance(TimeDelta::seconds(5));
        assert_eq!(clock.now(), at(50));
        clock.advance(TimeDelta::seconds(7));
        assert_eq!(clock.now(), at(57));
        assert!(!clock.is_running());
        clock.set(DateTime::<Utc>::MAX_UTC, true);
        assert_eq!(clock.now(), LAST);
        clock.reset();
        assert_eq!(clock.now(), at(10));
        assert!(AdvancedClock::new(Arc::new(SystemClock)).is_running());
    }
}
