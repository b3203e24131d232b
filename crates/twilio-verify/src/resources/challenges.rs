//! Challenges: questions to an entity, answered with one of its factors.

use twilio_verify_api::IntoValue;
use twilio_verify_api::requests::{
    AnswerChallenge, CreateChallenge, FetchChallenge, ListChallenges,
};
use twilio_verify_api::types::{Challenge, ChallengeSid, FactorSid};

use crate::client::client::Client;
use crate::contexts::EntityContext;
use crate::error::Error;

/// Challenges of an entity: create, list, fetch, answer.
///
/// Returned by [`EntityContext::challenges`]. [`EntityContext::challenge`] leads to the
/// notifications of a challenge.
///
/// ```no_run
/// # async fn example(client: twilio_verify::Client) -> Result<(), Box<dyn std::error::Error>> {
/// let service = client.service("VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
/// let challenges = service.entity("customer-4f1d27a0").challenges();
/// // A time-based code is checked at once.
/// let totp = "YFbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
/// let challenge = challenges.create(totp).auth_payload("123456").send().await?;
/// assert!(challenge.is_approved());
/// // A device asks the person.
/// let device = "YFaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
/// let challenge = challenges
///     .create(device)
///     .message("Did you sign in from a new device?")
///     .field("Place", "Bogotá")
///     .field("Device", "Firefox on Linux")
///     .send()
///     .await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Challenges(EntityContext);

impl EntityContext {
    /// Returns the challenges of the entity: create, list, fetch, answer.
    pub fn challenges(&self) -> Challenges {
        Challenges(self.clone())
    }
}

impl Challenges {
    /// Challenges the entity with one of its factors, which must be verified. A device receives a
    /// push; a time-based code is checked at once.
    pub fn create(&self, factor: impl IntoValue<FactorSid>) -> CreateChallenge<Client> {
        let (client, service, identity) = self.0.parts();
        CreateChallenge::new(client, service, identity, factor)
    }

    /// Lists the entity's challenges.
    pub fn list(&self) -> ListChallenges<Client> {
        let (client, service, identity) = self.0.parts();
        ListChallenges::new(client, service, identity)
    }

    /// Fetches one challenge, to see whether it was answered.
    ///
    /// # Errors
    ///
    /// Returns an [`is_not_found`](Error::is_not_found) error if there is no such challenge.
    pub async fn fetch(&self, sid: impl IntoValue<ChallengeSid>) -> Result<Challenge, Error> {
        let (client, service, identity) = self.0.parts();
        FetchChallenge::new(client, service, identity, sid).send().await
    }

    /// Answers a pending challenge, with the code of a time-based factor or with the token that a
    /// device signed.
    pub fn answer(
        &self,
        sid: impl IntoValue<ChallengeSid>,
        auth_payload: impl Into<String>,
    ) -> AnswerChallenge<Client> {
        let (client, service, identity) = self.0.parts();
        AnswerChallenge::new(client, service, identity, sid).auth_payload(auth_payload)
    }
}
