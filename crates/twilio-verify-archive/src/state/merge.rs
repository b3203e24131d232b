//! Merges the states of several writers.

use chrono::{DateTime, Utc};
use twilio_verify_insights::Period;

use crate::spans::Spans;
use crate::state::state::{State, WindowProof};

impl State {
    /// Replaces what is known of whole days with what another state knows of them.
    ///
    /// Only the writer that has locked the days changes what is known of them. So writers may do this
    /// in any order, and more than once, and what is known of other days is kept.
    pub(crate) fn take(&mut self, days: Period, other: &Self) {
        for (spans, others) in [
            (&mut self.sealed, &other.sealed),
            (&mut self.open, &other.open),
            (&mut self.lost, &other.lost),
            (&mut self.unsettled, &other.unsettled),
        ] {
            spans.remove(days);
            spans.extend(&others.parts(days).into_iter().collect());
        }
        let outside = self.proofs.iter().flat_map(|proof| parts(proof, days).1);
        let inside = other.proofs.iter().filter_map(|proof| parts(proof, days).0);
        self.proofs = outside.chain(inside).collect();
        self.proofs.sort_by_key(|proof| (proof.period.from(), proof.period.to()));
        self.unreadable.retain(|unreadable| !days.holds(unreadable.period.from()));
        let others = other.unreadable.iter().filter(|other| days.holds(other.period.from()));
        self.unreadable.extend(others);
        self.unreadable.sort_by_key(|unreadable| unreadable.period.from());
        let is_within =
            |day: &chrono::NaiveDate| days.holds(day.and_time(Default::default()).and_utc());
        self.days.retain(|day, _| !is_within(day));
        self.days.extend(other.days.iter().filter(|(day, _)| is_within(day)));

        let is_within = |begin: Option<DateTime<Utc>>| begin.is_some_and(|begin| days.holds(begin));
        if is_within(self.begin) {
            self.begin = other.begin;
        } else if is_within(other.begin) {
            self.begin = self.begin.into_iter().chain(other.begin).min();
        }
        self.account_sid = self.account_sid.take().or_else(|| other.account_sid.clone());
        self.numbers = self.numbers.or(other.numbers);
        self.bounds = self.bounds.or(other.bounds);
    }

    /// Whether both states have read the same, regardless of what has expired since.
    pub(crate) fn is_read_as(&self, other: &Self) -> bool {
        self.proofs == other.proofs
            && self.unreadable == other.unreadable
            && self.days == other.days
    }

    /// Returns the state of whole days only.
    pub(crate) fn of(&self, days: Period) -> Self {
        let mut part = Self::default();
        part.take(days, self);
        Self { account_sid: None, numbers: None, bounds: None, ..part }
    }
}

