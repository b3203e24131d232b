//! A clock that lets things happen between two requests, and within one.

use std::sync::{Arc, Mutex, OnceLock};

use chrono::{DateTime, TimeDelta, Utc};
use twilio_verify_emulator::{Attempt, Clock, ConversionStatus, Store};

/// What happens.
#[derive(Clone, Debug)]
pub(crate) enum Event {
    /// Attempts are made.
    Made(Vec<Attempt>),
    /// The attempt with this index converts.
    Converts(usize),
    /// Time passes, in seconds.
    Passes(i64),
}

/// What there is at a time.
#[derive(Clone, Debug)]
pub(crate) struct Moment {
    pub(crate) now: DateTime<Utc>,
    pub(crate) attempts: Vec<Attempt>,
}

struct State {
    /// How often the clock was read.
    reads: usize,
    /// What happens when it is read for the given time, the first last.
    coming: Vec<(usize, Event)>,
    /// All moments so far, at least one.
    moments: Vec<Moment>,
}

/// The clock of an emulator. Whenever it is read, what is due happens.
#[derive(Clone)]
pub(crate) struct Stepping {
    state: Arc<Mutex<State>>,
    store: Arc<OnceLock<Store>>,
}

impl Stepping {
    pub(crate) fn new(begin: Moment, mut coming: Vec<(usize, Event)>) -> Self {
        coming.sort_by_key(|(reads, _)| std::cmp::Reverse(*reads));
        let state = State { reads: 0, coming, moments: vec![begin] };
        Self { state: Arc::new(Mutex::new(state)), store: Arc::default() }
    }

    /// From now on things happen.
    pub(crate) fn begin(&self, store: &Store) {
        assert!(self.store.set(store.clone()).is_ok());
    }

    /// What there was, and what there is now.
    pub(crate) fn moments(&self) -> Vec<Moment> {
        self.state.lock().unwrap().moments.clone()
    }
}

impl Clock for Stepping {
    fn now(&self) -> DateTime<Utc> {
        let mut state = self.state.lock().unwrap();
        let mut last = state.moments.last().unwrap().clone();
        let Some(store) = self.store.get() else { return last.now };
        state.reads += 1;
        while state.coming.last().is_some_and(|(due, _)| *due <= state.reads) {
            let (_, event) = state.coming.pop().unwrap();
            match event {
                Event::Made(attempts) => {
                    store.extend(attempts.iter().cloned()).unwrap();
                    last.attempts.extend(attempts);
                }
                Event::Converts(index) => {
                    let count = last.attempts.len().max(1);
                    if let Some(attempt) = last.attempts.get_mut(index % count) {
                        let changed = store.update(attempt.sid, |attempt| {
                            attempt.conversion_status = ConversionStatus::Converted;
                        });
                        *attempt = changed.unwrap();
                    }
                }
                Event::Passes(seconds) => last.now += TimeDelta::seconds(seconds),
            }
            state.moments.push(last.clone());
        }
        last.now
    }
}
