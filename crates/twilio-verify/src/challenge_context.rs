//! What is within a challenge.

use twilio_verify_api::types::ChallengeSid;

use crate::notifications::Notifications;
use crate::{EntityContext, Error, check};

/// A challenge whose notifications are to be reached. From
/// [`EntityContext::challenge`].
///
/// Nothing is sent until one of them is.
#[derive(Clone, Debug)]
pub struct ChallengeContext {
    pub(crate) entity: EntityContext,
    sid: ChallengeSid,
}

impl ChallengeContext {
    pub(crate) fn new(entity: EntityContext, sid: ChallengeSid) -> Self {
        Self { entity, sid }
    }

    /// The challenge's SID, if it can be sent.
    pub(crate) fn sid(&self) -> Result<&ChallengeSid, Error> {
        check::sid("challenge", &self.sid)?;
        Ok(&self.sid)
    }

    /// Notifications: create.
    pub fn notifications(&self) -> Notifications {
        Notifications::new(self.clone())
    }
}
