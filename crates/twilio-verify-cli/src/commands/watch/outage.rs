//! Looks that fail.

use chrono::{DateTime, Utc};

use crate::output::note::note;
use crate::values::zone::Zone;

/// Looks that fail, one after another.
#[derive(Debug)]
pub(super) struct Outage {
    zone: Zone,
    /// The last look that succeeded.
    last: Option<DateTime<Utc>>,
    /// When looks began to fail.
    since: Option<DateTime<Utc>>,
}

impl Outage {
    pub(super) const fn new(zone: Zone) -> Self {
        Self { zone, last: None, since: None }
    }

    /// Reports the first look that fails.
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

    /// Reports the end of it.
    pub(super) fn succeeded(&mut self, now: DateTime<Utc>) {
        if let Some(since) = self.since.take() {
            let (now, since) = (self.zone.rfc3339(now), self.zone.rfc3339(since));
            note(&format!("{now}: looking again; what was made since {since} was read, too"));
        }
        self.last = Some(now);
    }
}
