//! What was listed of an account, and how long conversions take.

use chrono::{DateTime, TimeDelta, Utc};
use twilio_verify::{Attempt, ConversionStatus};

use crate::period::UNSETTLED;

/// How many conversions are kept to know how long they take.
const DELAYS: usize = 4096;

/// With fewer conversions, how long they take is not known.
const ENOUGH: usize = 50;

/// How long 99 of 100 conversions take, where it is not known.
const USUAL: TimeDelta = TimeDelta::minutes(3);

/// How long conversions take: the seconds from an attempt to its last change, of the last ones.
#[derive(Clone, Debug, Default)]
pub(crate) struct Delays {
    seconds: Vec<i64>,
    next: usize,
}

impl Delays {
    pub(crate) fn record(&mut self, attempt: &Attempt) {
        let (Some(created), Some(updated)) = (attempt.date_created, attempt.date_updated) else {
            return;
        };
        let delay = updated - created;
        // A later change is one of another field.
        let is_conversion = attempt.conversion_status == Some(ConversionStatus::Converted)
            && (TimeDelta::zero()..UNSETTLED).contains(&delay);
        if !is_conversion {
            return;
        }
        if self.seconds.len() < DELAYS {
            self.seconds.push(delay.num_seconds());
        } else if let Some(oldest) = self.seconds.get_mut(self.next) {
            *oldest = delay.num_seconds();
            self.next = (self.next + 1) % DELAYS;
        }
    }

    /// How long 99 of 100 conversions take.
    pub(crate) fn most(&self) -> TimeDelta {
        let mut seconds = self.seconds.clone();
        if seconds.len() < ENOUGH {
            return USUAL;
        }
        let place = seconds.len() * 99 / 100;
        let (_, most, _) = seconds.select_nth_unstable(place);
        TimeDelta::seconds(*most)
    }
}

/// What was listed last.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cover {
    /// Up to when all attempts were listed.
    pub(crate) until: DateTime<Utc>,
    pub(crate) mode: Mode,
}

/// How attempts are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// What is new, and again what may still convert.
    Newest,
    /// Each attempt once, when it has had the time to convert: what is made in this time, with a call.
    Delayed(TimeDelta),
    /// They are counted.
    Large,
}
