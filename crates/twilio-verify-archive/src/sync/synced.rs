//! The result of a sync.

use chrono::NaiveDate;
use serde::Serialize;
use twilio_verify_insights::Period;

use crate::spans::Spans;
use crate::state::state::State;

/// The result of a sync, and what it could not prove.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Synced {
    /// The periods that were read, the oldest first.
    pub periods: Vec<Period>,
    /// Days that this sync left to others, which were still reading them when it ended.
    pub held: Vec<HeldDay>,
    /// How many attempts were listed. Some may have been read before.
    pub listed: u64,
    /// How many attempts are new in the archive.
    pub added: u64,
    /// How many attempts have changed, for example in status or price.
    pub changed: u64,
    /// How many files were written.
    pub files: u64,
    /// Periods for which Twilio twice listed fewer or more attempts than it counts. The listed attempts
    /// are kept, and the next sync reads the periods again.
    pub open: Spans,
    /// Periods that Twilio lists but no longer counts, so that nothing proves that they are complete.
    pub unproven: Spans,
    /// Periods that Twilio deleted before any sync read them, found by this sync.
    pub lost: Spans,
    /// How many listed attempts have no SID or no date. They are in no file.
    pub unreadable: u64,
    /// Days whose files were missing or damaged, and were rewritten.
    pub repaired: Vec<NaiveDate>,
    /// Whether the sync was [stopped](crate::Sync::until) before its end.
    pub stopped: bool,
    /// The state of the archive after the sync.
    pub state: State,
}

/// A day that another sync has locked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct HeldDay {
    /// The day.
    pub day: NaiveDate,
    /// The process and host that hold the lock, if known.
    pub holder: Option<String>,
}

impl Synced {
    /// Whether everything that Twilio has was read, and is proven complete.
    pub fn is_complete(&self) -> bool {
        self.held.is_empty() && self.is_proven()
    }

    /// Whether everything that this sync had to read was read, and is proven complete. Days that other
    /// syncs read are not considered.
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
