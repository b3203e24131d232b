//! Notifications: pushes that remind a device of a challenge.

use twilio_verify_api::types::{CreateNotificationRequest, Notification};

use crate::contexts::ChallengeContext;
use crate::error::Error;
use crate::request::check;
use crate::request::macros::{call, setters};

/// Notifications of a challenge: create.
///
/// From [`ChallengeContext::notifications`].
#[derive(Clone, Debug)]
pub struct Notifications {
    challenge: ChallengeContext,
}

impl ChallengeContext {
    /// Notifications: create.
    pub fn notifications(&self) -> Notifications {
        Notifications {
            challenge: self.clone(),
        }
    }
}

impl Notifications {
    /// Pushes the challenge to its device once more. It must be pending.
    ///
    /// ```no_run
    /// # async fn example(entity: twilio_verify::EntityContext) -> Result<(), Box<dyn std::error::Error>> {
    /// let challenge = entity.challenge("YCaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa".parse()?);
    /// challenge.notifications().create().ttl(150).send().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn create(&self) -> CreateNotification {
        CreateNotification {
            challenge: self.challenge.clone(),
            body: CreateNotificationRequest::new(),
        }
    }
}

/// A notification, to be created. From [`Notifications::create`].
#[derive(Clone, Debug)]
#[must_use = "nothing is sent until `send`"]
pub struct CreateNotification {
    challenge: ChallengeContext,
    body: CreateNotificationRequest,
}

impl CreateNotification {
    setters! {
        /// For how many seconds delivery is tried, from 0 to 300. With 0 it is
        /// tried once. Default: 300.
        number ttl;
    }

    /// Creates the notification.
    ///
    /// # Errors
    ///
    /// Of kind [`InvalidRequest`](crate::ErrorKind::InvalidRequest), before
    /// anything is sent, if the identity, the challenge's SID or the time is
    /// malformed. [`is_not_found`](Error::is_not_found) if there is no such
    /// challenge. See [`ErrorKind`](crate::ErrorKind) for the others.
    pub async fn send(self) -> Result<Notification, Error> {
        check::body(&self.body)?;
        let entity = &self.challenge.entity;
        let (service, identity) = entity.path()?;
        call!(
            entity.service.client,
            create_notification(service, identity, self.challenge.sid()?, &self.body)
        )
    }
}
