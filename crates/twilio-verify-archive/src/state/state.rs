//! The state of an archive: what is known of it besides its attempts.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use twilio_verify_insights::{Bounds, Counts, Period, Proof, Verdict};

use crate::numbers::numbers::NumbersMode;
use crate::spans::{Spans, overlap};

/// The state of an archive: up to when it is complete, and how that is proven. It is stored in
/// `_state.json`, which is written after the files that it describes.
///
/// If the file is missing or deleted, nothing is proven about the archive.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct State {
    /// The SID of the account whose attempts these are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_sid: Option<String>,
    /// The mode in which numbers are kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub numbers: Option<NumbersMode>,
    /// The earliest instant that was read. Nothing is known of earlier ones. While several writers fill
    /// a new archive, this and the watermark are absent until the first day is read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub begin: Option<DateTime<Utc>>,
    /// The instant up to which attempts are complete, from `begin` on, except for `lost` periods and
    /// for those that Twilio no longer counts: see [`unproven`](Self::unproven). `None` if nothing is
    /// complete.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub watermark: Option<DateTime<Utc>>,
    /// The instant up to which attempts were read again with final prices and statuses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sealed_until: Option<DateTime<Utc>>,
    /// The periods that were read after prices and statuses were final.
    #[serde(skip_serializing_if = "Spans::is_empty")]
    pub sealed: Spans,
    /// Periods for which Twilio listed fewer or more attempts than it counts. The next sync reads them
    /// again.
    #[serde(skip_serializing_if = "Spans::is_empty")]
    pub open: Spans,
    /// The periods that were read, the oldest first, each with the listed attempts (the parts) and
    /// Twilio's count. A period lies within a UTC day, unless nothing was listed, and may overlap the
    /// next one. Once a day is sealed as a whole, it has one proof.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub proofs: Vec<WindowProof>,
    /// Periods that were not read before Twilio deleted them. Their content is unknown.
    #[serde(skip_serializing_if = "Spans::is_empty")]
    pub lost: Spans,
    /// Periods that Twilio deleted before they were read again with final prices and statuses: some
    /// prices are missing, and some statuses are not the last ones.
    #[serde(skip_serializing_if = "Spans::is_empty")]
    pub unsettled: Spans,
    /// Attempts that are listed and counted, but not in a file: they have no SID or no date.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unreadable: Vec<Unreadable>,
    /// How many attempts the file of each day has.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub days: BTreeMap<NaiveDate, u64>,
    /// Whether Twilio's date filters include their bounds, once that was measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bounds: Option<Bounds>,
    /// Fields that this version doesn't know. They are kept.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// A read of a period, with the proof of whether it was complete.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct WindowProof {
    /// The period.
    pub period: Period,
    /// When the period was last read.
    pub read: DateTime<Utc>,
    /// The listed attempts (the parts), and Twilio's count. Only attempts are counted: conversions are
    /// 0.
    pub proof: Proof,
}

/// Attempts of a period that can't be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Unreadable {
    /// The period.
    pub period: Period,
    /// The number of attempts.
    pub attempts: u64,
}

impl WindowProof {
    /// Creates the proof of a period.
    pub const fn new(period: Period, read: DateTime<Utc>, proof: Proof) -> Self {
        Self { period, read, proof }
    }

    /// Whether as many attempts were listed as Twilio counts.
    pub fn is_proven(&self) -> bool {
        self.proof.verdict == Verdict::Exact
    }
}

impl State {
    /// Returns the periods that were read but not proven: they are so old that Twilio lists more
    /// attempts than it counts. They may be complete.
    pub fn unproven(&self) -> Spans {
        let unproven = self.proofs.iter().filter(|proof| !proof.is_proven());
        let mut unproven: Spans = unproven.map(|proof| proof.period).collect();
        for proven in self.proven().iter() {
            unproven.remove(proven);
        }
        unproven
    }

    /// Returns how many attempts are in no file, because they have no SID or no date.
    pub fn unreadable(&self) -> u64 {
        self.unreadable.iter().map(|unreadable| unreadable.attempts).sum()
    }

