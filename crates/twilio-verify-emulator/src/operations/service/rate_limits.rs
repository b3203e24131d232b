//! `/v2/Services/{ServiceSid}/RateLimits`: the keys by whose values verifications are counted.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::contract::code::Code;
use crate::contract::error::ApiError;
use crate::operations::calls::call::Call;
use crate::operations::calls::list;
use crate::operations::calls::response::ApiResponse;
use crate::tables::page::Order;

use crate::records::rate_limit::RateLimit;
use crate::tables::parent::Parent;

impl RateLimit {
    fn body(&self, call: &Call<'_>) -> Value {
        let url =
            call.url(format_args!("/v2/Services/{}/RateLimits/{}", self.service_sid, self.sid));
        json!({
            "sid": self.sid,
            "service_sid": self.service_sid,
            "account_sid": call.account_sid(),
            "unique_name": self.unique_name,
            "description": self.description,
            "date_created": self.date_created,
            "date_updated": self.date_updated,
            "url": url,
            "links": { "buckets": format!("{url}/Buckets") },
        })
    }
}

/// Returns the rate limit in the path, or an error if it does not exist. `name` is the name of its
/// parameter.
pub(crate) fn find<'a>(call: &'a Call<'_>, name: &str) -> Result<&'a RateLimit, ApiError> {
    let service = call.service()?;
    let found = call.account.rate_limits.get(&call.key(name)?);
    found.filter(|limit| limit.service_sid == service).ok_or_else(|| call.not_found())
}

pub(crate) fn create(call: &mut Call<'_>) -> Result<ApiResponse, ApiError> {
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Parameters {
        unique_name: String,
        description: Option<String>,
    }
    let service_sid = call.service()?;
    let Parameters { unique_name, description } = call.read()?;
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    if unique_name.is_empty() || !unique_name.bytes().all(is_allowed) {
        return Err(ApiError::invalid_parameter("UniqueName"));
    }
    let others = call.account.rate_limits.iter().map(|(_, limit)| limit);
    let others = others.filter(|limit| limit.service_sid == service_sid);
    let names: Vec<&str> = others.map(|limit| limit.unique_name.as_str()).collect();
    if names.contains(&unique_name.as_str()) {
        return Err(Code::RateLimitExists.into());
    }
    if names.len() >= call.app.settings.rate_limits_per_service {
        return Err(Code::MaxRateLimits.into());
    }
    let limit = RateLimit {
        sid: call.account.draw.sid(),
        service_sid,
        unique_name,
        description,
        date_created: call.date(),
        date_updated: call.date(),
    };
    let body = limit.body(call);
    call.account.rate_limits.insert(limit);
    ApiResponse::created(&body)
}

pub(crate) fn list(call: &mut Call<'_>) -> Result<ApiResponse, ApiError> {
    let service = call.service()?;
    list::table_page(
        call,
        "rate_limits",
        &call.account.rate_limits,
        Order::NewestFirst,
        |limit| limit.service_sid == service,
        |limit| limit.body(call),
    )
}

pub(crate) fn fetch(call: &mut Call<'_>) -> Result<ApiResponse, ApiError> {
    ApiResponse::ok(&find(call, "Sid")?.body(call))
}

pub(crate) fn update(call: &mut Call<'_>) -> Result<ApiResponse, ApiError> {
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Parameters {
        description: Option<String>,
    }
    let sid = find(call, "Sid")?.sid;
    let (date, changes): (_, Parameters) = (call.date(), call.read()?);
    if let Some(limit) = call.account.rate_limits.get_mut(&sid) {
        limit.description = changes.description.or(limit.description.take());
        limit.date_updated = date;
    }
    fetch(call)
}

pub(crate) fn delete(call: &mut Call<'_>) -> Result<ApiResponse, ApiError> {
    let sid = find(call, "Sid")?.sid;
    call.account.rate_limits.remove(&sid);
    call.account.remove_within(&Parent::RateLimit(sid), call.request.now);
    Ok(ApiResponse::deleted())
}
