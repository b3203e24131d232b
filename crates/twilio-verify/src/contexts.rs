//! Contexts: a service, an entity, a challenge or a rate limit, by its
//! identifier. The resources within it are reached from here.

use twilio_verify_api::Redacted;
use twilio_verify_api::types::{ChallengeSid, RateLimitSid, ServiceSid};

use crate::client::client::Client;
use crate::error::Error;
use crate::request::check;

/// A service, whose resources can be reached from here. From
/// [`Client::service`].
///
/// Nothing is sent until an operation of a resource is.
#[derive(Clone, Debug)]
pub struct ServiceContext {
    pub(crate) client: Client,
    sid: ServiceSid,
}

impl Client {
    /// A service, to reach the resources within it: verifications, and more.
    pub fn service(&self, sid: ServiceSid) -> ServiceContext {
        ServiceContext {
            client: self.clone(),
            sid,
        }
    }
}

impl ServiceContext {
    /// The service's SID, if it can be sent.
    pub(crate) fn sid(&self) -> Result<&ServiceSid, Error> {
        check::sid("service", &self.sid)?;
        Ok(&self.sid)
    }

    /// An entity, to reach its factors and challenges. The identity has 8 to
    /// 64 letters, digits and dashes.
    pub fn entity(&self, identity: impl Into<String>) -> EntityContext {
        let identity: String = identity.into();
        EntityContext {
            service: self.clone(),
            identity: identity.into(),
        }
    }

    /// A rate limit, to reach its buckets.
    pub fn rate_limit(&self, sid: RateLimitSid) -> RateLimitContext {
        RateLimitContext {
            service: self.clone(),
            sid,
        }
    }
}

/// An entity, whose factors and challenges can be reached from here. From
/// [`ServiceContext::entity`].
///
/// Nothing is sent until an operation of theirs is. If the identity doesn't
/// have 8 to 64 letters, digits and dashes, every operation fails with an
/// error of kind [`InvalidRequest`](crate::ErrorKind::InvalidRequest) and
/// field `identity` before anything is sent.
#[derive(Clone, Debug)]
pub struct EntityContext {
    pub(crate) service: ServiceContext,
    identity: Redacted<String>,
}

impl EntityContext {
    /// The service's SID and the entity's identity, if they can be sent.
    pub(crate) fn path(&self) -> Result<(&ServiceSid, &str), Error> {
        check::identity("identity", &self.identity)?;
        Ok((self.service.sid()?, self.identity.expose()))
    }

    /// A challenge, to reach its notifications.
    pub fn challenge(&self, sid: ChallengeSid) -> ChallengeContext {
        ChallengeContext {
            entity: self.clone(),
            sid,
        }
    }
}

/// A challenge, whose notifications can be reached from here. From
/// [`EntityContext::challenge`].
///
/// Nothing is sent until an operation of theirs is.
#[derive(Clone, Debug)]
pub struct ChallengeContext {
    pub(crate) entity: EntityContext,
    sid: ChallengeSid,
}

impl ChallengeContext {
    /// The challenge's SID, if it can be sent.
    pub(crate) fn sid(&self) -> Result<&ChallengeSid, Error> {
        check::sid("challenge", &self.sid)?;
        Ok(&self.sid)
    }
}

/// A rate limit, whose buckets can be reached from here. From
/// [`ServiceContext::rate_limit`].
///
/// Nothing is sent until an operation of theirs is.
#[derive(Clone, Debug)]
pub struct RateLimitContext {
    pub(crate) service: ServiceContext,
    sid: RateLimitSid,
}

impl RateLimitContext {
    /// The service's SID and the rate limit's, if they can be sent.
    pub(crate) fn path(&self) -> Result<(&ServiceSid, &RateLimitSid), Error> {
        check::sid("rate_limit", &self.sid)?;
        Ok((self.service.sid()?, &self.sid))
    }
}
