//! Access tokens: with one, a device registers itself as a factor.

use twilio_verify_api::types::{AccessToken, AccessTokenSid, CreateAccessTokenRequest, FactorType};

use crate::contexts::ServiceContext;
use crate::error::Error;
use crate::request::check;
use crate::request::macros::{call, setters};

/// Access tokens of a service: create, fetch.
///
/// From [`ServiceContext::access_tokens`].
#[derive(Clone, Debug)]
pub struct AccessTokens {
    service: ServiceContext,
}

impl ServiceContext {
    /// Access tokens: create, fetch.
    pub fn access_tokens(&self) -> AccessTokens {
        AccessTokens {
            service: self.clone(),
        }
    }
}

impl AccessTokens {
    /// Creates a token that lets one device register itself as a factor of the
    /// entity, without the account's credentials. Twilio takes
    /// [`Push`](FactorType::Push) alone.
    ///
    /// ```no_run
    /// # async fn example(service: twilio_verify::ServiceContext) -> Result<(), twilio_verify::Error> {
    /// use twilio_verify::FactorType;
    ///
    /// let token = service
    ///     .access_tokens()
    ///     .create("customer-4f1d27a0", FactorType::Push)
    ///     .ttl(60)
    ///     .send()
    ///     .await?;
    /// // For the device, and for nobody else.
    /// let secret = token.token.map(|token| token.into_inner());
    /// # Ok(())
    /// # }
    /// ```
    pub fn create(
        &self,
        identity: impl Into<String>,
        factor_type: FactorType,
    ) -> CreateAccessToken {
        CreateAccessToken {
            service: self.service.clone(),
            body: CreateAccessTokenRequest::new(factor_type, identity),
        }
    }

    /// Fetches one access token.
    ///
    /// # Errors
    ///
    /// [`is_not_found`](Error::is_not_found) if there is no such token. See
    /// [`ErrorKind`](crate::ErrorKind) for the others.
    pub async fn fetch(&self, sid: AccessTokenSid) -> Result<AccessToken, Error> {
        check::sid("sid", &sid)?;
        call!(
            self.service.client,
            fetch_access_token(self.service.sid()?, &sid)
        )
    }
}

/// An access token, to be created. From [`AccessTokens::create`].
#[derive(Clone, Debug)]
#[must_use = "nothing is sent until `send`"]
pub struct CreateAccessToken {
    service: ServiceContext,
    body: CreateAccessTokenRequest,
}

impl CreateAccessToken {
    setters! {
        /// The name that people will know the factor by.
        text factor_friendly_name;
        /// For how many seconds the token holds, from 1 to 300. Default: 300.
        number ttl;
    }

    /// Creates the token.
    ///
    /// # Errors
    ///
    /// Of kind [`InvalidRequest`](crate::ErrorKind::InvalidRequest), before
    /// anything is sent, if the identity is malformed, or the time out of its
    /// range. See [`ErrorKind`](crate::ErrorKind) for the others.
    pub async fn send(self) -> Result<AccessToken, Error> {
        check::identity("identity", &self.body.identity)?;
        check::value("factor_type", self.body.factor_type.as_str())?;
        check::body(&self.body)?;
        call!(
            self.service.client,
            create_access_token(self.service.sid()?, &self.body)
        )
    }
}