/// Splits a proof into its parts inside and outside of a period. Only a proof of no attempts is split:
/// others belong to where they begin.
fn parts(proof: &WindowProof, period: Period) -> (Option<WindowProof>, Vec<WindowProof>) {
    if proof.proof.parts.attempts > 0 {
        return match period.holds(proof.period.from()) {
            true => (Some(proof.clone()), Vec::new()),
            false => (None, vec![proof.clone()]),
        };
    }
    let of = |period| WindowProof { period, ..proof.clone() };
    let whole: Spans = [proof.period].into_iter().collect();
    let inside = whole.parts(period).first().copied();
    let mut outside = whole;
    outside.remove(period);
    (inside.map(of), outside.iter().map(of).collect())
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, NaiveTime, TimeDelta, TimeZone, Utc};
    use proptest::prelude::*;
    use twilio_verify_insights::Period;

    use crate::state::state::State;

    const DAYS: i64 = 6;

    fn at(hour: i64) -> DateTime<Utc> {
        Utc.with_ymd_and_hms(2026, 3, 1, 0, 0, 0).unwrap() + TimeDelta::hours(hour)
    }

    fn day(day: i64) -> Period {
        Period::new(at(24 * day), at(24 * (day + 1))).unwrap()
    }

    /// A change that a writer makes to its state.
    #[derive(Clone, Debug)]
    enum Change {
        Prove { listed: u64, counted: u64 },
        Open,
        Lose,
        Seal,
        Unread(u64),
        File(u64),
        Forget,
        Begin,
    }

    fn apply(state: &mut State, period: Period, change: &Change) {
        match *change {
            Change::Prove { listed, counted } => {
                state.prove(period, at(24 * DAYS), listed, counted);
            }
            Change::Open => state.open.insert(period),
            Change::Lose => {
                state.lost.insert(period);
                state.unsettled.remove(period);
            }
            Change::Seal => state.seal(period, at(24 * DAYS)),
            Change::Unread(count) => state.keep_unreadable(period, &[], count),
            Change::File(rows) => {
                state.days.insert(period.from().date_naive(), rows);
            }
            Change::Forget => state.forget(period),
            Change::Begin => state.begin = Some(period.from()),
        }
    }

    fn change() -> impl Strategy<Value = Change> {
        prop_oneof![
            3 => (0_u64..3, 0_u64..3).prop_map(|(listed, counted)| Change::Prove { listed, counted }),
            1 => Just(Change::Open),
            1 => Just(Change::Lose),
            1 => Just(Change::Seal),
            1 => (1_u64..3).prop_map(Change::Unread),
            1 => (1_u64..9).prop_map(Change::File),
            1 => Just(Change::Forget),
        ]
    }

    /// Changes of days: the day, the first hour, the number of hours, and the change.
    fn changes() -> impl Strategy<Value = Vec<(i64, i64, i64, Change)>> {
        prop::collection::vec((0..DAYS, 0_i64..24, 1_i64..25, change()), 0..24)
    }

    /// The state before: it may include a period of several days in which nothing was listed.
    fn base() -> impl Strategy<Value = State> {
        let spanning = prop::option::of((0..24 * DAYS - 1, 1_i64..80));
        (changes(), spanning, prop::option::of(0..DAYS)).prop_map(|(changes, spanning, begin)| {
            let mut state = State { begin: begin.map(|day| at(24 * day)), ..State::default() };
            if let Some((from, hours)) = spanning {
                let period = Period::new(at(from), at((from + hours).min(24 * DAYS))).unwrap();
                state.prove(period, at(24 * DAYS), 0, 0);
            }
            apply_all(&mut state, &changes, |_| true);
            state.advance();
            state
        })
    }

    fn apply_all(
        state: &mut State,
        changes: &[(i64, i64, i64, Change)],
        is_mine: impl Fn(i64) -> bool,
    ) {
        for (of, from, hours, change) in changes.iter().filter(|change| is_mine(change.0)) {
            let from = 24 * of + from;
            let period = Period::new(at(from), at((from + hours).min(24 * (of + 1)))).unwrap();
            apply(state, period, change);
        }
    }

    proptest! {
        /// Writers that have locked different days save their states. In any order, any number of
        /// times, the result is the same, and has what each of them knows.
        #[test]
        fn the_order_of_writers_does_not_matter_and_no_proof_is_lost(
            base in base(),
            changes in changes(),
            begins in prop::option::of(0..DAYS),
            owners in prop::collection::vec(0_usize..4, DAYS as usize),
            order in prop::collection::vec(0..DAYS, 0..12),
        ) {
            let owner = |day: i64| owners[usize::try_from(day).unwrap()];
            // Each starts from the base, and changes only its own days.
            let writers: Vec<State> = (0..4).map(|writer| {
                let mut state = base.clone();
                apply_all(&mut state, &changes, |day| owner(day) == writer);
                if let Some(day) = begins
                    && base.begin.is_none_or(|begin| begin == at(24 * day))
                    && owner(day) == writer
                {
                    let period = Period::new(at(24 * day + 1), at(24 * day + 2)).unwrap();
                    apply(&mut state, period, &Change::Begin);
                }
                state
            }).collect();
            let take = |state: &mut State, of: i64| {
                state.take(day(of), &writers[owner(of)]);
                state.advance();
            };
            let mut expected = base.clone();
            (0..DAYS).for_each(|of| take(&mut expected, of));
            let mut other = base.clone();
            // Some days repeatedly, then all of them, from the last to the first.
            order.iter().for_each(|of| take(&mut other, *of));
            (0..DAYS).rev().for_each(|of| take(&mut other, of));
            prop_assert_eq!(&other, &expected);
            for of in 0..DAYS {
                prop_assert_eq!(expected.of(day(of)), writers[owner(of)].of(day(of)));
                let hours = (24 * of..24 * (of + 1)).map(|hour| Period::new(at(hour), at(hour + 1)));
                for hour in hours.map(Result::unwrap) {
                    prop_assert_eq!(
                        expected.is_proven(hour),
                        writers[owner(of)].of(day(of)).is_proven(hour)
                    );
                }
            }
        }

        /// Days that were not saved are unchanged, whatever other writers know of them.
        #[test]
        fn other_days_stay(base in base(), changes in changes(), of in 0..DAYS) {
            let mut writer = State::default();
            apply_all(&mut writer, &changes, |_| true);
            let mut state = base.clone();
            state.take(day(of), &writer);
            for other in (0..DAYS).filter(|other| *other != of) {
                let (mut is, mut was) = (state.of(day(other)), base.of(day(other)));
                (is.begin, was.begin) = (None, None);
                prop_assert_eq!(is, was);
            }
            prop_assert_eq!(state.of(day(of)), writer.of(day(of)));
            prop_assert_eq!(day(of).from().time(), NaiveTime::MIN);
        }
    }
}
