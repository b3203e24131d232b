//! The limits of a start: the sends to its destination, and the rate limits that the request names.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use crate::contract::error::ApiError;
use crate::state::account::Account;
use crate::time::limit::RateLimit;
use crate::values::sid::{BucketSid, ServiceSid};

/// The maximum length of the value of a rate limit's key, in characters (assumed).
const KEY_LENGTH: usize = 1024;

/// The limits of one start.
pub(crate) struct StartLimits {
    destination: (ServiceSid, String),
    /// The maximum number of sends, and the window.
    sends: Option<(usize, TimeDelta)>,
    buckets: Vec<Counted>,
}

impl StartLimits {
    pub(crate) fn new(
        account: &Account,
        service: ServiceSid,
        to: &str,
        send_limit: Option<RateLimit>,
        values: Option<&Value>,
    ) -> Result<Self, ApiError> {
        Ok(Self {
            destination: (service, to.to_owned()),
            sends: send_limit.map(|limit| {
                let window = TimeDelta::from_std(limit.window()).unwrap_or(TimeDelta::MAX);
                (limit.requests() as usize, window)
            }),
            buckets: buckets(account, service, values)?,
        })
    }

    /// Checks that one more is within all limits.
    pub(crate) fn check(&self, account: &mut Account, now: DateTime<Utc>) -> Result<(), ApiError> {
        if let Some((most, window)) = self.sends {
            let sends = &mut account.pending.sends;
            let full_for = sends.full_for(&self.destination, most, window, now);
            if full_for.is_some() {
                return Err(ApiError::max_send_attempts());
            }
        }
        for (key, most, window) in &self.buckets {
            let counted = &mut account.pending.counted;
            if let Some(seconds) = counted.full_for(key, *most, *window, now) {
                return Err(ApiError::too_many_requests(seconds));
            }
        }
        Ok(())
    }

    /// Counts one more against all limits.
    pub(crate) fn count(self, account: &mut Account, now: DateTime<Utc>) {
        if let Some((_, window)) = self.sends {
            account.pending.sends.count(self.destination, window, now);
        }
        for (key, _, window) in self.buckets {
            account.pending.counted.count(key, window, now);
        }
    }
}

/// A limit of a start: a bucket and the value of its rate limit's key, the maximum, and the window.
type Counted = ((BucketSid, String), usize, TimeDelta);

/// The buckets of the rate limits that the request names.
fn buckets(
    account: &Account,
    service: ServiceSid,
    values: Option<&Value>,
) -> Result<Vec<Counted>, ApiError> {
    let invalid = || ApiError::invalid_parameter("RateLimits");
    let values = match values {
        None => return Ok(Vec::new()),
        Some(Value::Object(values)) => values,
        Some(_) => return Err(invalid()),
    };
    let mut counted = Vec::new();
    for (name, value) in values {
        let value = match value {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            _ => return Err(invalid()),
        };
        if value.is_empty() || value.chars().count() > KEY_LENGTH {
            return Err(invalid());
        }
        let mut limits = account.rate_limits.iter().map(|(_, limit)| limit);
        let limit = limits.find(|limit| limit.service_sid == service && limit.unique_name == *name);
        let limit = limit.ok_or_else(invalid)?.sid;
        let buckets = account.buckets.iter().map(|(_, bucket)| bucket);
        counted.extend(buckets.filter(|bucket| bucket.rate_limit_sid == limit).map(|bucket| {
            let window = TimeDelta::seconds(bucket.interval.get().into());
            ((bucket.sid, value.clone()), bucket.max.get() as usize, window)
        }));
    }
    Ok(counted)
}
