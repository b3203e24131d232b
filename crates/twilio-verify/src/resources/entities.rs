//! Entities: the people, or whatever else, that own factors.

use twilio_verify_api::types::{CreateEntityRequest, Entity};
use twilio_verify_api::{Page, Request};

use crate::contexts::ServiceContext;
use crate::error::Error;
use crate::request::check;
use crate::request::macros::{call, list, request};
use crate::request::paging::Range;

/// Entities of a service: create, list, fetch, delete.
///
/// From [`ServiceContext::entities`]. What is within an entity is reached by
/// [`ServiceContext::entity`].
///
/// An entity goes by its identity, the name that your own system gives it: 8
/// to 64 letters, digits and dashes. It is part of URLs, so a random key is
/// better than a person's name or address.
#[derive(Clone, Debug)]
pub struct Entities {
    service: ServiceContext,
}

impl ServiceContext {
    /// Entities: create, list, fetch, delete.
    pub fn entities(&self) -> Entities {
        Entities {
            service: self.clone(),
        }
    }
}

impl Entities {
    /// Creates an entity, under an identity that is new to the service.
    ///
    /// ```no_run
    /// # async fn example(service: twilio_verify::ServiceContext) -> Result<(), twilio_verify::Error> {
    /// let entity = service.entities().create("customer-4f1d27a0").send().await?;
    /// println!("{:?}", entity.sid);
    /// # Ok(())
    /// # }
    /// ```
    pub fn create(&self, identity: impl Into<String>) -> CreateEntity {
        CreateEntity {
            service: self.service.clone(),
            body: CreateEntityRequest::new(identity),
        }
    }

    /// Lists the service's entities.
    pub fn list(&self) -> ListEntities {
        ListEntities {
            service: self.service.clone(),
            range: Range::default(),
        }
    }

    /// Fetches one entity.
    ///
    /// # Errors
    ///
    /// Of kind [`InvalidRequest`](crate::ErrorKind::InvalidRequest), before
    /// anything is sent, if the identity is malformed.
    /// [`is_not_found`](Error::is_not_found) if there is no such entity. See
    /// [`ErrorKind`](crate::ErrorKind) for the others.
    pub async fn fetch(&self, identity: impl Into<String>) -> Result<Entity, Error> {
        let entity = self.service.entity(identity);
        let (service, identity) = entity.path()?;
        call!(self.service.client, fetch_entity(service, identity))
    }

    /// Deletes an entity, with its factors and challenges.
    ///
    /// # Errors
    ///
    /// As [`fetch`](Self::fetch).
    pub async fn delete(&self, identity: impl Into<String>) -> Result<(), Error> {
        let entity = self.service.entity(identity);
        let (service, identity) = entity.path()?;
        call!(self.service.client, delete_entity(service, identity))
    }
}

/// An entity, to be created. From [`Entities::create`].
#[derive(Clone, Debug)]
#[must_use = "nothing is sent until `send`"]
pub struct CreateEntity {
    service: ServiceContext,
    body: CreateEntityRequest,
}

impl CreateEntity {
    /// Creates the entity.
    ///
    /// # Errors
    ///
    /// Of kind [`InvalidRequest`](crate::ErrorKind::InvalidRequest), before
    /// anything is sent, if the identity is malformed. See
    /// [`ErrorKind`](crate::ErrorKind) for the others.
    pub async fn send(self) -> Result<Entity, Error> {
        check::identity("identity", &self.body.identity)?;
        check::body(&self.body)?;
        call!(
            self.service.client,
            create_entity(self.service.sid()?, &self.body)
        )
    }
}

/// A list of entities, to be read. From [`Entities::list`].
#[derive(Clone, Debug)]
#[must_use = "nothing is sent until `pages` or `items` are read"]
pub struct ListEntities {
    service: ServiceContext,
    range: Range,
}

impl ListEntities {
    list!(Entity, service);

    fn first(&self) -> Result<Request<Page<Entity>>, Error> {
        let page_size = self.range.page_size()?;
        request!(
            self.service.client,
            list_entity(self.service.sid()?, None, page_size, None)
        )
    }
}
