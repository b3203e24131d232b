//! Notifications: pushes that remind a device of a challenge.

use twilio_verify_api::requests::CreateNotification;

use crate::client::client::Client;
use crate::contexts::ChallengeContext;

/// Notifications of a challenge: create.
///
/// Returned by [`ChallengeContext::notifications`].
#[derive(Clone, Debug)]
pub struct Notifications(ChallengeContext);

impl ChallengeContext {
    /// Returns the notifications of the challenge: create.
    pub fn notifications(&self) -> Notifications {
        Notifications(self.clone())
    }
}

impl Notifications {
    /// Pushes the challenge to its device once more. The challenge must be pending.
    pub fn create(&self) -> CreateNotification<Client> {
        let (client, service, identity, challenge) = self.0.parts();
        CreateNotification::new(client, service, identity, challenge)
    }
}
