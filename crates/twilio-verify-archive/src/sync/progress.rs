//! The progress of a sync.

use std::sync::{Arc, Mutex, PoisonError};

use crate::sync::window::Report;

/// The progress of a sync.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// How many attempts were listed.
    pub attempts: u64,
    /// How many attempts Twilio counts in the periods to read. It may list more.
    pub expected: u64,
}

/// Calls `progress` once, and returns a report that calls it for each page.
pub(crate) fn report(mut progress: impl FnMut(Progress) + Send + 'static, expected: u64) -> Report {
    let done = Progress { attempts: 0, expected };
    progress(done);
    let state = Mutex::new((progress, done));
    Arc::new(move |attempts| {
        let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
        let (progress, done) = &mut *state;
        done.attempts += attempts;
        progress(*done);
    })
}
