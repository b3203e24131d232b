//! Looks at the attempts of an account.

use chrono::{DateTime, TimeDelta, Utc};
use twilio_verify::Error;

use crate::detect::detector::Detector;
use crate::detect::episodes::{EpisodeEvent, EpisodeState};
use crate::detect::finding::Finding;
use crate::detect::history::History;
use crate::detect::observation::Observation;
use crate::period::UNSETTLED;
use crate::watch::backfill::{Backfill, Start};
use crate::watch::case::{Case, Prices, scope};
use crate::watch::cover::{Cover, Delays, Mode};
use crate::watch::drill::Drill;
use crate::watch::look::{Look, Scale, Started};
use crate::watch::observer::Observer;
use crate::watch::requests::{Listed, Requests, Scope};

/// The period of which a large account is counted.
const COUNTED: TimeDelta = TimeDelta::minutes(5);

/// How far back a large account is listed.
const LISTED: TimeDelta = TimeDelta::hours(1);

/// The most calls of a look after a pause.
const CATCH_UP: i64 = 60;

/// The pause before the prices of an episode are read again, if that has failed.
const AGAIN: TimeDelta = TimeDelta::hours(1);

/// If an attempt is listed later than this, the account is large.
const LATEST: TimeDelta = TimeDelta::minutes(15);

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
    /// When it looked last.
    looked: Option<DateTime<Utc>>,
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
            looked: None,
            drill: Drill::default(),
            cases: Vec::new(),
        }
    }

    /// How many calls there were, those of looks that failed included.
    pub fn calls(&self) -> u64 {
        self.requests.calls
    }

    /// The episodes that go on, by their numbers.
    pub fn open(&self) -> impl Iterator<Item = (u64, &Finding)> {
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
            self.cover = Some(Cover { until: self.backfill.begun(now), mode: Mode::Newest });
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
        self.start(now).await?;
        let newest = Cover { until: self.backfill.begun(now), mode: Mode::Newest };
        let cover = self.cover.unwrap_or(newest);
        let mut events = match cover.mode {
            // The history has just been read.
            Mode::Newest if cover.until >= now => self.observer.look(now),
            Mode::Newest => self.newest(cover, now).await?,
            Mode::Delayed(step) => self.delayed(cover.until, step, now).await?,
            Mode::Large => self.counted(now).await?,
        };
        self.looked = Some(now);
        self.settle(&mut events, now).await;
        let scale = match self.cover.map_or(Mode::Newest, |cover| cover.mode) {
            Mode::Newest => Scale::Listed,
            Mode::Delayed(_) => Scale::Delayed,
            Mode::Large => Scale::Large,
        };
        Ok(Look { events, calls: self.requests.calls - before, scale })
    }

    /// Lists what is new, and again what may still convert.
    async fn newest(
        &mut self,
        cover: Cover,
        now: DateTime<Utc>,
    ) -> Result<Vec<EpisodeEvent>, Error> {
        let scope = Scope { after: Some(cover.until - UNSETTLED), ..self.scope.clone() };
        let (listed, observations) = self.list(&scope, self.allowed(now)).await?;
        let delay = self.delays.most();
        let reaches = |date| listed.oldest.is_some_and(|oldest| oldest <= date);
        if !listed.is_cut || reaches(cover.until - delay) {
            observations.into_iter().for_each(|observation| self.observer.record(observation));
            self.cover = Some(Cover { until: now, mode: Mode::Newest });
            return Ok(self.observer.look(now));
        }
        // What is older was listed again, late enough.
        let until = cover.until - delay;
        let minute = TimeDelta::minutes(1);
        let is_large = !reaches(now - minute);
        let mode = if is_large { Mode::Large } else { Mode::Delayed(minute) };
        self.cover = Some(Cover { until, mode });
        // It may have begun right now.
        Ok(self.observer.look_with(observations, now))
    }

    /// Lists each attempt once, when it has had the time to convert.
    async fn delayed(
        &mut self,
        until: DateTime<Utc>,
        step: TimeDelta,
        now: DateTime<Utc>,
    ) -> Result<Vec<EpisodeEvent>, Error> {
        let delay = self.delays.most();
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
                // What is new and what may still convert fits on half a page.
                let needed = (delay + TimeDelta::minutes(2)).num_seconds();
                let is_small = count * needed / (to - until).num_seconds().max(1) < 500;
                let next = if count <= 600 { step * 3 / 2 } else { step };
                step = next.min(TimeDelta::minutes(5));
                until = to;
                mode = if is_small { Mode::Newest } else { Mode::Delayed(step) };
            } else if let Mode::Delayed(shorter) = mode {
                step = shorter;
            }
            // What was listed stays, if the next call fails.
            self.cover = Some(Cover { until, mode });
        }
        if now - until > delay + LATEST {
            self.cover = Some(Cover { until, mode: Mode::Large });
        }
        Ok(self.observer.look(now))
    }

    /// Lists attempts.
    async fn list(
        &mut self,
        scope: &Scope,
        pages: u64,
    ) -> Result<(Listed, Vec<Observation>), Error> {
        let delays = &mut self.delays;
        let mut observations = Vec::new();
        let page = |attempts: &[_]| {
            attempts.iter().for_each(|attempt| delays.record(attempt));
            observations.extend(attempts.iter().filter_map(Observation::of));
        };
        let listed = self.requests.list(scope, pages, page).await?;
        Ok((listed, observations))
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
            self.cover = Some(Cover { until: now, mode: Mode::Newest });
        }
        Ok(self.observer.is_calm(now))
    }

    /// Lists the last attempts of a large account, if it is time.
    async fn drilled(&mut self, now: DateTime<Utc>) -> Result<Vec<EpisodeEvent>, Error> {
        let Some(pages) = self.drill.calls(now) else { return Ok(Vec::new()) };
        let before = self.requests.calls;
        let listed = self.drill.last().map(|last| last - self.delays.most());
        let after = listed.unwrap_or(now - LISTED).max(now - LISTED);
        let scope = Scope { after: Some(after), ..self.scope.clone() };
        let listed = self.list(&scope, pages).await;
        self.drill.sent(self.requests.calls - before, now);
        let (_, observations) = listed?;
        // What may still convert is not listed again: it counts in this look alone.
        let grown = now - self.delays.most();
        let (young, old): (Vec<_>, Vec<_>) =
            observations.into_iter().partition(|observation| observation.created > grown);
        old.into_iter().for_each(|observation| self.observer.record(observation));
        Ok(self.observer.look_with(young, now))
    }

    /// Reads the prices of episodes that are over.
    async fn settle(&mut self, events: &mut Vec<EpisodeEvent>, now: DateTime<Utc>) {
        let is_estimated = |event: &EpisodeEvent| {
            event.state == EpisodeState::Ended && event.finding.unpriced > 0
        };
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

    /// Reads the prices of an episode. Whether that succeeded.
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

    /// The calls of a look: one for each minute since the last one.
    fn allowed(&self, now: DateTime<Utc>) -> u64 {
        let since = self.looked.map_or(TimeDelta::zero(), |looked| now - looked);
        // Looks are not exactly a minute apart.
        let since = since + TimeDelta::seconds(20);
        since.num_minutes().clamp(1, CATCH_UP).unsigned_abs()
    }
}
