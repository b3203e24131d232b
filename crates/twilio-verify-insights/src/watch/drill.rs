//! Decides when a large account is listed while something is unusual.

use chrono::{DateTime, TimeDelta, Utc};

/// The most calls that list attempts while something is unusual.
const CALLS: u64 = 30;

/// The most calls at a time.
const AT_ONCE: u64 = 15;

/// After `CALM` without anything unusual, or `LONGEST` in all, the same number of calls is allowed
/// again.
const CALM: TimeDelta = TimeDelta::hours(1);
const LONGEST: TimeDelta = TimeDelta::hours(6);

/// The schedule for listing a large account while something is unusual: every minute at first, then
/// less and less often.
#[derive(Clone, Debug, Default)]
pub(crate) struct Drill {
    /// When something was first unusual, and when it was last.
    unusual: Option<(DateTime<Utc>, DateTime<Utc>)>,
    spent: u64,
    times: u32,
    last: Option<DateTime<Utc>>,
    next: Option<DateTime<Utc>>,
}

impl Drill {
    /// Returns how many calls may list attempts now, or `None` if it is too early or no calls are left.
    pub(crate) fn calls(&mut self, now: DateTime<Utc>) -> Option<u64> {
        let (begin, last) = self.unusual.unwrap_or((now, now));
        if now - last >= CALM || now - begin >= LONGEST {
            *self = Self::default();
        }
        let begin = self.unusual.map_or(now, |(begin, _)| begin);
        self.unusual = Some((begin, now));
        let left = CALLS.saturating_sub(self.spent).min(AT_ONCE);
        (left > 0 && self.next.is_none_or(|next| next <= now)).then_some(left)
    }

    /// Returns when attempts were last listed.
    pub(crate) fn last(&self) -> Option<DateTime<Utc>> {
        self.last
    }

    /// Counts calls that were sent.
    pub(crate) fn sent(&mut self, calls: u64, now: DateTime<Utc>) {
        self.spent += calls;
        self.times += 1;
        self.last = Some(now);
        // 1, 1, 2, 2, 4, 4 … minutes.
        let wait = 1_i64 << ((self.times - 1) / 2).min(5);
        // Looks are not exactly a minute apart.
        self.next = Some(now + TimeDelta::minutes(wait) - TimeDelta::seconds(20));
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, Utc};

    use super::{CALLS, Drill};

    #[test]
    fn calls_become_rare_and_end() {
        let begin = DateTime::<Utc>::UNIX_EPOCH;
        let mut drill = Drill::default();
        let mut at = Vec::new();
        for minute in 0..300 {
            let now = begin + TimeDelta::minutes(minute);
            if drill.calls(now).is_some() {
                drill.sent(2, now);
                at.push(minute);
            }
        }
        assert_eq!(at[..7], [0, 1, 2, 4, 6, 10, 14]);
        assert_eq!(at.len() as u64, CALLS / 2);
        // After an hour of calm, calls are allowed again.
        assert!(drill.calls(begin + TimeDelta::minutes(359)).is_some());
    }
}
