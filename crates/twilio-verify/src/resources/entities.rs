//! Entities: the users (or other owners) of factors.

use twilio_verify_api::requests::{CreateEntity, DeleteEntity, FetchEntity, ListEntities};
use twilio_verify_api::types::Entity;

use crate::client::client::Client;
use crate::contexts::ServiceContext;
use crate::error::Error;

/// Entities of a service: create, list, fetch, delete.
///
/// Returned by [`ServiceContext::entities`]. [`ServiceContext::entity`] leads to the factors and
/// challenges of an entity.
///
/// An entity is identified by its identity, the name that your own system gives it: 8 to 64
/// letters, digits and dashes. It is part of URLs, so a random key is better than a person's name
/// or address.
#[derive(Clone, Debug)]
pub struct Entities(ServiceContext);

impl ServiceContext {
    /// Returns the entities of the service: create, list, fetch, delete.
    pub fn entities(&self) -> Entities {
        Entities(self.clone())
    }
}

impl Entities {
    /// Creates an entity, with an identity that is new to the service.
    pub fn create(&self, identity: impl Into<String>) -> CreateEntity<Client> {
        let (client, service) = self.0.parts();
        CreateEntity::new(client, service, identity)
    }

    /// Lists the service's entities.
    pub fn list(&self) -> ListEntities<Client> {
        let (client, service) = self.0.parts();
        ListEntities::new(client, service)
    }

    /// Fetches one entity.
    ///
    /// # Errors
    ///
    /// Returns an [`is_not_found`](Error::is_not_found) error if there is no such entity.
    pub async fn fetch(&self, identity: impl Into<String>) -> Result<Entity, Error> {
        let (client, service) = self.0.parts();
        FetchEntity::new(client, service, identity).send().await
    }

    /// Deletes an entity, with its factors and challenges.
    ///
    /// # Errors
    ///
    /// The same as [`fetch`](Self::fetch).
    pub async fn delete(&self, identity: impl Into<String>) -> Result<(), Error> {
        let (client, service) = self.0.parts();
        DeleteEntity::new(client, service, identity).send().await
    }
}
