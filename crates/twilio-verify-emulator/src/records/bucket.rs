//! The buckets of rate limits.

use std::num::NonZeroU32;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::tables::parent::Parent;
use crate::tables::table::Record;
use crate::values::sid::{BucketSid, RateLimitSid, ServiceSid};

/// A bucket of a rate limit: at most `max` verifications for each value of the key, in `interval` seconds.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Bucket {
    pub(crate) sid: BucketSid,
    pub(crate) rate_limit_sid: RateLimitSid,
    pub(crate) service_sid: ServiceSid,
    pub(crate) max: NonZeroU32,
    /// The interval in seconds.
    pub(crate) interval: NonZeroU32,
    pub(crate) date_created: DateTime<Utc>,
    pub(crate) date_updated: DateTime<Utc>,
}

impl Record for Bucket {
    type Key = BucketSid;

    fn key(&self) -> BucketSid {
        self.sid
    }

    fn is_within(&self, parent: &Parent) -> bool {
        match parent {
            Parent::Service(service) => *service == self.service_sid,
            Parent::RateLimit(limit) => *limit == self.rate_limit_sid,
            Parent::Entity(_) => false,
        }
    }
}
