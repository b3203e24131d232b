//! Decides what a sync reads, and notes what is too late to read.

use chrono::{DateTime, DurationRound, NaiveTime, SubsecRound, TimeDelta, Utc};
use twilio_verify_insights::{KEPT, Period};

use crate::spans::{Spans, overlap};
use crate::state::state::{State, WindowProof};
use crate::sync::cut::day_end;

/// Attempts younger than this may not be listed yet.
const YOUNG: TimeDelta = TimeDelta::seconds(60);

/// How long after a verification has expired its status may still change.
const LATE: TimeDelta = TimeDelta::minutes(10);

/// The age at which prices and delivery statuses are final: Twilio says that a price may take 24
/// hours.
const SETTLED: TimeDelta = TimeDelta::hours(26);

/// The schedule of a sync at an instant.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Schedule {
    /// The periods to read: disjoint, the oldest first.
    pub(crate) read: Vec<Period>,
    /// The earliest instant whose attempts Twilio still lists.
    pub(crate) earliest: DateTime<Utc>,
    /// Attempts before this instant no longer change.
    pub(crate) settled: DateTime<Utc>,
}

/// When attempts are read again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rereading {
    /// How long a verification can convert.
    pub(crate) validity: TimeDelta,
    /// How long after a read new and possibly changed attempts are not read.
    pub(crate) fresh: TimeDelta,
}

/// The least `fresh` while several syncs run: what one of them reads, the others need not read.
const FRESH: TimeDelta = TimeDelta::seconds(60);

impl Rereading {
    /// Returns the settings for an archive that other syncs read, too.
    pub(crate) fn shared(self) -> Self {
        Self { fresh: self.fresh.max(FRESH), ..self }
    }
}

impl Schedule {
    /// Returns what a sync at `now` has to read, and notes in the state what is too late to read.
    pub(crate) fn new(state: &mut State, now: DateTime<Utc>, rereading: Rereading) -> Self {
        let Rereading { validity, fresh } = rereading;
        let now = now.trunc_subsecs(0);
        let earliest = now - KEPT;
        let end = now - YOUNG;
        if state.proofs.is_empty() && state.lost.is_empty() {
            // Nothing was read yet.
            state.begin = Some(earliest);
        }
        let first = state.first().unwrap_or(earliest).min(earliest);
        let begin = *state.begin.get_or_insert(first);
        let settled = now - SETTLED.max(validity + LATE);
        let schedule = Self { read: Vec::new(), earliest, settled };
        let Ok(whole) = Period::new(begin, end) else {
            return schedule;
        };
        expire(state, earliest);
        let Ok(listed) = Period::new(begin.max(earliest), end) else {
            return schedule;
        };
        let mut read = Spans::default();
        let known = state.known();
        let last = known.end().filter(|last| end - *last < fresh);
        // Periods that were never read, or not proven.
        let gaps = known.gaps(whole).into_iter().filter(|gap| last != Some(gap.from()));
        read.extend(&gaps.filter_map(|gap| overlap(gap, listed)).collect());
        read.extend(&state.open.parts(listed).into_iter().collect());
        // Attempts that may have changed since they were read.
        for young in young(state, validity, now - fresh).iter() {
            read.extend(&overlap(young, listed).into_iter().collect());
        }
        // Each hour again, once it is settled.
        let hour = settled.duration_trunc(TimeDelta::hours(1)).unwrap_or(settled);
        if let Ok(due) = Period::new(listed.from(), hour.min(end)) {
            read.extend(&state.sealed.gaps(due).into_iter().collect());
        }
        Self { read: read.iter().collect(), ..schedule }
    }
}

