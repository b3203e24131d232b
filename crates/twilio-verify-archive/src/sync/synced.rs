//! What a sync did.

use chrono::NaiveDate;
use serde::Serialize;
use twilio_verify_insights::Period;

use crate::spans::Spans;
use crate::state::state::State;

/// What a sync did, and what it could not prove.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Synced {
    /// What was read: the oldest first.
    pub periods: Vec<Period>,
    /// Days that this sync would have read, and that other ones were reading when it ended.
    pub held: Vec<HeldDay>,
    /// How many attempts were listed. Some of them were read before.
    pub listed: u64,
    /// How many attempts are new in the archive.
    pub added: u64,
    /// How many attempts have changed: a status, a price.
    pub changed: u64,
    /// How many files were written.
    pub files: u64,
    /// Periods of which Twilio listed fewer or more attempts than it counts, twice. What was listed
    /// is kept, and the next sync reads them again.
    pub open: Spans,
    /// Periods that Twilio lists but doesn't count any more, so that nothing proves that they are
    /// complete.
    pub unproven: Spans,
    /// Periods that no sync has read before Twilio deleted them, found by this one.
    pub lost: Spans,
    /// How many attempts were listed that have no SID or no date. They are in no file.
    pub unreadable: u64,
    /// Days whose files were missing or damaged, and were written anew.
    pub repaired: Vec<NaiveDate>,
    /// Whether it was [stopped](crate::Sync::until) before its end.
    pub stopped: bool,
    /// What is known of the archive now.
    pub state: State,
}

/// A day that another sync has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct HeldDay {
    /// The day.
    pub day: NaiveDate,
    /// Who has it, as process and host, if that is known.
    pub holder: Option<String>,
}

impl Synced {
    /// Whether all that Twilio has was read, and is proven to be all.
    pub fn is_complete(&self) -> bool {
        self.held.is_empty() && self.is_proven()
    }

    /// Whether all that this sync was to read was read, and is proven to be all. What others read, they
    /// prove.
    pub fn is_proven(&self) -> bool {
        !self.stopped
            && self.open.is_empty()
            && self.unproven.is_empty()
            && self.lost.is_empty()
            && self.unreadable == 0
    }

    /// Notes that a period was read.
    pub(crate) fn read(&mut self, period: Period) {
        let mut read: Spans = std::mem::take(&mut self.periods).into();
        read.insert(period);
        self.periods = read.into();
    }
}
