//! Looks at the attempts of an account.

use chrono::{DateTime, TimeDelta, Utc};
use twilio_verify::Error;

use crate::detect::detector::Detector;
use crate::detect::episodes::{EpisodeEvent, EpisodeState};
use crate::detect::history::History;
use crate::detect::observation::Observation;
use crate::period::UNSETTLED;
use crate::watch::backfill::{Backfill, Start};
use crate::watch::case::{CALLS, Case, Prices, scope};
use crate::watch::cover::{Cover, Delays};
use crate::watch::drill::Drill;
use crate::watch::look::{Look, Scale, Started};
use crate::watch::observer::Observer;
use crate::watch::requests::{Requests, Scope};

/// The period of which a large account is counted.
const COUNTED: TimeDelta = TimeDelta::minutes(5);

/// How far back a large account is listed.
const LISTED: TimeDelta = TimeDelta::hours(1);

/// The most calls of a look after a pause.
const CATCH_UP: i64 = 60;

/// Watches the attempts of an account: from [`Watch::build`](crate::Watch::build).
///
/// A look that fails changes nothing that was known: the next one covers the time from the last one that
/// succeeded.
#[derive(Clone, Debug)]
pub struct Watcher {
    requests: Requests,
    scope: Scope,
    observer: Observer,
    delays: Delays,
    backfill: Backfill,
    cover: Option<Cover>,
    drill: Drill,
    cases: Vec<Case>,
}

impl Watcher {
    pub(crate) fn new(
        requests: Requests,
        scope: Scope,
        detector: Detector,
        history: History,
        start: Start,
    ) -> Self {
        Self {
            requests,
            scope,
            observer: Observer::new(detector, history),
            delays: Delays::default(),
            backfill: Backfill::new(start),
            cover: None,
            drill: Drill::default(),
            cases: Vec::new(),
        }
    }

    /// How many calls there were, those of looks that failed included.
    pub fn calls(&self) -> u64 {
        self.requests.calls
    }

    /// The episodes that go on, by their numbers.
    pub fn open(&self) -> impl Iterator<Item = (u64, &crate::detect::finding::Finding)> {
        self.observer.episodes.open()
    }

    /// Reads the history. The first [`tick`](Self::tick) does it, if nothing else has. After an error, call
    /// it again: it goes on where it ended. Once it has succeeded, it gives the same again.
    ///
    /// # Errors
    ///
    /// Of a request, after the client's retries.
    pub async fn start(&mut self, now: DateTime<Utc>) -> Result<Started, Error> {
        let (observer, delays) = (&mut self.observer, &mut self.delays);
        let started = self
            .backfill
            .run(&mut self.requests, &self.scope, now, |attempt| {
                delays.record(attempt);
                if let Some(observation) = Observation::of(attempt) {
                    observer.record(observation);
                }
            })
            .await?;
        if self.cover.is_none() {
            if let Some(from) = self.backfill.known_from(&started) {
                self.observer.known_from(from);
            }
            self.cover = Some(Cover { until: self.backfill.begun(now), is_large: false });
        }
        Ok(started)
    }

    /// Takes what is known of an attempt from elsewhere, such as its price.
    pub fn record(&mut self, observation: Observation) {
        self.observer.record(observation);
    }

    /// Looks once.
    ///
    /// # Errors
    ///
    /// Of a request, after the client's retries: nothing was looked at.
    pub async fn tick(&mut self, now: DateTime<Utc>) -> Result<Look, Error> {
        let before = self.requests.calls;
        let cover = match self.cover {
            Some(cover) => cover,
            None => {
                self.start(now).await?;
                Cover { until: self.backfill.begun(now), is_large: false }
            }
        };
        let mut events = match cover {
            // The history has just been read.
            Cover { until, .. } if until >= now => self.observer.look(now),
            Cover { is_large: false, .. } => self.listed(cover, now).await?,
            Cover { is_large: true, .. } => self.counted(now).await?,
        };
        self.settle(&mut events, now).await;
        let is_large = self.cover.is_some_and(|cover| cover.is_large);
        let scale = if is_large { Scale::Large } else { Scale::Listed };
        Ok(Look { events, calls: self.requests.calls - before, scale })
    }

