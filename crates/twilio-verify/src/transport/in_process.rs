//! Keeps limits within one process.

use std::collections::HashMap;
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::gate::{GateError, GateFuture, LimitedRequest, RequestGate};
use super::limiter::Limiter;

/// Keeps the limits of the clients in this process: the default [`RequestGate`].
///
/// Requests wait for their turn in the order of their arrival. Other processes are not counted.
#[derive(Default)]
pub struct InProcessGate {
    /// The limiters, by the hash of the request: its path may hold a phone number, which isn't
    /// stored.
    recent: Mutex<HashMap<u64, Recent>>,
}

/// A limiter, and when it was last used.
struct Recent {
    limiter: Arc<Limiter>,
    used: Instant,
}

/// The gate of all clients whose account is known: Twilio counts the requests of an account,
/// whichever client sends them.
pub(super) static ALL: LazyLock<Arc<InProcessGate>> = LazyLock::new(Arc::default);

impl InProcessGate {
    /// Creates a gate that has counted no requests.
    pub fn new() -> Self {
        Self::default()
    }

    pub(super) fn limiter(&self, request: &LimitedRequest<'_>) -> Arc<Limiter> {
        let mut hasher = DefaultHasher::new();
        request.hash(&mut hasher);
        let now = Instant::now();
        let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        if recent.len() == recent.capacity() {
            // A limiter that was not used for its period is as good as new.
            recent.retain(|_, recent| {
                Arc::strong_count(&recent.limiter) > 1
                    || recent.limiter.is_paused()
                    || now < recent.used + recent.limiter.period()
            });
        }
        let limiter = || Arc::new(Limiter::new(request.limit()));
        let entry = recent
            .entry(hasher.finish())
            .or_insert_with(|| Recent { limiter: limiter(), used: now });
        entry.used = now;
        Arc::clone(&entry.limiter)
    }
}

impl RequestGate for InProcessGate {
    fn ready<'a>(
        &'a self,
        request: LimitedRequest<'a>,
        within: Duration,
    ) -> GateFuture<'a, Result<(), GateError>> {
        let limiter = self.limiter(&request);
        let deadline = Instant::now() + within;
        Box::pin(async move { limiter.ready(deadline).await })
    }

    fn pause<'a>(&'a self, request: LimitedRequest<'a>, duration: Duration) -> GateFuture<'a, ()> {
        self.limiter(&request).pause(duration);
        Box::pin(std::future::ready(()))
    }
}

impl fmt::Debug for InProcessGate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InProcessGate").finish_non_exhaustive()
    }
}
