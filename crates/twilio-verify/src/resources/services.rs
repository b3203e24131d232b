//! Verify services, which own verifications, factors and limits.

use twilio_verify_api::IntoValue;
use twilio_verify_api::requests::{
    CreateService, DeleteService, FetchService, ListServices, UpdateService,
};
use twilio_verify_api::types::{Service, ServiceSid};

use crate::client::client::Client;
use crate::error::Error;

/// Verify services: create, list, fetch, update, delete.
///
/// Returned by [`Client::services`]. [`Client::service`] leads to the resources of a service.
///
/// ```no_run
/// # async fn example(client: twilio_verify::Client) -> Result<(), twilio_verify::Error> {
/// let services = client.services();
/// let service = services.create("Owl Bank").code_length(6).lookup_enabled(true).send().await?;
/// println!("{:?}", service.sid);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Services(Client);

impl Client {
    /// Returns the Verify services of the account: create, list, fetch, update, delete.
    pub fn services(&self) -> Services {
        Services(self.clone())
    }
}

impl Services {
    /// Creates a service, with a name of up to 32 characters, which people read in messages.
    pub fn create(&self, friendly_name: impl Into<String>) -> CreateService<Client> {
        CreateService::new(self.0.clone(), friendly_name)
    }

    /// Lists the account's services.
    pub fn list(&self) -> ListServices<Client> {
        ListServices::new(self.0.clone())
    }

    /// Fetches one service.
    ///
    /// # Errors
    ///
    /// Returns an [`is_not_found`](Error::is_not_found) error if there is no such service.
    pub async fn fetch(&self, sid: impl IntoValue<ServiceSid>) -> Result<Service, Error> {
        FetchService::new(self.0.clone(), sid).send().await
    }

    /// Changes a service. Values that are not set stay unchanged.
    pub fn update(&self, sid: impl IntoValue<ServiceSid>) -> UpdateService<Client> {
        UpdateService::new(self.0.clone(), sid)
    }

    /// Deletes a service, and everything that belongs to it.
    ///
    /// # Errors
    ///
    /// The same as [`fetch`](Self::fetch).
    pub async fn delete(&self, sid: impl IntoValue<ServiceSid>) -> Result<(), Error> {
        DeleteService::new(self.0.clone(), sid).send().await
    }
}
