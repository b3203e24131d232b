//! Does something again and again.

use std::ops::ControlFlow;
use std::pin::Pin;
use std::time::Duration;

use tokio::time::Instant;

use crate::failure::report::Failure;
use crate::session::signals;

/// When the next time is.
pub(crate) struct Repeat {
    every: Option<Duration>,
    next: Instant,
    end: Pin<Box<dyn Future<Output = ()> + Send>>,
}

impl Repeat {
    /// Every N seconds from now on, or once.
    pub(crate) fn new(every: Option<u32>) -> Result<Self, Failure> {
        let end = signals::end().map_err(Failure::system)?;
        let every = every.map(|seconds| Duration::from_secs(seconds.into()));
        Ok(Self { every, next: Instant::now(), end: Box::pin(end) })
    }

    /// Whether another time follows.
    #[cfg(feature = "archive")]
    pub(crate) const fn repeats(&self) -> bool {
        self.every.is_some()
    }

    /// Waits for the next time, or until Ctrl-C, which breaks.
    pub(crate) async fn wait(&mut self) -> ControlFlow<()> {
        let every = self.every.unwrap_or_default();
        // One that took longer delays the next one; none is made up for.
        self.next = (self.next + every).max(Instant::now());
        tokio::select! {
            biased;
            () = &mut self.end => ControlFlow::Break(()),
            () = tokio::time::sleep_until(self.next) => ControlFlow::Continue(()),
        }
    }
}
