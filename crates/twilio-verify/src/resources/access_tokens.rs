//! Access tokens, which let a device register itself as a factor.

use twilio_verify_api::IntoValue;
use twilio_verify_api::requests::{CreateAccessToken, FetchAccessToken};
use twilio_verify_api::types::{AccessToken, AccessTokenSid, FactorType};

use crate::client::client::Client;
use crate::contexts::ServiceContext;
use crate::error::Error;

/// Access tokens of a service: create, fetch.
///
/// Returned by [`ServiceContext::access_tokens`].
///
/// ```no_run
/// # async fn example(service: twilio_verify::ServiceContext) -> Result<(), twilio_verify::Error> {
/// use twilio_verify::FactorType;
///
/// let tokens = service.access_tokens();
/// let token = tokens.create("customer-4f1d27a0", FactorType::Push).ttl(60).send().await?;
/// // For the device alone.
/// let secret = token.token.map(|token| token.into_inner());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct AccessTokens(ServiceContext);

impl ServiceContext {
    /// Returns the access tokens of the service: create, fetch.
    pub fn access_tokens(&self) -> AccessTokens {
        AccessTokens(self.clone())
    }
}

impl AccessTokens {
    /// Creates a token that lets one device register itself as a factor of the entity, without the
    /// account's credentials. Twilio accepts only [`Push`](FactorType::Push).
    pub fn create(
        &self,
        identity: impl Into<String>,
        factor_type: impl IntoValue<FactorType>,
    ) -> CreateAccessToken<Client> {
        let (client, service) = self.0.parts();
        CreateAccessToken::new(client, service, identity, factor_type)
    }

    /// Fetches one access token.
    ///
    /// # Errors
    ///
    /// Returns an [`is_not_found`](Error::is_not_found) error if there is no such token.
    pub async fn fetch(&self, sid: impl IntoValue<AccessTokenSid>) -> Result<AccessToken, Error> {
        let (client, service) = self.0.parts();
        FetchAccessToken::new(client, service, sid).send().await
    }
}
