//! `/v2/Attempts`, `/v2/Attempts/{Sid}` and `/v2/Attempts/Summary`.

use rust_decimal::Decimal;
use serde::{Serialize, Serializer};

use crate::attempts::data::attempt::Attempt;
use crate::attempts::data::filter::{Filter, ListFilter, SummaryFilter};
use crate::attempts::rate::rate;
use crate::contract::error::ApiError;
use crate::operations::calls::list;
use crate::operations::calls::request::CheckedRequest;
use crate::operations::calls::response::ApiResponse;
use crate::values::sid::AttemptSid;

/// An attempt as a response shows it.
struct AttemptOf<'a> {
    attempt: Attempt,
    account_sid: &'a str,
    url: String,
}

impl Serialize for AttemptOf<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.attempt.body(Some(self.account_sid), Some(&self.url)).serialize(serializer)
    }
}

#[derive(Serialize)]
struct SummaryBody {
    total_attempts: u64,
    total_converted: u64,
    total_unconverted: u64,
    #[serde(with = "rust_decimal::serde::str_option")]
    conversion_rate_percentage: Option<Decimal>,
    url: String,
}

fn body<'a>(request: &'a CheckedRequest<'_>, attempt: Attempt) -> AttemptOf<'a> {
    AttemptOf {
        url: request.url(format_args!("/v2/Attempts/{}", attempt.sid)),
        account_sid: request.account_sid(),
        attempt,
    }
}

/// Reads the filters that the list and the summary share. They exclude attempts that were created before
/// `retained_from`, and everything that became known after `as_of`.
fn filter(
    request: &CheckedRequest<'_>,
    retained_from: Option<i64>,
    as_of: Option<i64>,
) -> Result<Filter, ApiError> {
    let period = request
        .app
        .settings
        .bounds
        .period(request.parameter("DateCreatedAfter")?, request.parameter("DateCreatedBefore")?);
    Ok(Filter {
        period: period.not_before(retained_from),
        as_of,
        service: request.parameter("VerifyServiceSid")?,
        country: request.parameter("Country")?,
        channel: request.parameter("Channel")?,
    })
}

pub(crate) fn list(request: &CheckedRequest<'_>) -> Result<ApiResponse, ApiError> {
    let settings = &request.app.settings;
    let now = settings.clock.now();
    let as_of = settings.timing.list(now);
    let filter = ListFilter {
        common: filter(request, settings.retained_from(), as_of)?,
        to: request.parameter("ChannelData.To")?,
        verification: request.parameter("VerificationSid")?,
        status: request.parameter("Status")?,
    };
    list::page(
        request,
        "attempts",
        |start, size| request.app.store.page(&filter, start, size),
        |attempt| body(request, settings.timing.seen(attempt, as_of, now)),
    )
}

pub(crate) fn fetch(request: &CheckedRequest<'_>) -> Result<ApiResponse, ApiError> {
    let sid: AttemptSid = request.key("Sid")?;
    let settings = &request.app.settings;
    let now = settings.clock.now();
    let (retained_from, as_of) = (settings.retained_from(), settings.timing.fetch(now));
    let is_shown = |attempt: &Attempt| {
        let created = attempt.date_created.timestamp();
        retained_from.is_none_or(|from| created >= from)
            && as_of.is_none_or(|second| created <= second)
    };
    let attempt = request.app.store.get(sid).filter(is_shown);
    let attempt = attempt.ok_or_else(|| request.not_found())?;
    ApiResponse::ok(&body(request, settings.timing.seen(attempt, as_of, now)))
}

pub(crate) fn summary(request: &CheckedRequest<'_>) -> Result<ApiResponse, ApiError> {
    let settings = &request.app.settings;
    let filter = SummaryFilter {
        common: filter(
            request,
            settings.summarised_from(),
            settings.timing.summary(settings.clock.now()),
        )?,
        prefix: request.parameter("DestinationPrefix")?,
    };
    let counts = request.app.store.count(&filter);
    ApiResponse::ok(&SummaryBody {
        total_attempts: counts.total,
        total_converted: counts.converted,
        total_unconverted: counts.total - counts.converted,
        conversion_rate_percentage: rate(counts, &settings.rate),
        url: request.own_url(),
    })
}
