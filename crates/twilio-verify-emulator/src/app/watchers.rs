//! The watchers of the emulator's page.

use tokio::sync::watch;

/// Notifies watchers that something may have changed.
pub(crate) struct Watchers(watch::Sender<()>);

impl Default for Watchers {
    fn default() -> Self {
        Self(watch::Sender::new(()))
    }
}

impl Watchers {
    pub(crate) fn notify(&self) {
        self.0.send_replace(());
    }

    /// Becomes changed at every notification.
    pub(crate) fn subscribe(&self) -> watch::Receiver<()> {
        self.0.subscribe()
    }
}
