//! Findings over time: one attack is one episode.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::detect::finding::Finding;

/// Puts the findings of one look after another together: an attack is reported when it begins and
/// when it is over, and not at every look.
#[derive(Clone, Debug, Default)]
pub struct Episodes {
    next: u64,
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
    /// It is over, and the prices that were missing then are known: its cost is final.
    Settled,
}

/// An episode that has changed.
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

impl Episodes {
    /// Without episodes.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes what a look at `now` has found. Gives what is new.
    pub fn update(&mut self, findings: Vec<Finding>, now: DateTime<Utc>) -> Vec<EpisodeEvent> {
        let _ = (findings, now, self.next);
        Vec::new()
    }

    /// The episodes that go on.
    pub fn open(&self) -> impl Iterator<Item = (u64, &Finding)> {
        std::iter::empty()
    }
}
