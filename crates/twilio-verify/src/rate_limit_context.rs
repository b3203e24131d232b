//! What is within a rate limit.

use twilio_verify_api::types::{RateLimitSid, ServiceSid};

use crate::buckets::Buckets;
use crate::{Error, ServiceContext, check};

/// A rate limit whose buckets are to be reached. From
/// [`ServiceContext::rate_limit`].
///
/// Nothing is sent until one of them is.
#[derive(Clone, Debug)]
pub struct RateLimitContext {
    pub(crate) service: ServiceContext,
    sid: RateLimitSid,
}

impl RateLimitContext {
    pub(crate) fn new(service: ServiceContext, sid: RateLimitSid) -> Self {
        Self { service, sid }
    }

    /// The service's SID and the rate limit's, if they can be sent.
    pub(crate) fn path(&self) -> Result<(&ServiceSid, &RateLimitSid), Error> {
        check::sid("rate_limit", &self.sid)?;
        Ok((self.service.sid()?, &self.sid))
    }

    /// Buckets: create, list, fetch, update, delete.
    pub fn buckets(&self) -> Buckets {
        Buckets::new(self.clone())
    }
}
