//! The clients that watch the emulator for changes, such as its page.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

/// Notifies watchers that something may have changed.
pub(crate) struct Watchers {
    changes: watch::Sender<()>,
    free: Arc<Semaphore>,
}

impl Default for Watchers {
    fn default() -> Self {
        Self { changes: watch::Sender::new(()), free: Arc::new(Semaphore::new(Self::MOST)) }
    }
}

/// A client that watches for changes. Any number of changes that it has not seen count as one.
pub(crate) struct Watcher {
    pub(crate) changes: watch::Receiver<()>,
    _place: OwnedSemaphorePermit,
}

impl Watchers {
    /// The maximum number of watchers at once: each holds a connection.
    pub(crate) const MOST: usize = 64;

    pub(crate) fn notify(&self) {
        self.changes.send_replace(());
    }

    /// Adds a watcher, or returns `None` if there are too many.
    pub(crate) fn subscribe(&self) -> Option<Watcher> {
        let place = self.free.clone().try_acquire_owned().ok()?;
        Some(Watcher { changes: self.changes.subscribe(), _place: place })
    }
}