    /// Whether all attempts of a period are in the files, and proven to be.
    pub fn is_proven(&self, period: Period) -> bool {
        let overlaps = |other: &Unreadable| overlap(other.period, period).is_some();
        self.proven().holds(period)
            && self.open.parts(period).is_empty()
            && !self.unreadable.iter().any(overlaps)
    }

    /// Returns the periods for which as many attempts were listed as Twilio counts.
    pub fn proven(&self) -> Spans {
        let proven = self.proofs.iter().filter(|proof| proof.is_proven());
        proven.map(|proof| proof.period).collect()
    }

    /// Returns the periods that need no first read: they were read, or are lost.
    pub(crate) fn known(&self) -> Spans {
        let read = self.proofs.iter().map(|proof| proof.period);
        read.chain(self.lost.iter()).collect()
    }

    /// Returns the earliest instant that was read, or is lost.
    pub(crate) fn first(&self) -> Option<DateTime<Utc>> {
        self.known().iter().next().map(|first| first.from())
    }

    /// Returns how many attempts Twilio counts in a period, if the proofs of its parts cover it.
    pub(crate) fn sum(&self, period: Period) -> Option<u64> {
        let (mut end, mut sum) = (period.from(), 0);
        for proof in &self.proofs {
            let Some(part) = overlap(proof.period, period) else {
                continue;
            };
            let attempts = proof.proof.parts.attempts;
            let is_within = part == proof.period || attempts == 0;
            if !proof.is_proven() || !is_within || part.from() != end {
                return None;
            }
            (end, sum) = (part.to(), sum + attempts);
        }
        (end == period.to()).then_some(sum)
    }

    /// Returns how many attempts of a period are in no file.
    pub(crate) fn unreadable_in(&self, period: Period) -> u64 {
        let is_within = |other: &&Unreadable| overlap(other.period, period) == Some(other.period);
        self.unreadable.iter().filter(is_within).map(|unreadable| unreadable.attempts).sum()
    }

    /// Notes that a period was read at an instant.
    pub(crate) fn prove(&mut self, period: Period, read: DateTime<Utc>, listed: u64, counted: u64) {
        self.open.remove(period);
        self.lost.remove(period);
        let counts = |attempts| Counts::new(attempts, 0, 0);
        let proof = Proof::new(counts(counted), counts(listed), counts(counted));
        let proof = WindowProof::new(period, read, proof);
        // A proven period stays proven, even if Twilio no longer counts it.
        if !proof.is_proven() && self.proven().holds(period) {
            return;
        }
        self.proofs.retain(|old| {
            let is_within = overlap(old.period, period) == Some(old.period);
            !is_within || old.is_proven() && !proof.is_proven()
        });
        let key = |proof: &WindowProof| (proof.period.from(), proof.period.to());
        let index = self.proofs.partition_point(|old| key(old) < key(&proof));
        self.proofs.insert(index, proof);
    }

    /// Notes that the part of a period before `settled` need not be read again.
    pub(crate) fn seal(&mut self, period: Period, settled: DateTime<Utc>) {
        if let Ok(part) = Period::new(period.from(), period.to().min(settled)) {
            self.sealed.insert(part);
        }
    }

    /// Notes the attempts of a period that can't be kept: the known dates, and how many have none.
    pub(crate) fn keep_unreadable(
        &mut self,
        period: Period,
        dated: &[DateTime<Utc>],
        undated: u64,
    ) {
        let mut rest = Vec::new();
        for old in std::mem::take(&mut self.unreadable) {
            let Some(common) = overlap(old.period, period) else {
                rest.push(old);
                continue;
            };
            // The attempts found now are assumed to be those found before.
            let again = dated.iter().filter(|date| common.from() <= **date && **date < common.to());
            let left = old.attempts.saturating_sub(again.count() as u64 + undated);
            let parts = [
                Period::new(old.period.from(), common.from()),
                Period::new(common.to(), old.period.to()),
            ];
            if let Some(Ok(part)) = parts.into_iter().find(Result::is_ok)
                && left > 0
            {
                rest.push(Unreadable { period: part, attempts: left });
            }
        }
        let attempts = dated.len() as u64 + undated;
        if attempts > 0 {
            rest.push(Unreadable { period, attempts });
        }
        rest.sort_by_key(|unreadable| unreadable.period.from());
        self.unreadable = rest;
    }

