//! Reads the attempts for a look.

use chrono::{DateTime, TimeDelta, Utc};
use twilio_verify::Error;

use crate::detect::episodes::EpisodeEvent;
use crate::detect::observation::Observation;
use crate::period::UNSETTLED;
use crate::watch::cover::{Cover, Mode};
use crate::watch::observer::Observer;
use crate::watch::requests::{Listed, Scope};
use crate::watch::watcher::Watcher;

/// The period over which a large account is counted.
const COUNTED: TimeDelta = TimeDelta::minutes(5);

/// How far back a large account is listed.
const LISTED: TimeDelta = TimeDelta::hours(1);

/// The most calls of a look after a pause.
const CATCH_UP: i64 = 60;

/// An account is large if listing its attempts falls behind by more than this.
const LATEST: TimeDelta = TimeDelta::minutes(15);

impl Watcher {
    /// Lists the new attempts, and again those that may still convert.
    pub(super) async fn newest(
        &mut self,
        cover: Cover,
        now: DateTime<Utc>,
    ) -> Result<Vec<EpisodeEvent>, Error> {
        let scope = Scope { after: Some(cover.until - UNSETTLED), ..self.scope.clone() };
        let (listed, observations) = self.list(&scope, self.allowed(now)).await?;
        let delay = self.observer.longest_delay();
        let reaches = |date| listed.oldest.is_some_and(|oldest| oldest <= date);
        if !listed.is_cut || reaches(cover.until - delay) {
            observations.into_iter().for_each(|observation| self.observer.record(observation));
            self.cover = Some(Cover { until: now, mode: Mode::Newest });
            return Ok(self.observer.look(now));
        }
        // Older attempts were listed again, late enough to have converted.
        let until = cover.until - delay;
        let minute = TimeDelta::minutes(1);
        let is_large = !reaches(now - minute);
        let mode = if is_large { Mode::Large } else { Mode::Delayed(minute) };
        self.cover = Some(Cover { until, mode });
        // Something may have begun just now.
        Ok(self.observer.look_with(observations, now))
    }

    /// Lists each attempt once, when it has had the time to convert.
    pub(super) async fn delayed(
        &mut self,
        until: DateTime<Utc>,
        step: TimeDelta,
        now: DateTime<Utc>,
    ) -> Result<Vec<EpisodeEvent>, Error> {
        let delay = self.observer.longest_delay();
        let (mut until, mut step) = (until, step);
        for _ in 0..self.allowed(now) {
            let to = (now - delay).min(until + step);
            if to <= until {
                break;
            }
            let scope = Scope { after: Some(until), before: Some(to), ..self.scope.clone() };
            let (listed, observations) = self.list(&scope, 1).await?;
            let mut mode = Mode::Delayed((step / 2).max(TimeDelta::seconds(1)));
            if !listed.is_cut {
                let count = observations.len() as i64;
                observations.into_iter().for_each(|observation| self.observer.record(observation));
                // Whether the new attempts and those that may still convert fit on half a page.
                let needed = (delay + TimeDelta::minutes(2)).num_seconds();
                let is_small = count * needed / (to - until).num_seconds().max(1) < 500;
                let next = if count <= 600 { step * 3 / 2 } else { step };
                step = next.min(TimeDelta::minutes(5));
                until = to;
                mode = if is_small { Mode::Newest } else { Mode::Delayed(step) };
            } else if let Mode::Delayed(shorter) = mode {
                step = shorter;
            }
            // Keeps what was listed if the next call fails.
            self.cover = Some(Cover { until, mode });
        }
        if now - until > delay + LATEST {
            self.cover = Some(Cover { until, mode: Mode::Large });
        }
        Ok(self.observer.look(now))
    }

    /// Lists attempts.
    pub(super) async fn list(
        &mut self,
        scope: &Scope,
        pages: u64,
    ) -> Result<(Listed, Vec<Observation>), Error> {
        let mut observations = Vec::new();
        let page =
            |attempts: &[_]| observations.extend(attempts.iter().filter_map(Observation::of));
        let listed = self.requests.list(scope, pages, page).await?;
        Ok((listed, observations))
    }

    /// Counts the attempts of a large account, and lists them if they are unusual.
    pub(super) async fn counted(&mut self, now: DateTime<Utc>) -> Result<Vec<EpisodeEvent>, Error> {
        let scope = Scope { after: Some(now - COUNTED), ..self.scope.clone() };
        let total = self.requests.count(&scope).await?;
        let Observer { detector, history, episodes } = &self.observer;
        let is_calm = detector.is_calm(history, now, COUNTED, &total);
        if !is_calm || episodes.open().next().is_some() {
            return self.drilled(now).await;
        }
        // Half a page leaves room for the attempts made until the next look.
        let minutes =
            u64::try_from(self.observer.longest_delay().num_minutes()).unwrap_or_default() + 2;
        if total.attempts / 5 * minutes < 500 {
            self.cover = Some(Cover { until: now, mode: Mode::Newest });
        }
        Ok(self.observer.is_calm(now))
    }

    /// Lists the last attempts of a large account, if it is time.
    async fn drilled(&mut self, now: DateTime<Utc>) -> Result<Vec<EpisodeEvent>, Error> {
        let Some(pages) = self.drill.calls(now) else { return Ok(Vec::new()) };
        let before = self.requests.calls;
        let listed = self.drill.last().map(|last| last - self.observer.longest_delay());
        let after = listed.unwrap_or(now - LISTED).max(now - LISTED);
        let scope = Scope { after: Some(after), ..self.scope.clone() };
        let listed = self.list(&scope, pages).await;
        self.drill.sent(self.requests.calls - before, now);
        let (_, observations) = listed?;
        // Attempts that may still convert are not recorded: they count in this look only.
        let grown = now - self.observer.longest_delay();
        let (young, old): (Vec<_>, Vec<_>) =
            observations.into_iter().partition(|observation| observation.created > grown);
        old.into_iter().for_each(|observation| self.observer.record(observation));
        Ok(self.observer.look_with(young, now))
    }

    /// Returns how many calls a look may send: one for each minute since the last look.
    fn allowed(&self, now: DateTime<Utc>) -> u64 {
        let since = self.looked.map_or(TimeDelta::zero(), |looked| now - looked);
        // Looks are not exactly a minute apart.
        let since = since + TimeDelta::seconds(20);
        since.num_minutes().clamp(1, CATCH_UP).unsigned_abs()
    }
}
