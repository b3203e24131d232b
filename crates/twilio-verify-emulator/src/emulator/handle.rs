//! The handle of a running emulator.

use std::fmt;

use chrono::TimeDelta;
use secrecy::ExposeSecret;
use tokio::sync::watch;
use twilio_verify::Credentials;

use crate::app::log::RecordedRequest;
use crate::app::shared::App;
use crate::attempts::store::Store;
use crate::data_file::file::DataFile;
use crate::data_file::warning::Warning;
use crate::faults::active::Faults;
use crate::messages::code::InvalidCode;
use crate::messages::outbox::Outbox;
use crate::messages::outcome::Outcome;
use crate::webhooks::delivery::Delivery;

/// A running emulator of Verify. It runs until it is shut down or dropped.
///
/// ```no_run
/// use twilio_verify_emulator::Emulator;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), twilio_verify_emulator::StartError> {
/// let emulator = Emulator::start().await?;
/// println!("{} for {}", emulator.url(), emulator.account_sid());
/// # Ok(())
/// # }
/// ```
#[must_use = "an emulator stops when it is dropped"]
pub struct Emulator {
    pub(crate) app: App,
    pub(crate) credentials: Credentials,
    /// Stops the server when it is set to true or dropped.
    pub(crate) stop: watch::Sender<bool>,
    /// Closes when the server has stopped.
    pub(crate) running: watch::Receiver<()>,
    pub(crate) ca_pem: Option<String>,
    /// The warnings from the start.
    pub(crate) warnings: Vec<Warning>,
}

impl Emulator {
    /// Returns the base URL, such as `http://127.0.0.1:41234`, without a trailing slash. The scheme is `https` with
    /// [`EmulatorBuilder::tls`](crate::EmulatorBuilder::tls); the host is a loopback address if the emulator listens on
    /// all addresses. It is [`EmulatorBuilder::public_url`](crate::EmulatorBuilder::public_url) if that is set.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.app.url
    }

    /// Returns the SID of the account.
    #[must_use]
    pub fn account_sid(&self) -> &str {
        &self.app.settings.account_sid
    }

    /// Returns the auth token of the account.
    #[must_use]
    pub fn auth_token(&self) -> &str {
        self.app.settings.auth_token.expose_secret()
    }

    /// Returns the credentials of the account, for a [`Client`](twilio_verify::Client).
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use twilio_verify::Client;
    /// use twilio_verify_emulator::Emulator;
    ///
    /// let emulator = Emulator::start().await?;
    /// let client = Client::builder()
    ///     .credentials(emulator.credentials())
    ///     .base_url(emulator.url())
    ///     .build()?;
    /// let summary = client.attempts().summary().send().await?;
    /// assert_eq!(summary.total_attempts, 0);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn credentials(&self) -> Credentials {
        self.credentials.clone()
    }

    /// Returns the certificate of the authority that signed the emulator's certificate, in PEM; `None` without
    /// [`EmulatorBuilder::tls`](crate::EmulatorBuilder::tls). A client that trusts it trusts this emulator only: the
    /// authority's key is discarded at the start.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use twilio_verify_emulator::Emulator;
    ///
    /// let emulator = Emulator::builder().tls(true).start().await?;
    /// let authority = emulator.ca_certificate_pem().unwrap_or_default();
    /// let client = reqwest::Client::builder()
    ///     .tls_certs_only([reqwest::Certificate::from_pem(authority.as_bytes())?])
    ///     .build()?;
    /// let response = client.get(emulator.url()).send().await?;
    /// assert_eq!(response.status(), 401);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn ca_certificate_pem(&self) -> Option<&str> {
        self.ca_pem.as_deref()
    }

    /// Returns warnings about the [data file](crate::EmulatorBuilder::data): rows that could not be read at the start,
    /// permissions that allow other users to read it, and changes that could not be written.
    #[must_use]
    pub fn warnings(&self) -> Vec<Warning> {
        let mut warnings = self.warnings.clone();
        warnings.extend(self.app.data_file.as_ref().and_then(DataFile::warning));
        warnings
    }

    /// Returns the store of the attempts; more can be inserted at any time.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.app.store
    }

    /// Advances the emulator's clock, whichever it uses, so that codes expire and rate limits are lifted. The clock
    /// stops at the end of the year 9999.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), twilio_verify_emulator::StartError> {
    /// use chrono::TimeDelta;
    /// use twilio_verify_emulator::Emulator;
    ///
    /// let emulator = Emulator::start().await?;
    /// emulator.advance_clock(TimeDelta::minutes(10));
    /// # Ok(())
    /// # }
    /// ```
    pub fn advance_clock(&self, by: TimeDelta) {
        self.app.settings.clock.advance(by);
        self.app.watchers.notify();
    }

    /// Resets everything: resources except the services of the builder, attempts, messages, requests, and the offset of
    /// the clock. SIDs start again from the seed.
    pub fn reset(&self) {
        self.app.reset();
    }

    /// Returns the outbox: the messages that were sent, with their codes.
    #[must_use]
    pub fn outbox(&self) -> &Outbox {
        &self.app.outbox
    }

    /// Sets the code of every verification that starts from now on, unless its request has one. `None` restores random
    /// codes.
    ///
    /// # Errors
    ///
    /// The code is not 4 to 10 letters or digits of ASCII. Nothing changes.
    pub fn set_code(&self, code: Option<&str>) -> Result<(), InvalidCode> {
        self.app.set_code(code)
    }

    /// Sets the outcome of codes that are sent to a destination from now on: an E.164 number, or an e-mail address.
    /// `None` restores the default.
    pub fn set_outcome(&self, to: impl Into<String>, outcome: impl Into<Option<Outcome>>) {
        let (to, outcome) = (to.into(), outcome.into());
        self.app.account().sending.outcomes.set(to, outcome);
    }

    /// Returns the last 1000 requests, in the order of their responses.
    #[must_use]
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.app.log.requests()
    }

    /// Returns the last 1000 webhook deliveries, past and pending, in the order of their events.
    ///
    /// An event is sent after the response to the request that caused it: by POST, as a form, signed with the account's
    /// auth token, so that a [`WebhookValidator`](twilio_verify::WebhookValidator) accepts it. The events of one
    /// webhook are sent one after the other. If there is no response, or its status is 429 or at least 500, the
    /// delivery is [retried](crate::EmulatorBuilder::webhook_tries).
    #[must_use]
    pub fn deliveries(&self) -> Vec<Delivery> {
        self.app.expire();
        self.app.deliveries.all()
    }

    /// Waits until no deliveries are pending.
    pub async fn wait_for_deliveries(&self) {
        self.app.expire();
        self.app.deliveries.settled().await;
    }

    /// Returns the active faults; faults can be added and removed at any time.
    #[must_use]
    pub fn faults(&self) -> &Faults {
        &self.app.faults
    }

    /// Stops listening, waits up to 5 seconds for requests in progress, then up to 5 seconds for webhook deliveries,
    /// and returns when the server has stopped. Returns at once if it has already stopped.
    pub async fn shutdown(&self) {
        self.stop.send_replace(true);
        self.wait().await;
    }

    /// Waits until the server has stopped.
    pub async fn wait(&self) {
        // Nothing is ever sent: this ends with an error when the sender is dropped.
        while self.running.clone().changed().await.is_ok() {}
    }
}

impl fmt::Debug for Emulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Emulator")
            .field("url", &self.url())
            .field("account_sid", &self.account_sid())
            .field("store", self.store())
            .finish_non_exhaustive()
    }
}
