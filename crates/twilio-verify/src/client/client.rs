//! The client.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use url::Url;

use crate::transport::retry::RetryPolicy;
use crate::transport::shared::Shared;

/// A client of Twilio Verify v2.
///
/// Cheap to clone; clones share their connections. Can be used from many
/// tasks at once.
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
    /// The same client, whose calls may take so long in all.
    ///
    /// ```no_run
    /// # async fn example(client: twilio_verify::Client) -> Result<(), twilio_verify::Error> {
    /// use std::time::Duration;
    ///
    /// let quick = client.with_timeout(Duration::from_secs(2));
    /// let summary = quick.attempts().summary().send().await?;
    /// # let _ = summary;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn with_timeout(&self, timeout: Duration) -> Self {
        self.with(self.shared.with(Some(timeout), None, None))
    }

    /// The same client, whose attempts may take so long each.
    #[must_use]
    pub fn with_attempt_timeout(&self, timeout: Duration) -> Self {
        self.with(self.shared.with(None, Some(timeout), None))
    }

    /// The same client, with another policy of what is sent again.
    #[must_use]
    pub fn with_retry(&self, policy: RetryPolicy) -> Self {
        self.with(self.shared.with(None, None, Some(policy)))
    }

    fn with(&self, shared: Shared) -> Self {
        Self {
            shared: Arc::new(shared),
        }
    }

    /// Where requests go.
    pub fn base_url(&self) -> &Url {
        self.shared.base_url()
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base_url", &self.base_url().as_str())
            .field("credentials", self.shared.credentials())
            .finish_non_exhaustive()
    }
}
