//! Contexts: a service, an entity, a challenge or a rate limit, by its identifier. They lead to the
//! resources within it.

use twilio_verify_api::types::{ChallengeSid, RateLimitSid, ServiceSid};
use twilio_verify_api::{Given, IntoValue, Redacted};

use crate::client::client::Client;

/// A service, which leads to its resources. Returned by [`Client::service`].
#[derive(Clone, Debug)]
pub struct ServiceContext {
    client: Client,
    sid: Given<ServiceSid>,
}

impl Client {
    /// Returns a service, which leads to its resources: verifications, and more.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let emulator = twilio_verify_emulator::Emulator::start().await?;
    /// # let client = twilio_verify::Client::builder()
    /// #     .credentials(emulator.credentials())
    /// #     .base_url(emulator.url())
    /// #     .build()?;
    /// use twilio_verify::{ErrorKind, ServiceSid};
    ///
    /// // A text that is not a service SID is an error when a request is sent.
    /// let error = client.service("VA123").verifications().fetch("+14155550100").await.unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    /// assert_eq!(error.field(), Some("service"));
    ///
    /// // A literal can be checked when the program is compiled.
    /// const SHOP: ServiceSid = ServiceSid::from_static("VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
    /// let shop = client.service(SHOP);
    /// # Ok(())
    /// # }
    /// ```
    pub fn service(&self, sid: impl IntoValue<ServiceSid>) -> ServiceContext {
        ServiceContext { client: self.clone(), sid: Given::new(sid) }
    }
}

impl ServiceContext {
    /// Returns the client and the identifiers that a builder within the service starts with.
    pub(crate) fn parts(&self) -> (Client, Given<ServiceSid>) {
        (self.client.clone(), self.sid.clone())
    }

    /// Returns an entity, which leads to its factors and challenges. The identity has 8 to 64
    /// letters, digits and dashes.
    pub fn entity(&self, identity: impl Into<String>) -> EntityContext {
        let identity: String = identity.into();
        EntityContext { service: self.clone(), identity: identity.into() }
    }

    /// Returns a rate limit, which leads to its buckets.
    pub fn rate_limit(&self, sid: impl IntoValue<RateLimitSid>) -> RateLimitContext {
        RateLimitContext { service: self.clone(), sid: Given::new(sid) }
    }
}

/// An entity, which leads to its factors and challenges. Returned by [`ServiceContext::entity`].
///
/// If the identity doesn't have 8 to 64 letters, digits and dashes, every operation fails with an
/// error of kind [`InvalidRequest`](crate::ErrorKind::InvalidRequest) and field `identity` before
/// anything is sent.
#[derive(Clone, Debug)]
pub struct EntityContext {
    service: ServiceContext,
    identity: Redacted<String>,
}

impl EntityContext {
    /// Returns the client and the identifiers that a builder within the entity starts with.
    pub(crate) fn parts(&self) -> (Client, Given<ServiceSid>, String) {
        let (client, service) = self.service.parts();
        (client, service, self.identity.expose().clone())
    }

    /// Returns a challenge, which leads to its notifications.
    pub fn challenge(&self, sid: impl IntoValue<ChallengeSid>) -> ChallengeContext {
        ChallengeContext { entity: self.clone(), sid: Given::new(sid) }
    }
}

/// A challenge, which leads to its notifications. Returned by [`EntityContext::challenge`].
#[derive(Clone, Debug)]
pub struct ChallengeContext {
    entity: EntityContext,
    sid: Given<ChallengeSid>,
}

impl ChallengeContext {
    /// Returns the client and the identifiers that a builder within the challenge starts with.
    pub(crate) fn parts(&self) -> (Client, Given<ServiceSid>, String, Given<ChallengeSid>) {
        let (client, service, identity) = self.entity.parts();
        (client, service, identity, self.sid.clone())
    }
}

/// A rate limit, which leads to its buckets. Returned by [`ServiceContext::rate_limit`].
#[derive(Clone, Debug)]
pub struct RateLimitContext {
    service: ServiceContext,
    sid: Given<RateLimitSid>,
}

impl RateLimitContext {
    /// Returns the client and the identifiers that a builder within the rate limit starts with.
    pub(crate) fn parts(&self) -> (Client, Given<ServiceSid>, Given<RateLimitSid>) {
        let (client, service) = self.service.parts();
        (client, service, self.sid.clone())
    }
}
