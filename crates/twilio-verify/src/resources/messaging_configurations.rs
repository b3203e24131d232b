//! Messaging configurations: which messaging service sends to which country.

use std::fmt;
use std::str::FromStr;

use twilio_verify_api::types::{
    CreateMessagingConfigurationRequest, MessagingConfiguration, MessagingServiceSid,
    UpdateMessagingConfigurationRequest,
};
use twilio_verify_api::{Country, CountryError, Page, Request};

use crate::contexts::ServiceContext;
use crate::error::Error;
use crate::request::check;
use crate::request::macros::{call, list, request};
use crate::request::paging::Range;

/// Messaging configurations of a service: create, list, fetch, update,
/// delete. There is one for a country at most, and one for all others.
///
/// From [`ServiceContext::messaging_configurations`]. Where there is none,
/// messages come from numbers of Twilio's.
///
/// ```no_run
/// # async fn example(client: twilio_verify::Client) -> Result<(), Box<dyn std::error::Error>> {
/// use twilio_verify::{Country, MessagingCountry};
///
/// let verify = client.service("VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa".parse()?);
/// let configurations = verify.messaging_configurations();
/// let colombian = "MGaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa".parse()?;
/// configurations.create(Country::CO, colombian).send().await?;
/// let other = "MGbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb".parse()?;
/// configurations.create(MessagingCountry::All, other).send().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct MessagingConfigurations {
    service: ServiceContext,
}

impl ServiceContext {
    /// Messaging configurations: create, list, fetch, update, delete.
    pub fn messaging_configurations(&self) -> MessagingConfigurations {
        MessagingConfigurations {
            service: self.clone(),
        }
    }
}

impl MessagingConfigurations {
    /// Sets which messaging service sends to a country that has no
    /// configuration yet.
    pub fn create(
        &self,
        country: impl Into<MessagingCountry>,
        messaging_service_sid: MessagingServiceSid,
    ) -> CreateMessagingConfiguration {
        CreateMessagingConfiguration {
            service: self.service.clone(),
            country: country.into(),
            messaging_service_sid,
        }
    }

    /// Lists the service's configurations.
    pub fn list(&self) -> ListMessagingConfigurations {
        ListMessagingConfigurations {
            service: self.service.clone(),
            range: Range::default(),
        }
    }

    /// Fetches a country's configuration. The one for all others doesn't stand
    /// in for one that is missing.
    ///
    /// # Errors
    ///
    /// [`is_not_found`](Error::is_not_found) if the country has none. See
    /// [`ErrorKind`](crate::ErrorKind) for the others.
    pub async fn fetch(
        &self,
        country: impl Into<MessagingCountry>,
    ) -> Result<MessagingConfiguration, Error> {
        let country = country.into();
        call!(
            self.service.client,
            fetch_messaging_configuration(self.service.sid()?, country.checked()?)
        )
    }

    /// Changes which messaging service sends to a country that has a
    /// configuration.
    pub fn update(
        &self,
        country: impl Into<MessagingCountry>,
        messaging_service_sid: MessagingServiceSid,
    ) -> UpdateMessagingConfiguration {
        UpdateMessagingConfiguration {
            service: self.service.clone(),
            country: country.into(),
            body: UpdateMessagingConfigurationRequest::new(messaging_service_sid),
        }
    }

    /// Deletes a country's configuration. Then the one for all others applies
    /// to it, if there is one.
    ///
    /// # Errors
    ///
    /// As [`fetch`](Self::fetch).
    pub async fn delete(&self, country: impl Into<MessagingCountry>) -> Result<(), Error> {
        let country = country.into();
        call!(
            self.service.client,
            delete_messaging_configuration(self.service.sid()?, country.checked()?)
        )
    }
}

/// What a messaging configuration is for: one country, or all that have none
/// of their own.
///
/// ```
/// use twilio_verify::{Country, MessagingCountry};
///
/// assert_eq!("CO".parse(), Ok(MessagingCountry::from(Country::CO)));
/// assert_eq!("all".parse(), Ok(MessagingCountry::All));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MessagingCountry {
    /// All countries without a configuration of their own: `all`.
    All,
    /// One country.
    Country(Country),
}

impl MessagingCountry {
    /// As it is written in requests and answers: `all`, or the country's code.
    pub fn as_str(&self) -> &str {
        match self {
            Self::All => "all",
            Self::Country(country) => country.code(),
        }
    }

    /// As it is written, if it can be sent.
    fn checked(&self) -> Result<&str, Error> {
        if let Self::Country(country) = self {
            check::country(country)?;
        }
        Ok(self.as_str())
    }
}

impl From<Country> for MessagingCountry {
    fn from(country: Country) -> Self {
        Self::Country(country)
    }
}

impl FromStr for MessagingCountry {
    type Err = CountryError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.eq_ignore_ascii_case(Self::All.as_str()) {
            return Ok(Self::All);
        }
        text.parse().map(Self::Country)
    }
}

impl fmt::Display for MessagingCountry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A messaging configuration, to be created. From
/// [`MessagingConfigurations::create`].
#[derive(Clone, Debug)]
#[must_use = "nothing is sent until `send`"]
pub struct CreateMessagingConfiguration {
    service: ServiceContext,
    country: MessagingCountry,
    messaging_service_sid: MessagingServiceSid,
}

impl CreateMessagingConfiguration {
    /// Creates the configuration.
    ///
    /// # Errors
    ///
    /// Of kind [`InvalidRequest`](crate::ErrorKind::InvalidRequest), before
    /// anything is sent, if the country or the SID is malformed. See
    /// [`ErrorKind`](crate::ErrorKind) for the others.
    pub async fn send(self) -> Result<MessagingConfiguration, Error> {
        let body = CreateMessagingConfigurationRequest::new(
            self.country.checked()?,
            self.messaging_service_sid,
        );
        check::body(&body)?;
        call!(
            self.service.client,
            create_messaging_configuration(self.service.sid()?, &body)
        )
    }
}

/// A messaging configuration, to be changed. From
/// [`MessagingConfigurations::update`].
#[derive(Clone, Debug)]
#[must_use = "nothing is sent until `send`"]
pub struct UpdateMessagingConfiguration {
    service: ServiceContext,
    country: MessagingCountry,
    body: UpdateMessagingConfigurationRequest,
}

impl UpdateMessagingConfiguration {
    /// Changes the configuration.
    ///
    /// # Errors
    ///
    /// Of kind [`InvalidRequest`](crate::ErrorKind::InvalidRequest), before
    /// anything is sent, if the country or the SID is malformed.
    /// [`is_not_found`](Error::is_not_found) if the country has no
    /// configuration. See [`ErrorKind`](crate::ErrorKind) for the others.
    pub async fn send(self) -> Result<MessagingConfiguration, Error> {
        let country = self.country.checked()?;
        check::body(&self.body)?;
        call!(
            self.service.client,
            update_messaging_configuration(self.service.sid()?, country, &self.body)
        )
    }
}

/// A list of messaging configurations, to be read. From
/// [`MessagingConfigurations::list`].
#[derive(Clone, Debug)]
#[must_use = "nothing is sent until `pages` or `items` are read"]
pub struct ListMessagingConfigurations {
    service: ServiceContext,
    range: Range,
}

impl ListMessagingConfigurations {
    list!(MessagingConfiguration, service);

    fn first(&self) -> Result<Request<Page<MessagingConfiguration>>, Error> {
        let page_size = self.range.page_size()?;
        request!(
            self.service.client,
            list_messaging_configuration(self.service.sid()?, None, page_size, None)
        )
    }
}
