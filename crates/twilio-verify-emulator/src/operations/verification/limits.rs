//! The rate limits of starting and of fetching verifications.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use crate::contract::error::ApiError;
use crate::operations::calls::call::Call;
use crate::state::account::Account;
use crate::values::sid::{BucketSid, ServiceSid, VerificationSid};

/// The maximum length of the value of a rate limit's key, in characters (assumed).
const KEY_LENGTH: usize = 1024;

/// The rate limits that apply to a start.
pub(crate) struct StartLimits(Vec<Counted>);

/// A bucket that counts a start.
struct Counted {
    /// The unique name of its rate limit.
    name: String,
    /// The bucket, and the value of the rate limit's key.
    key: (BucketSid, String),
    most: usize,
    window: TimeDelta,
}

impl StartLimits {
    pub(crate) fn new(
        account: &Account,
        service: ServiceSid,
        values: Option<&Value>,
    ) -> Result<Self, ApiError> {
        Ok(Self(buckets(account, service, values)?))
    }

    /// Checks that all limits allow one more start.
    pub(crate) fn check(&self, account: &mut Account, now: DateTime<Utc>) -> Result<(), ApiError> {
        for Counted { name, key, most, window } in &self.0 {
            let counted = &mut account.pending.counted;
            if let Some(seconds) = counted.full_for(key, *most, *window, now) {
                return Err(ApiError::too_many_requests(seconds, name));
            }
        }
        Ok(())
    }

    /// Counts a start against all limits.
    pub(crate) fn count(self, account: &mut Account, now: DateTime<Utc>) {
        for Counted { key, window, .. } in self.0 {
            account.pending.counted.count(key, window, now);
        }
    }
}

/// Counts a fetch of a verification, if it is within the limits.
pub(crate) fn count_fetch(call: &mut Call<'_>, sid: VerificationSid) -> Result<(), ApiError> {
    let now = call.now;
    let limits: Vec<(usize, usize, TimeDelta)> = call
        .app
        .settings
        .fetch_limits
        .iter()
        .enumerate()
        .map(|(index, limit)| {
            let window = TimeDelta::from_std(limit.window()).unwrap_or(TimeDelta::MAX);
            (index, limit.requests() as usize, window)
        })
        .collect();
    let fetched = &mut call.account.pending.fetched;
    for (index, most, window) in &limits {
        if let Some(seconds) = fetched.full_for(&(sid, *index), *most, *window, now) {
            return Err(ApiError::too_many_requests(seconds, "verification-status"));
        }
    }
    for (index, _, window) in limits {
        fetched.count((sid, index), window, now);
    }
    Ok(())
}

/// Returns the buckets of the rate limits that the request names.
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
            Counted {
                name: name.clone(),
                key: (bucket.sid, value.clone()),
                most: bucket.max.get() as usize,
                window: TimeDelta::seconds(bucket.interval.get().into()),
            }
        }));
    }
    Ok(counted)
}
