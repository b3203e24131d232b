//! Reports looks that fail.

use chrono::{DateTime, Utc};

use crate::output::note::note;
use crate::values::zone::Zone;

/// A series of looks that fail, if there is one.
#[derive(Debug)]
pub(super) struct Outage {
    zone: Zone,
    /// The time of the last look that succeeded.
    last: Option<DateTime<Utc>>,
    /// The time of the first look that failed.
    since: Option<DateTime<Utc>>,
}

impl Outage {
    pub(super) const fn new(zone: Zone) -> Self {
        Self { zone, last: None, since: None }
    }

    /// Records a look that failed, and reports the first one of a series.
    pub(super) fn failed(&mut self, error: &dyn std::fmt::Display, now: DateTime<Utc>) {
        if self.since.is_some() {
            return;
        }
        self.since = Some(now);
        let known = match self.last {
            Some(last) => format!("nothing is known since {}", self.zone.rfc3339(last)),
            None => "nothing is known yet".to_owned(),
        };
        note(&format!("{}: {error}; {known}; trying again", self.zone.rfc3339(now)));
    }

    /// Records a look that succeeded, and reports the end of a series of failures.
    pub(super) fn succeeded(&mut self, now: DateTime<Utc>) {
        if let Some(since) = self.since.take() {
            let (now, since) = (self.zone.rfc3339(now), self.zone.rfc3339(since));
            note(&format!("{now}: looking again; what was made since {since} was read, too"));
        }
        self.last = Some(now);
    }
}
