//! What is within a service.

use twilio_verify_api::types::{RateLimitSid, ServiceSid};

use crate::access_tokens::AccessTokens;
use crate::entities::Entities;
use crate::entity_context::EntityContext;
use crate::messaging_configurations::MessagingConfigurations;
use crate::passkeys::Passkeys;
use crate::rate_limit_context::RateLimitContext;
use crate::rate_limits::RateLimits;
use crate::verifications::Verifications;
use crate::webhooks::Webhooks;
use crate::{Client, Error, check};

/// A service whose resources are to be reached. From [`Client::service`].
///
/// Nothing is sent until one of them is.
#[derive(Clone, Debug)]
pub struct ServiceContext {
    pub(crate) client: Client,
    sid: ServiceSid,
}

impl ServiceContext {
    pub(crate) fn new(client: Client, sid: ServiceSid) -> Self {
        Self { client, sid }
    }

    /// The service's SID, if it can be sent.
    pub(crate) fn sid(&self) -> Result<&ServiceSid, Error> {
        check::sid("service", &self.sid)?;
        Ok(&self.sid)
    }

    /// Access tokens: create, fetch.
    pub fn access_tokens(&self) -> AccessTokens {
        AccessTokens::new(self.clone())
    }

    /// Entities: create, list, fetch, delete.
    pub fn entities(&self) -> Entities {
        Entities::new(self.clone())
    }

    /// What is within an entity: factors and challenges. Its identity has 8 to
    /// 64 letters, digits and dashes.
    pub fn entity(&self, identity: impl Into<String>) -> EntityContext {
        EntityContext::new(self.clone(), identity)
    }

    /// Messaging configurations: create, list, fetch, update, delete.
    pub fn messaging_configurations(&self) -> MessagingConfigurations {
        MessagingConfigurations::new(self.clone())
    }

    /// Passkeys: create and verify a factor, create and approve a challenge.
    pub fn passkeys(&self) -> Passkeys {
        Passkeys::new(self.clone())
    }

    /// Rate limits: create, list, fetch, update, delete.
    pub fn rate_limits(&self) -> RateLimits {
        RateLimits::new(self.clone())
    }

    /// What is within a rate limit: buckets.
    pub fn rate_limit(&self, sid: RateLimitSid) -> RateLimitContext {
        RateLimitContext::new(self.clone(), sid)
    }

    /// Verifications: start, check, fetch, cancel, approve.
    pub fn verifications(&self) -> Verifications {
        Verifications::new(self.clone())
    }

    /// Webhooks: create, list, fetch, update, delete.
    pub fn webhooks(&self) -> Webhooks {
        Webhooks::new(self.clone())
    }
}
