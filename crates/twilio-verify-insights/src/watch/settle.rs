//! Reads prices that come late.

use chrono::{DateTime, TimeDelta, Utc};

use crate::detect::episodes::{EpisodeEvent, EpisodeState};
use crate::watch::case::{Case, Prices, scope};
use crate::watch::watcher::Watcher;

/// The pause before the prices of an episode are read again after a failure.
const AGAIN: TimeDelta = TimeDelta::hours(1);

impl Watcher {
    /// Reads the prices of ended episodes.
    pub(super) async fn settle(&mut self, events: &mut Vec<EpisodeEvent>, now: DateTime<Utc>) {
        let is_estimated =
            |event: &EpisodeEvent| event.state == EpisodeState::Ended && event.finding.unpriced > 0;
        for event in events.iter_mut().filter(|event| is_estimated(event)) {
            let mut case = Case::new(event.clone());
            self.price(&mut case).await;
            *event = case.event.clone();
            if event.finding.unpriced > 0 {
                self.cases.push(case);
            }
        }
        let (due, waiting): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.cases).into_iter().partition(|case| case.due <= now);
        self.cases = waiting;
        for mut case in due {
            let is_read = self.price(&mut case).await;
            if is_read || case.calls == 0 {
                case.event.state = EpisodeState::Settled;
                events.push(case.event);
            } else {
                case.due = now + AGAIN;
                self.cases.push(case);
            }
        }
    }

    /// Reads the prices of an episode. Returns whether that succeeded.
    async fn price(&mut self, case: &mut Case) -> bool {
        let before = self.requests.calls;
        let scope = scope(&case.event.finding, &self.scope);
        let listed = self.list(&scope, case.pages()).await;
        case.calls = case.calls.saturating_sub(self.requests.calls - before);
        let Ok((_, observations)) = listed else { return false };
        let mut prices = Prices::default();
        for observation in observations {
            prices.add(&case.event.finding, &observation);
            self.observer.record(observation);
        }
        prices.correct(&mut case.event.finding);
        true
    }
}
