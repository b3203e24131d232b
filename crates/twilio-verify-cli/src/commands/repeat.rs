//! Repeats something periodically.

use std::ops::ControlFlow;
use std::pin::Pin;
use std::time::Duration;

use tokio::time::Instant;

use crate::failure::report::Failure;
use crate::session::signals;

/// The schedule of a repetition.
pub(crate) struct Repeat {
    every: Option<Duration>,
    next: Instant,
    end: Pin<Box<dyn Future<Output = ()> + Send>>,
}

impl Repeat {
    /// Creates a schedule: every N seconds from now on, or once.
    pub(crate) fn new(every: Option<u32>) -> Result<Self, Failure> {
        let end = signals::end().map_err(Failure::system)?;
        let every = every.map(|seconds| Duration::from_secs(seconds.into()));
        Ok(Self { every, next: Instant::now(), end: Box::pin(end) })
    }

    /// Whether another repetition follows.
    #[cfg(feature = "archive")]
    pub(crate) const fn repeats(&self) -> bool {
        self.every.is_some()
    }

    /// Waits for the next repetition. Breaks on Ctrl-C.
    pub(crate) async fn wait(&mut self) -> ControlFlow<()> {
        let every = self.every.unwrap_or_default();
        // A long repetition delays the next one; missed ones are skipped.
        self.next = (self.next + every).max(Instant::now());
        tokio::select! {
            biased;
            () = &mut self.end => ControlFlow::Break(()),
            () = tokio::time::sleep_until(self.next) => ControlFlow::Continue(()),
        }
    }
}
