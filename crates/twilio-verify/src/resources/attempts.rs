//! Verification attempts: how many were made, how many converted, and which.

use chrono::{DateTime, TimeZone, Utc};
use twilio_verify_api::types::{
    Attempt, AttemptSid, AttemptsSummary, Channel, ConversionStatus, ServiceSid, VerificationSid,
};
use twilio_verify_api::{Country, Page, Redacted, Request};

use crate::client::client::Client;
use crate::error::Error;
use crate::request::check;
use crate::request::destination_prefix::DestinationPrefix;
use crate::request::macros::{call, list, request};
use crate::request::paging::Range;

/// Verification attempts: every message, call or e-mail that carried a code.
///
/// From [`Client::attempts`].
#[derive(Clone, Debug)]
pub struct Attempts {
    client: Client,
}

impl Client {
    /// Verification attempts: summarise, list, fetch.
    pub fn attempts(&self) -> Attempts {
        Attempts {
            client: self.clone(),
        }
    }
}

impl Attempts {
    /// Counts attempts, and how many of them converted.
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
    /// use twilio_verify::{Channel, Country};
    ///
    /// let summary = client
    ///     .attempts()
    ///     .summary()
    ///     .created_after(Utc::now() - TimeDelta::days(7))
    ///     .country(Country::CO)
    ///     .channel(Channel::Sms)
    ///     .destination_prefix("+57305".parse()?)
    ///     .send()
    ///     .await?;
    /// println!("{} of {} converted", summary.total_converted, summary.total_attempts);
    /// # assert_eq!(summary.conversion_rate, None);
    /// # Ok(())
    /// # }
    /// ```
    pub fn summary(&self) -> FetchAttemptsSummary {
        FetchAttemptsSummary {
            client: self.client.clone(),
            service: None,
            created_after: None,
            created_before: None,
            country: None,
            channel: None,
            destination_prefix: None,
        }
    }

    /// Lists the attempts of the last 30 days, newest first.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let emulator = twilio_verify_emulator::Emulator::start().await?;
    /// # let client = twilio_verify::Client::builder()
    /// #     .credentials(emulator.credentials())
    /// #     .base_url(emulator.url())
    /// #     .build()?;
    /// use twilio_verify::ConversionStatus;
    ///
    /// let mut items = client
    ///     .attempts()
    ///     .list()
    ///     .status(ConversionStatus::Unconverted)
    ///     .limit(200)
    ///     .items();
    /// while let Some(attempt) = items.try_next().await? {
    ///     println!("{:?} by {:?}", attempt.date_created, attempt.channel);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn list(&self) -> ListAttempts {
        ListAttempts {
            client: self.client.clone(),
            created_after: None,
            created_before: None,
            to: None,
            country: None,
            channel: None,
            service: None,
            verification: None,
            status: None,
            range: Range::default(),
        }
    }

    /// Fetches one attempt.
    ///
    /// # Errors
    ///
    /// [`is_not_found`](Error::is_not_found) if there is no such attempt, or
    /// if it is older than 30 days. See [`ErrorKind`](crate::ErrorKind) for
    /// the others.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let emulator = twilio_verify_emulator::Emulator::start().await?;
    /// # let client = twilio_verify::Client::builder()
    /// #     .credentials(emulator.credentials())
    /// #     .base_url(emulator.url())
    /// #     .build()?;
    /// let sid = "VLaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa".parse()?;
    /// let error = client.attempts().fetch(sid).await.unwrap_err();
    /// assert!(error.is_not_found());
    /// # Ok(())
    /// # }
    /// ```
    pub async fn fetch(&self, sid: AttemptSid) -> Result<Attempt, Error> {
        check::sid("sid", &sid)?;
        call!(self.client, fetch_verification_attempt(&sid))
    }
}

/// The filters that a summary and a list have in common.
macro_rules! filters {
    () => {
        /// Only attempts of this service.
        pub fn service(mut self, service: ServiceSid) -> Self {
            self.service = Some(service);
            self
        }

        /// Only attempts created at this instant or later; it is sent in GMT, cut
        /// off to the second. Whether the instant itself counts isn't documented.
        pub fn created_after<Tz: TimeZone>(mut self, date: DateTime<Tz>) -> Self {
            self.created_after = Some(date.with_timezone(&Utc));
            self
        }

        /// Only attempts created before this instant; it is sent in GMT, cut off
        /// to the second. Whether the instant itself counts isn't documented.
        pub fn created_before<Tz: TimeZone>(mut self, date: DateTime<Tz>) -> Self {
            self.created_before = Some(date.with_timezone(&Utc));
            self
        }

        /// Only attempts to this country.
        pub fn country(mut self, country: impl Into<Country>) -> Self {
            self.country = Some(country.into());
            self
        }

        /// Only attempts on this channel.
        pub fn channel(mut self, channel: Channel) -> Self {
            self.channel = Some(channel);
            self
        }
    };
}