/// Returns the periods whose attempts were so young when last read that they may have changed since.
/// Periods that were read after `fresh` are left out.
fn young(state: &State, validity: TimeDelta, fresh: DateTime<Utc>) -> Spans {
    let mut proofs: Vec<_> = state.proofs.iter().collect();
    proofs.sort_by_key(|proof| proof.read);
    let mut young = Spans::default();
    for WindowProof { period, read, .. } in proofs {
        young.remove(*period);
        let from = period.from().max(*read - YOUNG - validity - LATE);
        if *read <= fresh
            && let Ok(part) = Period::new(from, period.to())
        {
            young.insert(part);
        }
    }
    young
}

/// Notes the period that Twilio no longer lists.
pub(crate) fn expire(state: &mut State, earliest: DateTime<Utc>) {
    let forgotten = state.begin.map(|begin| Period::new(begin, earliest));
    if let Some(Ok(forgotten)) = forgotten {
        forget(state, forgotten);
    }
}

/// Notes a period that Twilio no longer lists: parts that were never read are lost, and parts that
/// were not read again after they settled stay unsettled.
fn forget(state: &mut State, forgotten: Period) {
    let known = state.known();
    for gap in known.gaps(forgotten) {
        state.lost.insert(gap);
    }
    for gap in state.sealed.gaps(forgotten) {
        for part in known.parts(gap) {
            state.unsettled.insert(part);
        }
    }
    for lost in state.lost.parts(forgotten) {
        state.unsettled.remove(lost);
    }
    state.sealed.insert(forgotten);
    state.open.remove(forgotten);
}

