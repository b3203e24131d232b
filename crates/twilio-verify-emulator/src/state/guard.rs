//! Fraud Guard: blocks prefixes for a while.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};

use crate::time::clock::shifted;

/// How long a prefix is blocked after the last rejected message to it (documented by Twilio).
const BLOCKED: TimeDelta = TimeDelta::hours(12);

/// How far back messages are counted (assumed).
const COUNTED: TimeDelta = TimeDelta::hours(24);

/// The prefixes that are or were blocked, with the end of the block.
#[derive(Default)]
pub(crate) struct Guard(HashMap<String, DateTime<Utc>>);

impl Guard {
    /// Whether a message to a prefix is rejected now; if so, its block is prolonged. `is_too_many` returns whether
    /// there were too many messages since an instant.
    pub(crate) fn rejects(
        &mut self,
        prefix: &str,
        now: DateTime<Utc>,
        is_too_many: impl FnOnce(DateTime<Utc>) -> bool,
    ) -> bool {
        let until = self.0.get(prefix).copied();
        let is_blocked = until.is_some_and(|until| now < until);
        // Messages before the end of an earlier block do not cause another one.
        let since = shifted(now, -COUNTED);
        let since = until.map_or(since, |until| until.max(since));
        if !is_blocked && !is_too_many(since) {
            return false;
        }
        self.0.insert(prefix.to_owned(), shifted(now, BLOCKED));
        true
    }
}
