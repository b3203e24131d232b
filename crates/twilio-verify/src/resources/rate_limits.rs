//! Rate limits: how many verifications may be started for one value of a key.

use twilio_verify_api::types::{
    CreateRateLimitRequest, RateLimit, RateLimitSid, UpdateRateLimitRequest,
};
use twilio_verify_api::{Page, Request};

use crate::contexts::ServiceContext;
use crate::error::Error;
use crate::request::check;
use crate::request::macros::{call, list, request, setters};
use crate::request::paging::Range;

/// Rate limits of a service: create, list, fetch, update, delete.
///
/// From [`ServiceContext::rate_limits`]. A rate limit counts the verifications
/// of each value that
/// [`StartVerification::rate_limits`](crate::StartVerification::rate_limits)
/// gives under its unique name, such as an IP address. How many are let
/// through is said by its [`Buckets`](crate::Buckets); without any it limits
/// nothing.
///
/// ```no_run
/// # async fn example(client: twilio_verify::Client) -> Result<(), Box<dyn std::error::Error>> {
/// use std::time::Duration;
///
/// use twilio_verify::Channel;
///
/// let verify = client.service("VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa".parse()?);
/// let limit = verify.rate_limits().create("end_user_ip").send().await?;
/// let limit = verify.rate_limit(limit.sid.ok_or("no SID")?);
/// // 5 verifications from one address within 10 minutes, and no more.
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
pub struct RateLimits {
    service: ServiceContext,
}

impl ServiceContext {
    /// Rate limits: create, list, fetch, update, delete.
    pub fn rate_limits(&self) -> RateLimits {
        RateLimits {
            service: self.clone(),
        }
    }
}

impl RateLimits {
    /// Creates a rate limit, with a name that is unique within the service.
    /// The name can't be changed, and should hold no personal data.
    pub fn create(&self, unique_name: impl Into<String>) -> CreateRateLimit {
        CreateRateLimit {
            service: self.service.clone(),
            body: CreateRateLimitRequest::new(unique_name),
        }
    }

    /// Lists the service's rate limits.
    pub fn list(&self) -> ListRateLimits {
        ListRateLimits {
            service: self.service.clone(),
            range: Range::default(),
        }
    }

    /// Fetches one rate limit.
    ///
    /// # Errors
    ///
    /// [`is_not_found`](Error::is_not_found) if there is no such rate limit.
    /// See [`ErrorKind`](crate::ErrorKind) for the others.
    pub async fn fetch(&self, sid: RateLimitSid) -> Result<RateLimit, Error> {
        check::sid("sid", &sid)?;
        call!(
            self.service.client,
            fetch_rate_limit(self.service.sid()?, &sid)
        )
    }

    /// Changes a rate limit. What isn't set stays as it is.
    pub fn update(&self, sid: RateLimitSid) -> UpdateRateLimit {
        UpdateRateLimit {
            service: self.service.clone(),
            sid,
            body: UpdateRateLimitRequest::new(),
        }
    }

    /// Deletes a rate limit, and its buckets.
    ///
    /// # Errors
    ///
    /// As [`fetch`](Self::fetch).
    pub async fn delete(&self, sid: RateLimitSid) -> Result<(), Error> {
        check::sid("sid", &sid)?;
        call!(
            self.service.client,
            delete_rate_limit(self.service.sid()?, &sid)
        )
    }
}

/// A rate limit, to be created. From [`RateLimits::create`].
#[derive(Clone, Debug)]
#[must_use = "nothing is sent until `send`"]
pub struct CreateRateLimit {
    service: ServiceContext,
    body: CreateRateLimitRequest,
}

impl CreateRateLimit {
    setters! {
        /// What the rate limit is for, in words of one's own. It should hold no
        /// personal data. Default: nothing.
        text description;
    }

    /// Creates the rate limit.
    ///
    /// # Errors
    ///
    /// Of kind [`InvalidRequest`](crate::ErrorKind::InvalidRequest), before
    /// anything is sent, if the unique name is empty. Of kind
    /// [`Refused`](crate::ErrorKind::Refused) with code
    /// [`UNIQUE_NAME_TAKEN`](crate::codes::UNIQUE_NAME_TAKEN) or
    /// [`TOO_MANY_RATE_LIMITS`](crate::codes::TOO_MANY_RATE_LIMITS). See
    /// [`ErrorKind`](crate::ErrorKind) for the others.
    pub async fn send(self) -> Result<RateLimit, Error> {
        check::body(&self.body)?;
        call!(
            self.service.client,
            create_rate_limit(self.service.sid()?, &self.body)
        )
    }
}

/// A rate limit, to be changed. From [`RateLimits::update`].
#[derive(Clone, Debug)]
#[must_use = "nothing is sent until `send`"]
pub struct UpdateRateLimit {
    service: ServiceContext,
    sid: RateLimitSid,
    body: UpdateRateLimitRequest,
}

impl UpdateRateLimit {
    setters! {
        /// What the rate limit is for, in words of one's own. It should hold no
        /// personal data.
        text description;
    }

    /// Changes the rate limit.
    ///
    /// # Errors
    ///
    /// [`is_not_found`](Error::is_not_found) if there is no such rate limit.
    /// See [`ErrorKind`](crate::ErrorKind) for the others.
    pub async fn send(self) -> Result<RateLimit, Error> {
        check::sid("sid", &self.sid)?;
        check::body(&self.body)?;
        call!(
            self.service.client,
            update_rate_limit(self.service.sid()?, &self.sid, &self.body)
        )
    }
}

/// A list of rate limits, to be read. From [`RateLimits::list`].
#[derive(Clone, Debug)]
#[must_use = "nothing is sent until `pages` or `items` are read"]
pub struct ListRateLimits {
    service: ServiceContext,
    range: Range,
}

impl ListRateLimits {
    list!(RateLimit, service);

    fn first(&self) -> Result<Request<Page<RateLimit>>, Error> {
        let page_size = self.range.page_size()?;
        request!(
            self.service.client,
            list_rate_limit(self.service.sid()?, None, page_size, None)
        )
    }
}
