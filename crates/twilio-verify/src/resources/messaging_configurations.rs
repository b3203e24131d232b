//! Messaging configurations: which messaging service sends to which country.

use twilio_verify_api::requests::{
    CreateMessagingConfiguration, DeleteMessagingConfiguration, FetchMessagingConfiguration,
    ListMessagingConfigurations, UpdateMessagingConfiguration,
};
use twilio_verify_api::types::{MessagingConfiguration, MessagingServiceSid};
use twilio_verify_api::{IntoValue, MessagingCountry};

use crate::client::client::Client;
use crate::contexts::ServiceContext;
use crate::error::Error;

/// Messaging configurations of a service: create, list, fetch, update, delete. There is at most one
/// for a country, and one for all others.
/// Returned by [`ServiceContext::messaging_configurations`]. Without a configuration, messages come
/// from Twilio's own numbers.
///
/// ```no_run
/// # async fn example(client: twilio_verify::Client) -> Result<(), Box<dyn std::error::Error>> {
/// use twilio_verify::{Country, MessagingCountry};
///
/// let verify = client.service("VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
/// let configurations = verify.messaging_configurations();
/// let colombian = "MGaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
/// configurations.create(Country::CO, colombian).send().await?;
/// let other = "MGbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
/// configurations.create(MessagingCountry::All, other).send().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct MessagingConfigurations(ServiceContext);

impl ServiceContext {
    /// Returns the messaging configurations of the service: create, list, fetch, update, delete.
    pub fn messaging_configurations(&self) -> MessagingConfigurations {
        MessagingConfigurations(self.clone())
    }
}

impl MessagingConfigurations {
    /// Sets which messaging service sends to a country that has no configuration yet.
    pub fn create(
        &self,
        country: impl IntoValue<MessagingCountry>,
        messaging_service_sid: impl IntoValue<MessagingServiceSid>,
    ) -> CreateMessagingConfiguration<Client> {
        let (client, service) = self.0.parts();
        CreateMessagingConfiguration::new(client, service, country, messaging_service_sid)
    }

    /// Lists the service's configurations.
    pub fn list(&self) -> ListMessagingConfigurations<Client> {
        let (client, service) = self.0.parts();
        ListMessagingConfigurations::new(client, service)
    }

    /// Fetches a country's configuration. If it is missing, the one for all others isn't returned
    /// in its place.
    ///
    /// # Errors
    ///
    /// Returns an [`is_not_found`](Error::is_not_found) error if the country has no configuration.
    /// See [`ErrorKind`](crate::ErrorKind) for the others.
    pub async fn fetch(
        &self,
        country: impl IntoValue<MessagingCountry>,
    ) -> Result<MessagingConfiguration, Error> {
        let (client, service) = self.0.parts();
        FetchMessagingConfiguration::new(client, service, country).send().await
    }

    /// Changes which messaging service sends to a country that has a configuration.
    pub fn update(
        &self,
        country: impl IntoValue<MessagingCountry>,
        messaging_service_sid: impl IntoValue<MessagingServiceSid>,
    ) -> UpdateMessagingConfiguration<Client> {
        let (client, service) = self.0.parts();
        UpdateMessagingConfiguration::new(client, service, country, messaging_service_sid)
    }

    /// Deletes a country's configuration. The one for all others, if there is one, then applies to
    /// the country.
    ///
    /// # Errors
    ///
    /// The same as [`fetch`](Self::fetch).
    pub async fn delete(&self, country: impl IntoValue<MessagingCountry>) -> Result<(), Error> {
        let (client, service) = self.0.parts();
        DeleteMessagingConfiguration::new(client, service, country).send().await
    }
}
