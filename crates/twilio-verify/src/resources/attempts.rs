//! Verification attempts: their number, how many converted, and each of them.

use twilio_verify_api::IntoValue;
use twilio_verify_api::requests::{FetchAttempt, FetchAttemptsSummary, ListAttempts};
use twilio_verify_api::types::{Attempt, AttemptSid};

use crate::client::client::Client;
use crate::error::Error;

/// Verification attempts: every message, call or e-mail that carried a code.
///
/// Returned by [`Client::attempts`]. All filters of a summary and of a list are optional; an
/// attempt must match every one that is set. Dates are sent in GMT, truncated to the second.
/// Whether an attempt of exactly that second matches isn't documented.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let emulator = twilio_verify_emulator::Emulator::start().await?;
/// # let client = twilio_verify::Client::builder()
/// #     .credentials(emulator.credentials())
/// #     .base_url(emulator.url())
/// #     .build()?;
/// use chrono::{TimeDelta, Utc};
/// use twilio_verify::{Channel, ConversionStatus, Country};
///
/// let summary = client
///     .attempts()
///     .summary()
///     .created_after(Utc::now() - TimeDelta::days(7))
///     .country(Country::CO)
///     .channel(Channel::Sms)
///     .destination_prefix("+57305")
///     .send()
///     .await?;
/// println!("{} of {} converted", summary.total_converted, summary.total_attempts);
/// # assert_eq!(summary.conversion_rate, None);
///
/// let unconverted = ConversionStatus::Unconverted;
/// let mut items = client.attempts().list().status(unconverted).limit(200).items();
/// while let Some(attempt) = items.try_next().await? {
///     println!("{:?} by {:?}", attempt.date_created, attempt.channel);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Attempts(Client);

impl Client {
    /// Returns the verification attempts: summary, list, fetch.
    pub fn attempts(&self) -> Attempts {
        Attempts(self.clone())
    }
}

impl Attempts {
    /// Returns the client.
    pub const fn client(&self) -> &Client {
        &self.0
    }

    /// Counts attempts, and how many of them converted. Twilio responds to 99 of 100 requests
    /// within a second and to all within 15, and allows 100 requests a minute.
    pub fn summary(&self) -> FetchAttemptsSummary<Client> {
        FetchAttemptsSummary::new(self.0.clone())
    }

    /// Lists the attempts of the last 30 days, newest first.
    pub fn list(&self) -> ListAttempts<Client> {
        ListAttempts::new(self.0.clone())
    }

    /// Fetches one attempt.
    ///
    /// # Errors
    ///
    /// Returns an [`is_not_found`](Error::is_not_found) error if there is no such attempt, or if it
    /// is older than 30 days. See [`ErrorKind`](crate::ErrorKind) for the others.
    pub async fn fetch(&self, sid: impl IntoValue<AttemptSid>) -> Result<Attempt, Error> {
        FetchAttempt::new(self.0.clone(), sid).send().await
    }
}
