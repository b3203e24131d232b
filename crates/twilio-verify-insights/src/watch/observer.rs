//! Runs a detector over a history, and keeps its episodes.

use chrono::{DateTime, TimeDelta, Utc};

use crate::detect::detector::Detector;
use crate::detect::episodes::{EpisodeEvent, EpisodeState, Episodes};
use crate::detect::finding::Finding;
use crate::detect::history::History;
use crate::detect::observation::Observation;

/// How long 99 of 100 conversions are assumed to take while it is not known.
const USUAL: TimeDelta = TimeDelta::minutes(3);

/// A detector with its history and the episodes that it found.
#[derive(Clone, Debug, Default)]
pub(crate) struct Observer {
    pub(crate) detector: Detector,
    pub(crate) history: History,
    pub(crate) episodes: Episodes,
}

impl Observer {
    pub(crate) fn new(detector: Detector, history: History) -> Self {
        Self { detector, history, episodes: Episodes::new() }
    }

    pub(crate) fn record(&mut self, observation: Observation) {
        self.history.record(observation);
    }

    /// Returns how long 99 of 100 conversions take.
    pub(crate) fn longest_delay(&self) -> TimeDelta {
        self.history.delays.most().map_or(USUAL, TimeDelta::seconds)
    }

    /// Looks at all recorded attempts.
    pub(crate) fn look(&mut self, now: DateTime<Utc>) -> Vec<EpisodeEvent> {
        let findings = self.detector.look(&self.history, now);
        self.update(findings, now)
    }

    /// Looks at all recorded attempts and at `more`, which are not kept.
    pub(crate) fn look_with(
        &mut self,
        more: Vec<Observation>,
        now: DateTime<Utc>,
    ) -> Vec<EpisodeEvent> {
        let mut history = self.history.clone();
        more.into_iter().for_each(|observation| history.record(observation));
        let findings = self.detector.look(&history, now);
        self.update(findings, now)
    }

    /// Sets the time since which every attempt is recorded.
    pub(crate) fn known_from(&mut self, date: DateTime<Utc>) {
        self.history = std::mem::take(&mut self.history).known_from(date);
    }

    /// Records a look that found nothing.
    pub(crate) fn is_calm(&mut self, now: DateTime<Utc>) -> Vec<EpisodeEvent> {
        self.update(Vec::new(), now)
    }

    fn update(&mut self, findings: Vec<Finding>, now: DateTime<Utc>) -> Vec<EpisodeEvent> {
        let events = self.episodes.update(findings, now);
        let is_over = |event: &&EpisodeEvent| {
            event.state == EpisodeState::Ended && event.finding.kind.is_attack()
        };
        // An attack is not expected again a week later.
        events.iter().filter(is_over).for_each(|event| self.history.leave_out(&event.finding));
        events
    }
}
