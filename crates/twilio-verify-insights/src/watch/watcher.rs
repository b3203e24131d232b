//! Looks at the attempts of an account.

use chrono::{DateTime, Utc};
use twilio_verify::Error;

use crate::detect::detector::Detector;
use crate::detect::finding::Finding;
use crate::detect::history::History;
use crate::detect::observation::Observation;
use crate::watch::backfill::{Backfill, Start};
use crate::watch::case::Case;
use crate::watch::cover::{Cover, Mode};
use crate::watch::drill::Drill;
use crate::watch::look::{Look, Scale, Started};
use crate::watch::observer::Observer;
use crate::watch::requests::{Requests, Scope};

/// A watcher of an account's attempts. Built by [`Watch::build`](crate::Watch::build).
///
/// A failed look loses nothing: the next one covers the time since the last one that succeeded.
#[derive(Clone, Debug)]
pub struct Watcher {
    pub(super) requests: Requests,
    pub(super) scope: Scope,
    pub(super) observer: Observer,
    pub(super) backfill: Backfill,
    pub(super) cover: Option<Cover>,
    /// When the last look was.
    pub(super) looked: Option<DateTime<Utc>>,
    pub(super) drill: Drill,
    pub(super) cases: Vec<Case>,
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
            backfill: Backfill::new(start),
            cover: None,
            looked: None,
            drill: Drill::default(),
            cases: Vec::new(),
        }
    }

    /// Returns how many calls were sent, including those of failed looks.
    pub fn calls(&self) -> u64 {
        self.requests.calls
    }

    /// Returns the open episodes with their numbers.
    pub fn open(&self) -> impl Iterator<Item = (u64, &Finding)> {
        self.observer.episodes.open()
    }

    /// Reads the history. The first [`tick`](Self::tick) does so if it was not read before. After an error,
    /// call it again: it resumes where it stopped. After a success, it returns the same result again.
    ///
    /// # Errors
    ///
    /// Returns the error of a request, after the client's retries.
    pub async fn start(&mut self, now: DateTime<Utc>) -> Result<Started, Error> {
        let observer = &mut self.observer;
        let started = self
            .backfill
            .run(&mut self.requests, &self.scope, now, |attempt| {
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

    /// Records what is known about an attempt from elsewhere, such as its price.
    pub fn record(&mut self, observation: Observation) {
        self.observer.record(observation);
    }

    /// Looks once.
    ///
    /// # Errors
    ///
    /// Returns the error of a request, after the client's retries. In this case, nothing was looked at.
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
}
