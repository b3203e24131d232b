//! Rate limits: how many verifications may be started for one value of a key.

use twilio_verify_api::IntoValue;
use twilio_verify_api::requests::{
    CreateRateLimit, DeleteRateLimit, FetchRateLimit, ListRateLimits, UpdateRateLimit,
};
use twilio_verify_api::types::{RateLimit, RateLimitSid};

use crate::client::client::Client;
use crate::contexts::ServiceContext;
use crate::error::Error;

/// Rate limits of a service: create, list, fetch, update, delete.
///
/// Returned by [`ServiceContext::rate_limits`]. A rate limit counts the verifications for each
/// value that [`StartVerification::rate_limits`](crate::StartVerification::rate_limits) has under
/// its unique name, such as an IP address. Its [`Buckets`](crate::Buckets) define how many are
/// allowed; without a bucket it limits nothing.
///
/// ```no_run
/// # async fn example(client: twilio_verify::Client) -> Result<(), Box<dyn std::error::Error>> {
/// use std::time::Duration;
///
/// use twilio_verify::Channel;
///
/// let verify = client.service("VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
/// let limit = verify.rate_limits().create("end_user_ip").send().await?;
/// let limit = verify.rate_limit(limit.sid.ok_or("no SID")?);
/// // At most 5 verifications from one address within 10 minutes.
/// limit.buckets().create(5, Duration::from_secs(600)).send().await?;
/// verify
///     .verifications()
///     .start("+573003003030", Channel::Sms)
///     .rate_limits([("end_user_ip", "203.0.113.7")])
///     .send()
///     .await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct RateLimits(ServiceContext);

impl ServiceContext {
    /// Returns the rate limits of the service: create, list, fetch, update, delete.
    pub fn rate_limits(&self) -> RateLimits {
        RateLimits(self.clone())
    }
}

impl RateLimits {
    /// Creates a rate limit, with a name that is unique within the service. The name can't be
    /// changed, and should hold no personal data.
    pub fn create(&self, unique_name: impl Into<String>) -> CreateRateLimit<Client> {
        let (client, service) = self.0.parts();
        CreateRateLimit::new(client, service, unique_name)
    }

    /// Lists the service's rate limits.
    pub fn list(&self) -> ListRateLimits<Client> {
        let (client, service) = self.0.parts();
        ListRateLimits::new(client, service)
    }

    /// Fetches one rate limit.
    ///
    /// # Errors
    ///
    /// Returns an [`is_not_found`](Error::is_not_found) error if there is no such rate limit.
    pub async fn fetch(&self, sid: impl IntoValue<RateLimitSid>) -> Result<RateLimit, Error> {
        let (client, service) = self.0.parts();
        FetchRateLimit::new(client, service, sid).send().await
    }

    /// Changes a rate limit. Values that are not set stay unchanged.
    pub fn update(&self, sid: impl IntoValue<RateLimitSid>) -> UpdateRateLimit<Client> {
        let (client, service) = self.0.parts();
        UpdateRateLimit::new(client, service, sid)
    }

    /// Deletes a rate limit, and its buckets.
    ///
    /// # Errors
    ///
    /// The same as [`fetch`](Self::fetch).
    pub async fn delete(&self, sid: impl IntoValue<RateLimitSid>) -> Result<(), Error> {
        let (client, service) = self.0.parts();
        DeleteRateLimit::new(client, service, sid).send().await
    }
}
