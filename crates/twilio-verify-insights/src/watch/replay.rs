//! Replays past attempts as a watch would have seen them.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use crate::detect::detector::Detector;
use crate::detect::episodes::EpisodeEvent;
use crate::detect::history::History;
use crate::detect::observation::Observation;
use crate::period::UNSETTLED;
use crate::table::label::Label;
use crate::watch::observer::Observer;

/// How long a conversion is assumed to take if a later change of the attempt hides it.
const CONVERSION: TimeDelta = TimeDelta::seconds(40);

/// A replay of past attempts in chronological order, as a [`Watcher`](crate::Watcher) would have seen them.
///
/// An attempt is unconverted and has no price when it is made. It converts when it last changed, or 40 seconds
/// after it was made if the last change was more than 11 minutes later, too late to be the conversion. Its
/// price, error and status are known from its last change on.
///
/// Add attempts in any order, but before the replay [advances](Self::advance) past their time: a day at a time,
/// for example, so that they are not all in memory.
///
/// ```
/// use chrono::{TimeDelta, TimeZone, Utc};
/// use twilio_verify_insights::{Detector, Observation, Replay};
///
/// let begin = Utc.with_ymd_and_hms(2026, 3, 1, 0, 0, 0).unwrap();
/// let mut replay = Replay::new(Detector::new(), begin + TimeDelta::days(7)).known_from(begin);
/// // From a database of one's own, such as:
/// let mut attempt = Observation::new("VL1", begin + TimeDelta::days(7));
/// attempt.country = "UZ".into();
/// replay.add(attempt);
/// for minute in 1..=10 {
///     let now = begin + TimeDelta::days(7) + TimeDelta::minutes(minute);
///     for event in replay.advance(now) {
///         println!("{now}: {:?} {}", event.state, event.finding);
///     }
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Replay {
    observer: Observer,
    now: DateTime<Utc>,
    /// Future observations, by the time at which they become known.
    coming: BTreeMap<(DateTime<Utc>, u64), Observation>,
    added: u64,
}

impl Replay {
    /// Creates a replay that looks from an instant on. What was known before it is history.
    pub fn new(detector: Detector, begin: DateTime<Utc>) -> Self {
        let observer = Observer::new(detector, History::new());
        Self { observer, now: begin, coming: BTreeMap::new(), added: 0 }
    }

    /// Sets the time since which every attempt is added. Default: that of the oldest added attempt.
    #[must_use]
    pub fn known_from(mut self, date: DateTime<Utc>) -> Self {
        self.observer.known_from(date);
        self
    }

    /// Adds an attempt in its final state.
    pub fn add(&mut self, observation: Observation) {
        let created = observation.created;
        let known = observation.updated.unwrap_or(created).max(created);
        if known > self.now {
            let converts = observation.converted == Some(true);
            let mut first = observation.clone();
            first.updated = None;
            first.price = None;
            first.undelivered = false;
            first.error_code = Label::NONE;
            if converts {
                first.converted = Some(false);
                if known - created > UNSETTLED {
                    let mut converted = first.clone();
                    converted.converted = Some(true);
                    self.at(created + CONVERSION, converted);
                }
            }
            self.at(created, first);
        }
        self.at(known, observation);
    }

    fn at(&mut self, date: DateTime<Utc>, observation: Observation) {
        if date <= self.now {
            self.observer.record(observation);
        } else {
            self.added += 1;
            self.coming.insert((date, self.added), observation);
        }
    }

    /// Advances to an instant, looks there, and returns the episodes that changed.
    pub fn advance(&mut self, now: DateTime<Utc>) -> Vec<EpisodeEvent> {
        while let Some(next) = self.coming.first_entry().filter(|next| next.key().0 <= now) {
            self.observer.record(next.remove());
        }
        self.now = self.now.max(now);
        self.observer.look(now)
    }
}
