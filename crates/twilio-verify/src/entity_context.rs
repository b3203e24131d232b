//! What is within an entity.

use twilio_verify_api::Redacted;
use twilio_verify_api::types::{ChallengeSid, ServiceSid};

use crate::challenge_context::ChallengeContext;
use crate::challenges::Challenges;
use crate::factors::Factors;
use crate::{Error, ServiceContext, check};

/// An entity whose factors and challenges are to be reached. From
/// [`ServiceContext::entity`].
///
/// Nothing is sent until one of them is. Each fails with an error of kind
/// [`InvalidRequest`](crate::ErrorKind::InvalidRequest) and of the field
/// `identity`, before anything is sent, unless the identity has 8 to 64
/// letters, digits and dashes.
#[derive(Clone, Debug)]
pub struct EntityContext {
    pub(crate) service: ServiceContext,
    identity: Redacted<String>,
}

impl EntityContext {
    pub(crate) fn new(service: ServiceContext, identity: impl Into<String>) -> Self {
        let identity: String = identity.into();
        Self {
            service,
            identity: identity.into(),
        }
    }

    /// The service's SID and the entity's identity, if they can be sent.
    pub(crate) fn path(&self) -> Result<(&ServiceSid, &str), Error> {
        check::identity("identity", &self.identity)?;
        Ok((self.service.sid()?, self.identity.expose()))
    }

    /// Factors: create, list, fetch, verify, update, delete.
    pub fn factors(&self) -> Factors {
        Factors::new(self.clone())
    }

    /// Challenges: create, list, fetch, answer.
    pub fn challenges(&self) -> Challenges {
        Challenges::new(self.clone())
    }

    /// What is within a challenge: notifications.
    pub fn challenge(&self, sid: ChallengeSid) -> ChallengeContext {
        ChallengeContext::new(self.clone(), sid)
    }
}
