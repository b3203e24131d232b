//! The client.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use url::Url;

use crate::transport::retry::{Retry, RetryPolicy};
use crate::transport::shared::Shared;

/// A client of Twilio Verify v2.
///
/// It is cheap to clone; clones share their connections. It can be used from many tasks at once.
///
/// Calls need a Tokio runtime with I/O and timers enabled, such as that of `#[tokio::main]`.
/// Without a runtime a call returns an error; in a runtime without timers it panics, as Tokio's own
/// functions do.
///
/// ```no_run
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let client = twilio_verify::Client::from_env()?;
/// let summary = client.attempts().summary().send().await?;
/// println!("{} of {} converted", summary.total_converted, summary.total_attempts);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Client {
    pub(crate) shared: Arc<Shared>,
}

impl Client {
    /// Returns a clone of this client with another [overall
    /// timeout](crate::ClientBuilder::timeout).
    #[must_use]
    pub fn with_timeout(&self, timeout: Duration) -> Self {
        self.with(|shared| shared.timeout = timeout)
    }

    /// Returns a clone of this client with another [timeout of an
    /// attempt](crate::ClientBuilder::attempt_timeout).
    #[must_use]
    pub fn with_attempt_timeout(&self, timeout: Duration) -> Self {
        self.with(|shared| shared.attempt_timeout = timeout)
    }

    /// Returns a clone of this client with another retry policy.
    #[must_use]
    pub fn with_retry(&self, policy: RetryPolicy) -> Self {
        self.with(|shared| shared.retry = Arc::new(Retry::new(policy)))
    }

    fn with(&self, change: impl FnOnce(&mut Shared)) -> Self {
        let mut client = self.clone();
        change(Arc::make_mut(&mut client.shared));
        client
    }

    /// Returns how far the server's clock is ahead of this machine's, negative if it is behind. It
    /// is measured by the header `Date` of the last response of any clone of this client; `None`
    /// before the first that has it.
    ///
    /// The real difference is at least this large: a date in a header has whole seconds, and was
    /// written at any time between the request and the response. Filters by date are compared with
    /// the server's clock.
    pub fn clock_difference(&self) -> Option<TimeDelta> {
        self.shared.clock.difference()
    }

    /// Returns the base URL that requests are sent to.
    pub fn base_url(&self) -> &Url {
        &self.shared.base_url
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base_url", &self.base_url().as_str())
            .field("credentials", &self.shared.credentials)
            .finish_non_exhaustive()
    }
}