    /// Removes what is known of a period, so that it is read again.
    pub(crate) fn forget(&mut self, period: Period) {
        let mut rest = Vec::new();
        for old in std::mem::take(&mut self.proofs) {
            if overlap(old.period, period).is_none() {
                rest.push(old);
            } else if old.proof.parts.attempts == 0 {
                // The parts outside are empty, too.
                let mut spans: Spans = [old.period].into_iter().collect();
                spans.remove(period);
                rest.extend(spans.iter().map(|period| WindowProof { period, ..old.clone() }));
            }
        }
        self.proofs = rest;
        self.sealed.remove(period);
    }

    /// Removes what is known of a day whose file is damaged.
    pub(crate) fn forget_day(&mut self, day: Period) {
        self.forget(day);
        self.days.remove(&day.from().date_naive());
    }

    /// Moves the watermark to where the archive is complete.
    pub(crate) fn advance(&mut self) {
        self.watermark = self.begin.map(|begin| self.known().end_from(begin));
        self.sealed_until = self.begin.map(|begin| self.sealed.end_from(begin));
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, TimeZone, Utc};
    use twilio_verify_insights::Period;

    use super::State;

    fn at(minute: i64) -> DateTime<Utc> {
        Utc.with_ymd_and_hms(2026, 3, 1, 0, 0, 0).unwrap() + TimeDelta::minutes(minute)
    }

    fn period(from: i64, to: i64) -> Period {
        Period::new(at(from), at(to)).unwrap()
    }

    #[test]
    fn the_watermark_does_not_pass_a_gap() {
        let mut state = State { begin: Some(at(0)), ..State::default() };
        state.prove(period(0, 10), at(60), 3, 3);
        state.prove(period(20, 30), at(60), 3, 3);
        state.advance();
        assert_eq!(state.watermark, Some(at(10)));
        state.lost.insert(period(10, 15));
        state.prove(period(12, 20), at(60), 0, 0);
        state.advance();
        assert_eq!(state.watermark, Some(at(30)));
        assert_eq!(state.lost.iter().collect::<Vec<_>>(), [period(10, 12)]);
    }

    #[test]
    fn a_period_is_proven_by_all_that_was_read_of_it() {
        let mut state = State { begin: Some(at(0)), ..State::default() };
        state.prove(period(0, 10), at(60), 3, 3);
        state.prove(period(5, 30), at(60), 3, 3);
        assert!(state.is_proven(period(1, 30)));
        assert!(!state.is_proven(period(1, 31)));
        state.prove(period(20, 30), at(60), 3, 0);
        assert!(state.is_proven(period(1, 30)), "the whole was proven once");
        state.prove(period(0, 40), at(60), 3, 0);
        assert!(!state.is_proven(period(1, 40)));
        assert_eq!(state.unproven().iter().collect::<Vec<_>>(), [period(30, 40)]);
        state.prove(period(0, 40), at(60), 3, 3);
        state.keep_unreadable(period(0, 40), &[at(20)], 0);
        assert!(!state.is_proven(period(1, 2)));
    }

    #[test]
    fn unreadable_attempts_are_counted_once_however_often_they_are_read() {
        let mut state = State::default();
        state.keep_unreadable(period(0, 60), &[at(50)], 1);
        state.keep_unreadable(period(40, 100), &[at(50), at(90)], 1);
        assert_eq!(state.unreadable(), 3);
        state.keep_unreadable(period(40, 100), &[at(90)], 0);
        state.keep_unreadable(period(90, 110), &[at(90)], 0);
        assert_eq!(state.unreadable(), 1);
        state.keep_unreadable(period(0, 110), &[], 0);
        assert_eq!(state.unreadable(), 0);
    }

    #[test]
    fn it_is_kept_as_json_with_what_is_not_known() {
        let mut state = State { begin: Some(at(0)), ..State::default() };
        state.prove(period(0, 10), at(60), 3, 3);
        state.advance();
        state.other.insert("newer".to_owned(), serde_json::json!({"a": 1}));
        let json = serde_json::to_string(&state).unwrap();
        assert!(json.contains(r#""watermark":"2026-03-01T00:10:00Z""#), "{json}");
        assert_eq!(serde_json::from_str::<State>(&json).unwrap(), state);
    }
}