/// Returns the days that are sealed as a whole, and were not in `before`.
pub(crate) fn sealed_days(state: &State, before: &Spans) -> Vec<Period> {
    let mut days = Vec::new();
    for sealed in state.sealed.iter() {
        let mut from = sealed.from();
        while from < sealed.to() {
            let end = day_end(from);
            if let Ok(day) = Period::new(from, end)
                && end <= sealed.to()
                && !before.holds(day)
                && (state.begin == Some(from) || from.time() == NaiveTime::MIN)
            {
                days.push(day);
            }
            from = end;
        }
    }
    days
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, TimeZone, Utc};
    use twilio_verify_insights::Period;

    use super::{Rereading, Schedule};
    use crate::spans::Spans;
    use crate::state::state::State;

    const ALL: Rereading = Rereading { validity: TimeDelta::minutes(10), fresh: TimeDelta::zero() };

    fn at(day: u32, hour: u32, minute: u32) -> DateTime<Utc> {
        Utc.with_ymd_and_hms(2026, 3, day, hour, minute, 0).unwrap()
    }

    fn period(from: DateTime<Utc>, to: DateTime<Utc>) -> Period {
        Period::new(from, to).unwrap()
    }

    /// Runs a sync that proves everything.
    fn sync(state: &mut State, now: DateTime<Utc>) -> Vec<Period> {
        let schedule = Schedule::new(state, now, ALL);
        for read in &schedule.read {
            state.prove(*read, now, 0, 0);
            state.seal(*read, schedule.settled);
        }
        state.advance();
        schedule.read
    }

    #[test]
    fn the_first_sync_reads_thirty_days() {
        let mut state = State::default();
        let now = at(31, 12, 30);
        let whole = period(at(1, 12, 30), at(31, 12, 29));
        assert_eq!(sync(&mut state, now), [whole]);
        assert_eq!(state.watermark, Some(at(31, 12, 29)));
        assert_eq!(state.sealed_until, Some(at(30, 10, 30)));
    }

    #[test]
    fn later_ones_read_what_may_change_and_each_hour_when_it_is_settled() {
        let mut state = State::default();
        sync(&mut state, at(30, 12, 30));
        // 10 minutes of validity, and 10 more.
        let hot = |hour| period(at(30, hour - 1, 9), at(30, hour, 29));
        assert_eq!(
            sync(&mut state, at(30, 13, 30)),
            [period(at(29, 10, 30), at(29, 11, 0)), hot(13)]
        );
        assert_eq!(
            sync(&mut state, at(30, 14, 30)),
            [period(at(29, 11, 0), at(29, 12, 0)), hot(14)]
        );
        assert_eq!(state.watermark, Some(at(30, 14, 29)));
        assert_eq!(state.sealed_until, Some(at(29, 12, 0)));
        // Nothing is due twice.
        assert_eq!(sync(&mut state, at(30, 14, 30)), [period(at(30, 14, 9), at(30, 14, 29))]);
        // A clock that is set back does no harm.
        assert_eq!(sync(&mut state, at(30, 14, 0)), [] as [Period; 0]);
        assert_eq!(state.watermark, Some(at(30, 14, 29)));
    }

    #[test]
    fn what_another_writer_has_just_read_is_not_read_again() {
        let mut state = State::default();
        sync(&mut state, at(30, 12, 30));
        let fresh = |minutes| Rereading { fresh: TimeDelta::minutes(minutes), ..ALL };
        let now = at(30, 13, 20);
        let settled = period(at(29, 10, 30), at(29, 11, 0));
        assert_eq!(Schedule::new(&mut state, now, fresh(54)).read, [settled]);
        let hot = period(at(30, 12, 9), at(30, 13, 19));
        assert_eq!(Schedule::new(&mut state, now, fresh(50)).read, [settled, hot]);
        // A period that was never read is still due.
        state.forget(period(at(20, 0, 0), at(21, 0, 0)));
        let gap = period(at(20, 0, 0), at(21, 0, 0));
        assert_eq!(Schedule::new(&mut state, now, fresh(54)).read, [gap, settled]);
    }

    #[test]
    fn days_that_were_read_out_of_order_are_not_read_again() {
        let mut state = State::default();
        let now = at(30, 12, 30);
        let earliest = now - TimeDelta::days(30);
        state.prove(period(at(20, 0, 0), at(21, 0, 0)), now, 0, 0);
        state.seal(period(at(20, 0, 0), at(21, 0, 0)), now);
        let end = now - TimeDelta::minutes(1);
        let rest = [period(earliest, at(20, 0, 0)), period(at(21, 0, 0), end)];
        assert_eq!(Schedule::new(&mut state, now, ALL).read, rest);
        assert_eq!(state.begin, Some(earliest));
    }

    #[test]
    fn what_was_not_proven_is_read_again_and_the_watermark_waits() {
        let mut state = State::default();
        sync(&mut state, at(30, 12, 30));
        let open = period(at(30, 13, 0), at(30, 13, 10));
        let now = at(30, 13, 30);
        let mut proven: Spans = Schedule::new(&mut state, now, ALL).read.into_iter().collect();
        proven.remove(open);
        for period in proven.iter() {
            state.prove(period, now, 0, 0);
        }
        state.open.insert(open);
        state.advance();
        assert_eq!(state.watermark, Some(at(30, 13, 0)));
        let read = sync(&mut state, at(30, 20, 30));
        let settled = period(at(29, 10, 30), at(29, 18, 0));
        assert_eq!(read, [settled, period(open.from(), at(30, 20, 29))]);
        assert_eq!(state.watermark, Some(at(30, 20, 29)));
        assert!(state.open.is_empty());
    }

    #[test]
    fn what_twilio_has_forgotten_is_lost_or_not_settled() {
        let mut state = State::default();
        let first = at(1, 12, 30);
        sync(&mut state, first);
        let now = first + TimeDelta::days(40);
        let read = sync(&mut state, now);
        let earliest = now - TimeDelta::days(30);
        assert_eq!(read, [period(earliest, now - TimeDelta::minutes(1))]);
        let watermark = first - TimeDelta::minutes(1);
        assert_eq!(state.lost.iter().collect::<Vec<_>>(), [period(watermark, earliest)]);
        let settled = first - TimeDelta::hours(26);
        assert_eq!(state.unsettled.iter().collect::<Vec<_>>(), [period(settled, watermark)]);
        assert_eq!(state.watermark, Some(now - TimeDelta::minutes(1)));
        assert_eq!(state.sealed_until, Some(now - TimeDelta::hours(26)));
    }
}
