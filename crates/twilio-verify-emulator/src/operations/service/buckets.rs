//! `/v2/Services/{ServiceSid}/RateLimits/{RateLimitSid}/Buckets`: how many verifications a rate limit allows.

use std::num::NonZeroU32;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::contract::code::Code;
use crate::contract::error::ApiError;
use crate::operations::calls::call::Call;
use crate::operations::calls::list;
use crate::operations::calls::response::ApiResponse;
use crate::operations::service::rate_limits;
use crate::tables::page::Order;

use crate::records::bucket::Bucket;
use crate::values::sid::{BucketSid, RateLimitSid};

impl Bucket {
    fn body(&self, call: &Call<'_>) -> Value {
        json!({
            "sid": self.sid,
            "rate_limit_sid": self.rate_limit_sid,
            "service_sid": self.service_sid,
            "account_sid": call.account_sid(),
            "max": self.max,
            "interval": self.interval,
            "date_created": self.date_created,
            "date_updated": self.date_updated,
            "url": call.url(format_args!(
                "/v2/Services/{}/RateLimits/{}/Buckets/{}",
                self.service_sid, self.rate_limit_sid, self.sid
            )),
        })
    }
}

/// Returns the bucket in the path, or an error if it does not exist.
fn find<'a>(call: &'a Call<'_>) -> Result<&'a Bucket, ApiError> {
    let limit = rate_limits::find(call, "RateLimitSid")?;
    let found = call.account.buckets.get(&call.key("Sid")?);
    found.filter(|bucket| bucket.rate_limit_sid == limit.sid).ok_or_else(|| call.not_found())
}

/// Returns the intervals of the buckets of a rate limit, except for one bucket.
fn intervals(
    call: &Call<'_>,
    rate_limit_sid: RateLimitSid,
    except: Option<BucketSid>,
) -> Vec<NonZeroU32> {
    let buckets = call.account.buckets.iter().map(|(_, bucket)| bucket);
    buckets
        .filter(|bucket| bucket.rate_limit_sid == rate_limit_sid && Some(bucket.sid) != except)
        .map(|bucket| bucket.interval)
        .collect()
}

pub(crate) fn create(call: &mut Call<'_>) -> Result<ApiResponse, ApiError> {
    // Neither can be zero (assumed).
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Parameters {
        max: NonZeroU32,
        interval: NonZeroU32,
    }
    let limit = rate_limits::find(call, "RateLimitSid")?;
    let (rate_limit_sid, service_sid) = (limit.sid, limit.service_sid);
    let Parameters { max, interval } = call.read()?;
    let intervals = intervals(call, rate_limit_sid, None);
    if intervals.len() >= call.app.settings.buckets_per_rate_limit {
        return Err(Code::MaxBuckets.into());
    }
    if intervals.contains(&interval) {
        return Err(Code::BucketExists.into());
    }
    let bucket = Bucket {
        sid: call.account.draw.sid(),
        rate_limit_sid,
        service_sid,
        max,
        interval,
        date_created: call.date(),
        date_updated: call.date(),
    };
    let body = bucket.body(call);
    call.account.buckets.insert(bucket);
    ApiResponse::created(&body)
}

pub(crate) fn list(call: &mut Call<'_>) -> Result<ApiResponse, ApiError> {
    let limit = rate_limits::find(call, "RateLimitSid")?.sid;
    list::table_page(
        call,
        "buckets",
        &call.account.buckets,
        Order::NewestFirst,
        |bucket| bucket.rate_limit_sid == limit,
        |bucket| bucket.body(call),
    )
}

pub(crate) fn fetch(call: &mut Call<'_>) -> Result<ApiResponse, ApiError> {
    ApiResponse::ok(&find(call)?.body(call))
}

pub(crate) fn update(call: &mut Call<'_>) -> Result<ApiResponse, ApiError> {
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Parameters {
        max: Option<NonZeroU32>,
        interval: Option<NonZeroU32>,
    }
    let Bucket { sid, rate_limit_sid, .. } = *find(call)?;
    let (date, changes): (_, Parameters) = (call.date(), call.read()?);
    let others = intervals(call, rate_limit_sid, Some(sid));
    if changes.interval.is_some_and(|interval| others.contains(&interval)) {
        return Err(Code::BucketExists.into());
    }
    if let Some(bucket) = call.account.buckets.get_mut(&sid) {
        bucket.max = changes.max.unwrap_or(bucket.max);
        bucket.interval = changes.interval.unwrap_or(bucket.interval);
        bucket.date_updated = date;
    }
    fetch(call)
}

pub(crate) fn delete(call: &mut Call<'_>) -> Result<ApiResponse, ApiError> {
    let sid = find(call)?.sid;
    call.account.buckets.remove(&sid);
    Ok(ApiResponse::deleted())
}
