//! Syncs again and again.

use std::ops::ControlFlow;
use std::pin::Pin;
use std::time::Duration;

use tokio::time::Instant;
use twilio_verify_archive::ArchiveError;

use crate::failure::report::Failure;
use crate::session::signals;

/// When the next sync starts.
pub(super) struct Repeat {
    every: Option<Duration>,
    next: Instant,
    end: Pin<Box<dyn Future<Output = ()> + Send>>,
}

impl Repeat {
    /// Every N seconds from now on, or once.
    pub(super) fn new(every: Option<u32>) -> Result<Self, Failure> {
        let end = signals::end().map_err(Failure::system)?;
        let every = every.map(|seconds| Duration::from_secs(seconds.into()));
        Ok(Self { every, next: Instant::now(), end: Box::pin(end) })
    }

    /// Whether another sync follows.
    pub(super) const fn repeats(&self) -> bool {
        self.every.is_some()
    }

    /// Whether the next sync may succeed after this error.
    pub(super) fn goes_on_after(&self, error: &ArchiveError) -> bool {
        self.repeats()
            && match error {
                ArchiveError::Request(error) => !error.is_auth(),
                // On another machine.
                ArchiveError::Locked { .. } | ArchiveError::LockLost { .. } => true,
                _ => false,
            }
    }

    /// How long what any machine has read is new: a bit less than the time between two syncs, so that
    /// those of several machines are as many as those of one.
    pub(super) fn fresh(&self) -> Duration {
        self.every.unwrap_or_default() * 9 / 10
    }

    /// Waits for the start of the next sync, or until Ctrl-C, which breaks.
    pub(super) async fn wait(&mut self) -> ControlFlow<()> {
        let every = self.every.unwrap_or_default();
        // A sync that took longer delays the next one; none is made up for.
        self.next = (self.next + every).max(Instant::now());
        tokio::select! {
            biased;
            () = &mut self.end => ControlFlow::Break(()),
            () = tokio::time::sleep_until(self.next) => ControlFlow::Continue(()),
        }
    }
}
