//! The state that renewals write and scrapes read.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use twilio_verify::Error;

use super::encode::shown::Shown;
use crate::session::calls::CallCount;

/// Why a renewal failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    Auth,
    Network,
    RateLimited,
    Rejected,
    Server,
    Timeout,
    Unreadable,
}

impl Reason {
    pub(super) const ALL: [Self; 7] = [
        Self::Auth,
        Self::Network,
        Self::RateLimited,
        Self::Rejected,
        Self::Server,
        Self::Timeout,
        Self::Unreadable,
    ];

    /// Returns the value of the label.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Auth => "auth",
            Self::Network => "network",
            Self::RateLimited => "rate_limited",
            Self::Rejected => "rejected",
            Self::Server => "server",
            Self::Timeout => "timeout",
            Self::Unreadable => "unreadable",
        }
    }

    pub(super) fn of(error: &Error) -> Self {
        match error.status() {
            _ if error.is_auth() => Self::Auth,
            _ if error.is_rate_limited() => Self::RateLimited,
            _ if error.is_timeout() => Self::Timeout,
            Some(500..) => Self::Server,
            Some(400..) => Self::Rejected,
            _ if error.kind() == twilio_verify::ErrorKind::Unreadable => Self::Unreadable,
            _ => Self::Network,
        }
    }
}

/// The results of the renewals so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Renewals {
    /// The last snapshot.
    pub(super) shown: Option<Arc<Shown>>,
    pub(super) ended: u64,
    /// The number of failures for each reason, in the order of [`Reason::ALL`].
    pub(super) failures: [u64; Reason::ALL.len()],
    pub(super) is_up: bool,
    pub(super) last_success: Option<DateTime<Utc>>,
    pub(super) last_failure: Option<DateTime<Utc>>,
    pub(super) duration: Option<Duration>,
}

/// The settings, which do not change.
#[derive(Clone, Copy, Debug)]
pub(super) struct Setting {
    pub(super) interval: Duration,
    pub(super) budget: u64,
}

/// The state that renewals write and scrapes read.
#[derive(Debug)]
pub(super) struct State {
    pub(super) setting: Setting,
    pub(super) calls: Arc<CallCount>,
    scrapes: AtomicU64,
    renewals: Mutex<Renewals>,
}

impl State {
    pub(super) fn new(setting: Setting, calls: Arc<CallCount>) -> Self {
        Self { setting, calls, scrapes: AtomicU64::new(0), renewals: Mutex::default() }
    }

    /// Counts a scrape, and returns the number of scrapes so far.
    pub(super) fn scraped(&self) -> u64 {
        self.scrapes.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// Returns the results of the renewals so far.
    pub(super) fn renewals(&self) -> Renewals {
        self.renewals.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether there is a snapshot.
    pub(super) fn is_ready(&self) -> bool {
        self.renewals.lock().unwrap_or_else(PoisonError::into_inner).shown.is_some()
    }

    /// Replaces the last snapshot without counting a renewal.
    pub(super) fn replace(&self, shown: Shown) {
        let mut renewals = self.renewals.lock().unwrap_or_else(PoisonError::into_inner);
        renewals.shown = Some(Arc::new(shown));
    }

    /// Records the result of a renewal.
    pub(super) fn renewed(&self, result: Result<Shown, Reason>, took: Duration) {
        let mut renewals = self.renewals.lock().unwrap_or_else(PoisonError::into_inner);
        renewals.ended += 1;
        renewals.duration = Some(took);
        renewals.is_up = result.is_ok();
        match result {
            Ok(shown) => {
                renewals.last_success = Some(Utc::now());
                renewals.shown = Some(Arc::new(shown));
            }
            Err(reason) => {
                renewals.last_failure = Some(Utc::now());
                let index = Reason::ALL.iter().position(|known| *known == reason);
                if let Some(count) = index.and_then(|index| renewals.failures.get_mut(index)) {
                    *count += 1;
                }
            }
        }
    }
}
