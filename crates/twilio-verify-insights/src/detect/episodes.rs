//! Groups findings over time: one attack is one episode.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

use crate::detect::finding::{Finding, FindingCell, FindingKind};
use crate::table::label::Label;

/// The episodes found by successive looks: an attack is reported when it starts and when it ends,
/// not at every look.
#[derive(Clone, Debug)]
pub struct Episodes {
    next: u64,
    quiet: TimeDelta,
    open: Vec<(u64, Finding)>,
    /// Ended episodes that a look at the last day may still find.
    ended: Vec<Finding>,
}

/// The state of an episode.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum EpisodeState {
    /// The episode was found for the first time.
    Started,
    /// The episode ended. Its finding covers all of it.
    Ended,
    /// The episode ended, and the prices that were missing then are known: its cost is final.
    /// Reported by a [`Watcher`](crate::Watcher).
    Settled,
}

impl EpisodeState {
    /// Returns the name used in JSON: `started`, `ended` or `settled`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Started => "started",
            Self::Ended => "ended",
            Self::Settled => "settled",
        }
    }
}

/// A change of an episode. In JSON, an object with `id`, `state` and the fields of a [`Finding`].
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct EpisodeEvent {
    /// The number of the episode, from 1.
    pub id: u64,
    /// The new state.
    pub state: EpisodeState,
    /// The finding.
    #[serde(flatten)]
    pub finding: Finding,
}

impl Default for Episodes {
    fn default() -> Self {
        Self { next: 0, quiet: TimeDelta::hours(1), open: Vec::new(), ended: Vec::new() }
    }
}

impl Episodes {
    /// Creates a value without episodes.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets how long an episode must be without an unusual attempt to end. Default: an hour.
    #[must_use]
    pub fn quiet(mut self, length: TimeDelta) -> Self {
        self.quiet = length.max(TimeDelta::zero());
        self
    }

    /// Records the findings of a look at `now`, and returns the episodes that changed.
    pub fn update(&mut self, findings: Vec<Finding>, now: DateTime<Utc>) -> Vec<EpisodeEvent> {
        let mut events = Vec::new();
        for finding in findings {
            if let Some((_, known)) =
                self.open.iter_mut().find(|(_, known)| is_same(known, &finding))
            {
                merge(known, finding);
            } else if !self.ended.iter().any(|ended| is_over(ended, &finding)) {
                self.next += 1;
                events.push(EpisodeEvent {
                    id: self.next,
                    state: EpisodeState::Started,
                    finding: finding.clone(),
                });
                self.open.push((self.next, finding));
            }
        }
        let (over, open) = std::mem::take(&mut self.open)
            .into_iter()
            .partition::<Vec<_>, _>(|(_, known)| now - known.to >= self.quiet);
        self.open = open;
        for (id, finding) in over {
            self.ended.push(finding.clone());
            events.push(EpisodeEvent { id, state: EpisodeState::Ended, finding });
        }
        // A look covers the last day, and dates the beginning of a finding up to eight days back.
        self.ended.retain(|ended| now - ended.to < TimeDelta::days(9));
        events
    }

    /// Returns the open episodes with their numbers.
    pub fn open(&self) -> impl Iterator<Item = (u64, &Finding)> {
        self.open.iter().map(|(id, finding)| (*id, finding))
    }
}

/// How many more unconverted attempts make a new episode of an ended one: as many as a finding
/// needs.
const AGAIN: f64 = 15.0;

/// Whether a finding belongs to an ended episode and adds little to it.
fn is_over(ended: &Finding, finding: &Finding) -> bool {
    is_same(ended, finding) && finding.from <= ended.to && finding.excess - ended.excess < AGAIN
}

/// Updates an episode with a newer finding.
fn merge(known: &mut Finding, newer: Finding) {
    let from = known.from;
    let is_part = newer.attempts < known.attempts && newer.to <= known.to;
    if !is_part {
        *known = newer;
    }
    // An earlier look may have known the beginning more precisely.
    if known.from.timestamp().div_euclid(3600) <= from.timestamp().div_euclid(3600) {
        known.from = known.from.max(from);
    }
}

fn is_same(a: &Finding, b: &Finding) -> bool {
    let is_attack = |kind: FindingKind| kind.is_attack();
    let is_same_kind = a.kind == b.kind || (is_attack(a.kind) && is_attack(b.kind));
    is_same_kind && are_nested(&a.cell, &b.cell)
}

/// Whether one of two cells contains the other.
fn are_nested(a: &FindingCell, b: &FindingCell) -> bool {
    let is_same = |a: &Label, b: &Label| a == b || a.as_str().is_none() || b.as_str().is_none();
    let begins = |a: &Label, b: &Label| {
        let (a, b) = (a.as_str().unwrap_or_default(), b.as_str().unwrap_or_default());
        a.starts_with(b) || b.starts_with(a)
    };
    is_same(&a.country, &b.country)
        && is_same(&a.channel, &b.channel)
        && begins(&a.prefix, &b.prefix)
}
