//! The rate limits of services.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::tables::parent::Parent;
use crate::tables::table::Record;
use crate::values::sid::{RateLimitSid, ServiceSid};

/// A rate limit. The maximums are in its buckets.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct RateLimit {
    pub(crate) sid: RateLimitSid,
    pub(crate) service_sid: ServiceSid,
    /// The name of the key in requests for verifications.
    pub(crate) unique_name: String,
    pub(crate) description: Option<String>,
    pub(crate) date_created: DateTime<Utc>,
    pub(crate) date_updated: DateTime<Utc>,
}

impl Record for RateLimit {
    type Key = RateLimitSid;

    fn key(&self) -> RateLimitSid {
        self.sid
    }

    fn is_within(&self, parent: &Parent) -> bool {
        matches!(parent, Parent::Service(service) if *service == self.service_sid)
    }
}
