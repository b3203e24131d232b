//! `/v2/Attempts` and what lies below.

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get};
use http::Uri;
use rust_decimal::Decimal;
use serde::Serialize;

use crate::app::shared::App;
use crate::attempts::data::attempt::Attempt;
use crate::attempts::data::body::AttemptBody;
use crate::attempts::data::position::Start;
use crate::attempts::rate::rate;
use crate::contract::error::ApiError;
use crate::contract::operation::Operation;
use crate::operations::calls::list::Meta;
use crate::operations::query;
use crate::operations::query::ListQuery;

const PATH: &str = "/v2/Attempts";

/// What serves an operation on attempts.
pub(crate) fn method_router(operation: &Operation) -> Option<MethodRouter<App>> {
    Some(match operation.id.as_str() {
        "ListVerificationAttempt" => get(list),
        "FetchVerificationAttempt" => get(fetch),
        "FetchVerificationAttemptsSummary" => get(summary),
        _ => return None,
    })
}

#[derive(Serialize)]
struct ListBody<'a> {
    attempts: Vec<AttemptBody<'a>>,
    meta: Meta,
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

fn body<'a>(app: &'a App, attempt: &'a Attempt) -> AttemptBody<'a> {
    attempt.body(
        Some(&app.settings.account_sid),
        Some(format!("{}{PATH}/{}", app.url, attempt.sid)),
    )
}

async fn list(State(app): State<App>, RawQuery(raw): RawQuery) -> Result<Response, ApiError> {
    app.expire();
    let mut query = ListQuery::parse(&raw.unwrap_or_default(), app.settings.bounds)?;
    let period = &mut query.filter.common.period;
    *period = period.not_before(app.settings.retained_from());

    let page = app
        .store
        .page(&query.filter, query.start, query.page_size as usize);
    let url = |number, start| format!("{}{PATH}?{}", app.url, query.for_page(number, start));
    let meta = Meta {
        page: query.page,
        page_size: query.page_size,
        first_page_url: url(0, Start::Newest),
        previous_page_url: page
            .newer
            .map(|start| url(query.page.saturating_sub(1), start)),
        url: url(query.page, query.start),
        next_page_url: page
            .older
            .map(|start| url(query.page.saturating_add(1), start)),
        key: "attempts",
    };
    let attempts = page
        .attempts
        .iter()
        .map(|attempt| body(&app, attempt))
        .collect();
    Ok(Json(ListBody { attempts, meta }).into_response())
}

async fn fetch(State(app): State<App>, uri: Uri) -> Result<Response, ApiError> {
    app.expire();
    // The path as it came: a SID needs no decoding, and what does is none.
    let sid = uri.path().rsplit('/').next().unwrap_or_default();
    let attempt = sid.parse().ok().and_then(|sid| app.store.get(sid));
    let retained_from = app.settings.retained_from();
    match attempt
        .filter(|attempt| retained_from.is_none_or(|from| attempt.date_created.timestamp() >= from))
    {
        Some(attempt) => Ok(Json(body(&app, &attempt)).into_response()),
        None => Err(ApiError::not_found(uri.path())),
    }
}

async fn summary(State(app): State<App>, RawQuery(raw): RawQuery) -> Result<Response, ApiError> {
    app.expire();
    if let Some(limiter) = &app.summary_limiter {
        limiter
            .check(app.settings.clock.now())
            .map_err(ApiError::too_many_requests)?;
    }
    let mut filter = query::summary(&raw.unwrap_or_default(), app.settings.bounds)?;
    filter.common.period = filter
        .common
        .period
        .not_before(app.settings.summarised_from());

    let counts = app.store.count(&filter);
    let body = SummaryBody {
        total_attempts: counts.total,
        total_converted: counts.converted,
        total_unconverted: counts.total - counts.converted,
        conversion_rate_percentage: rate(counts, &app.settings.rate),
        url: format!("{}{PATH}/Summary", app.url),
    };
    Ok(Json(body).into_response())
}
