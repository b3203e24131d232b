//! Findings over time: one attack is one episode.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

use crate::detect::finding::{Finding, FindingCell, FindingKind};
use crate::table::label::Label;

/// Puts the findings of one look after another together: an attack is reported when it begins and
/// when it is over, and not at every look.
#[derive(Clone, Debug)]
pub struct Episodes {
    next: u64,
    quiet: TimeDelta,
    open: Vec<(u64, Finding)>,
    /// Those that are over, and may still be found by a look at the last day.
    ended: Vec<Finding>,
}

/// What has become of an episode.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum EpisodeState {
    /// It was found just now.
    Started,
    /// It is over. Its finding has the sums of all of it.
    Ended,
    /// It is over, and the prices that were missing then are known: its cost is final. A
    /// [`Watcher`](crate::Watcher) says so.
    Settled,
}

impl EpisodeState {
    /// The name, as in JSON: `started`, `ended` or `settled`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Started => "started",
            Self::Ended => "ended",
            Self::Settled => "settled",
        }
    }
}

/// An episode that has changed. In JSON an object with `id`, `state` and what a [`Finding`] has.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct EpisodeEvent {
    /// The number of the episode, from 1.
    pub id: u64,
    /// What has become of it.
    pub state: EpisodeState,
    /// What was found.
    #[serde(flatten)]
    pub finding: Finding,
}

impl Default for Episodes {
    fn default() -> Self {
        Self { next: 0, quiet: TimeDelta::hours(1), open: Vec::new(), ended: Vec::new() }
    }
}

impl Episodes {
    /// Without episodes.
    pub fn new() -> Self {
        Self::default()
    }

    /// Without an unusual attempt for this long, an episode is over. Default: an hour.
    #[must_use]
    pub fn quiet(mut self, length: TimeDelta) -> Self {
        self.quiet = length.max(TimeDelta::zero());
        self
    }

    /// Takes what a look at `now` has found. Gives what is new.
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
        // A look goes back a day, and finds the beginning of what it finds up to eight days ago.
        self.ended.retain(|ended| now - ended.to < TimeDelta::days(9));
        events
    }

    /// The episodes that go on.
    pub fn open(&self) -> impl Iterator<Item = (u64, &Finding)> {
        self.open.iter().map(|(id, finding)| (*id, finding))
    }
}

/// Fewer unconverted attempts than a finding needs make no new episode of one that is over.
const AGAIN: f64 = 15.0;

/// Whether a finding is of an episode that is over, and little was added to it.
fn is_over(ended: &Finding, finding: &Finding) -> bool {
    is_same(ended, finding) && finding.from <= ended.to && finding.excess - ended.excess < AGAIN
}

/// Takes what is newer.
fn merge(known: &mut Finding, newer: Finding) {
    let from = known.from;
    let is_part = newer.attempts < known.attempts && newer.to <= known.to;
    if !is_part {
        *known = newer;
    }
    // An earlier look knew more of the beginning.
    if known.from.timestamp().div_euclid(3600) <= from.timestamp().div_euclid(3600) {
        known.from = known.from.max(from);
    }
}

fn is_same(a: &Finding, b: &Finding) -> bool {
    let is_attack = |kind: FindingKind| kind.is_attack();
    let is_same_kind = a.kind == b.kind || (is_attack(a.kind) && is_attack(b.kind));
    is_same_kind && are_nested(&a.cell, &b.cell)
}

/// Whether one of two cells holds the other.
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