    /// Lists what is new and what may still convert.
    async fn listed(
        &mut self,
        cover: Cover,
        now: DateTime<Utc>,
    ) -> Result<Vec<EpisodeEvent>, Error> {
        let pages = (now - cover.until).num_minutes().clamp(1, CATCH_UP).unsigned_abs();
        let scope = Scope { after: Some(cover.until - UNSETTLED), ..self.scope.clone() };
        let delays = &mut self.delays;
        let mut observations = Vec::new();
        let page = |attempts: &[_]| {
            attempts.iter().for_each(|attempt| delays.record(attempt));
            observations.extend(attempts.iter().filter_map(Observation::of));
        };
        let listed = self.requests.list(&scope, pages, page).await?;
        let needed = cover.until - self.delays.most();
        if !listed.is_cut || listed.oldest.is_some_and(|oldest| oldest <= needed) {
            observations.into_iter().for_each(|observation| self.observer.record(observation));
            self.cover = Some(Cover { until: now, is_large: false });
            return Ok(self.observer.look(now));
        }
        // Or a small one in which something happens right now.
        self.cover = Some(Cover { is_large: true, ..cover });
        self.drilled(now).await
    }

    /// Counts the attempts of a large account, and lists them if they are unusual.
    async fn counted(&mut self, now: DateTime<Utc>) -> Result<Vec<EpisodeEvent>, Error> {
        let scope = Scope { after: Some(now - COUNTED), ..self.scope.clone() };
        let total = self.requests.count(&scope).await?;
        let Observer { detector, history, episodes } = &self.observer;
        let is_calm = detector.is_calm(history, now, COUNTED, &total);
        if !is_calm || episodes.open().next().is_some() {
            return self.drilled(now).await;
        }
        // Half a page leaves room for what comes until then.
        let minutes = u64::try_from(self.delays.most().num_minutes()).unwrap_or_default() + 2;
        if total.attempts / 5 * minutes < 500 {
            self.cover = Some(Cover { until: now, is_large: false });
        }
        Ok(self.observer.is_calm(now))
    }

    /// Lists the last attempts of a large account, if it is time.
    async fn drilled(&mut self, now: DateTime<Utc>) -> Result<Vec<EpisodeEvent>, Error> {
        let Some(pages) = self.drill.calls(now) else { return Ok(Vec::new()) };
        let before = self.requests.calls;
        let scope = Scope { after: Some(now - LISTED), ..self.scope.clone() };
        let delays = &mut self.delays;
        let mut observations = Vec::new();
        let page = |attempts: &[_]| {
            attempts.iter().for_each(|attempt| delays.record(attempt));
            observations.extend(attempts.iter().filter_map(Observation::of));
        };
        let listed = self.requests.list(&scope, pages, page).await;
        self.drill.sent(self.requests.calls - before, now);
        listed?;
        // What may still convert is not listed again: it counts in this look alone.
        let grown = now - self.delays.most();
        let (young, old): (Vec<_>, Vec<_>) =
            observations.into_iter().partition(|observation| observation.created > grown);
        old.into_iter().for_each(|observation| self.observer.record(observation));
        Ok(self.observer.look_with(young, now))
    }

    /// Reads the prices of episodes that are over.
    async fn settle(&mut self, events: &mut Vec<EpisodeEvent>, now: DateTime<Utc>) {
        for event in events.iter_mut().filter(|event| event.state == EpisodeState::Ended) {
            let mut case = Case::new(event.clone(), CALLS);
            let is_final = self.priced(&mut case).await;
            *event = case.event.clone();
            if !is_final {
                self.cases.push(case);
            }
        }
        let (due, waiting): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.cases).into_iter().partition(|case| case.due <= now);
        self.cases = waiting;
        for mut case in due {
            let is_final = self.priced(&mut case).await;
            if is_final || case.calls == 0 {
                case.event.state = EpisodeState::Settled;
                events.push(case.event);
            } else {
                // In an hour.
                case.due = now + TimeDelta::hours(1);
                self.cases.push(case);
            }
        }
    }

    /// Reads the prices of an episode. Whether they are final.
    async fn priced(&mut self, case: &mut Case) -> bool {
        let before = self.requests.calls;
        let finding = &case.event.finding;
        let mut prices = Prices::default();
        let mut observations = Vec::new();
        let page = |attempts: &[_]| observations.extend(attempts.iter().filter_map(Observation::of));
        let pages = case.pages();
        let listed = self.requests.list(&scope(finding, &self.scope), pages, page).await;
        case.calls = case.calls.saturating_sub(self.requests.calls - before);
        observations.iter().for_each(|observation| prices.add(finding, observation));
        let is_whole = listed.is_ok();
        if is_whole && let Some(waste) = prices.waste(finding) {
            case.event.finding.waste = waste;
        }
        observations.into_iter().for_each(|observation| self.observer.record(observation));
        is_whole && prices.is_complete()
    }
}