/// A summary of attempts, to be sent. From [`Attempts::summary`].
///
/// All filters are optional, and all that are given must hold.
#[derive(Clone, Debug)]
#[must_use = "nothing is sent until `send`"]
pub struct FetchAttemptsSummary {
    client: Client,
    service: Option<ServiceSid>,
    created_after: Option<DateTime<Utc>>,
    created_before: Option<DateTime<Utc>>,
    country: Option<Country>,
    channel: Option<Channel>,
    destination_prefix: Option<DestinationPrefix>,
}

impl FetchAttemptsSummary {
    filters!();

    /// Only attempts to numbers that begin so.
    pub fn destination_prefix(mut self, prefix: DestinationPrefix) -> Self {
        self.destination_prefix = Some(prefix);
        self
    }

    /// Sends the request. Twilio answers 99 of 100 within a second, and any
    /// within 15; it allows 100 such requests a minute.
    ///
    /// # Errors
    ///
    /// Of kind [`InvalidRequest`](crate::ErrorKind::InvalidRequest), before
    /// anything is sent, if the period ends before it begins, or if a filter
    /// that was taken from an answer has a shape that can't be sent.
    /// [`is_rate_limited`](Error::is_rate_limited) beyond 100 requests a
    /// minute. See [`ErrorKind`](crate::ErrorKind) for the others.
    pub async fn send(self) -> Result<AttemptsSummary, Error> {
        if let Some(service) = &self.service {
            check::sid("service", service)?;
        }
        if let Some(country) = &self.country {
            check::country(country)?;
        }
        if let Some(channel) = &self.channel {
            check::value("channel", channel.as_str())?;
        }
        let (after, before) = check::period(self.created_after, self.created_before)?;
        call!(
            self.client,
            fetch_verification_attempts_summary(
                self.channel.as_ref(),
                self.country.as_ref(),
                after.as_ref(),
                before.as_ref(),
                self.destination_prefix
                    .as_ref()
                    .map(DestinationPrefix::as_str),
                self.service.as_ref(),
            )
        )
    }
}

/// A list of attempts, to be read. From [`Attempts::list`].
///
/// All filters are optional, and all that are given must hold.
#[derive(Clone, Debug)]
#[must_use = "nothing is sent until `pages` or `items` are read"]
pub struct ListAttempts {
    client: Client,
    created_after: Option<DateTime<Utc>>,
    created_before: Option<DateTime<Utc>>,
    to: Option<Redacted<String>>,
    country: Option<Country>,
    channel: Option<Channel>,
    service: Option<ServiceSid>,
    verification: Option<VerificationSid>,
    status: Option<ConversionStatus>,
    range: Range,
}

impl ListAttempts {
    filters!();

    /// Only attempts to this destination: a phone number in E.164 format, or
    /// an e-mail address.
    pub fn to(mut self, to: impl Into<String>) -> Self {
        self.to = Some(Redacted::new(to.into()));
        self
    }

    /// Only attempts of this verification.
    pub fn verification(mut self, verification: VerificationSid) -> Self {
        self.verification = Some(verification);
        self
    }

    /// Only attempts that did convert, or only those that did not.
    pub fn status(mut self, status: ConversionStatus) -> Self {
        self.status = Some(status);
        self
    }

    list!(Attempt);

    fn first(&self) -> Result<Request<Page<Attempt>>, Error> {
        if let Some(to) = &self.to {
            check::destination("to", to.expose())?;
        }
        if let Some(country) = &self.country {
            check::country(country)?;
        }
        if let Some(channel) = &self.channel {
            check::value("channel", channel.as_str())?;
        }
        if let Some(service) = &self.service {
            check::sid("service", service)?;
        }
        if let Some(verification) = &self.verification {
            check::sid("verification", verification)?;
        }
        if let Some(status) = &self.status {
            check::value("status", status.as_str())?;
        }
        let (after, before) = check::period(self.created_after, self.created_before)?;
        let page_size = self.range.page_size()?;
        request!(
            self.client,
            list_verification_attempt(
                self.channel.as_ref(),
                self.to.as_ref().map(|to| to.expose().as_str()),
                self.country.as_ref(),
                after.as_ref(),
                before.as_ref(),
                None,
                page_size,
                None,
                self.status.as_ref(),
                self.verification.as_ref(),
                self.service.as_ref(),
            )
        )
    }
}
