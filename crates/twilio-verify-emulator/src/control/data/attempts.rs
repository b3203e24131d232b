//! `/_emulator/attempts`.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::app::shared::{App, Shared};
use crate::attempts::data::filter::{Filter, ListFilter};
use crate::attempts::load::load_str;
use crate::contract::error::ApiError;
use crate::control::query::{invalid_query, limit, parsed};
use crate::tables::page::PageStart;

/// The default number of attempts in the list.
const NEWEST: usize = 50;

/// The filters of the list; empty ones count as absent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Which {
    to: Option<String>,
    service_sid: Option<String>,
    verification_sid: Option<String>,
    channel: Option<String>,
    country: Option<String>,
    status: Option<String>,
    limit: Option<usize>,
}

/// Parses the filters that the list and the summary share. Neither lags behind the clock.
pub(crate) fn filter(
    app: &Shared,
    service: Option<&str>,
    channel: Option<&str>,
    country: Option<&str>,
) -> Result<Filter, ApiError> {
    Ok(Filter {
        service: parsed("service_sid", service, "`VA` and 32 hexadecimal digits")?,
        channel: parsed("channel", channel, "sms, call, email, whatsapp or rbm")?,
        country: parsed("country", country, "an ISO 3166-1 alpha-2 code, such as CO")?,
        as_of: app.settings.timing.fetch(app.settings.clock.now()),
        ..Filter::default()
    })
}

pub(crate) async fn newest(
    State(app): State<App>,
    query: Result<Query<Which>, QueryRejection>,
) -> Result<Json<Value>, ApiError> {
    let Query(which) = query.map_err(invalid_query(
        "`to`, `service_sid`, `verification_sid`, `channel`, `country`, `status`, `limit`, or some of these",
    ))?;
    let Which { service_sid, channel, country, .. } = &which;
    let verification = which.verification_sid.as_deref();
    let now = app.settings.clock.now();
    let filter = ListFilter {
        common: filter(&app, service_sid.as_deref(), channel.as_deref(), country.as_deref())?,
        to: which.to.filter(|to| !to.is_empty()),
        verification: parsed("verification_sid", verification, "`VE` and 32 hexadecimal digits")?,
        status: parsed("status", which.status.as_deref(), "converted or unconverted")?,
    };
    app.expire();
    let page = app.store.page(&filter, PageStart::First, limit(which.limit, NEWEST)?);
    let seen = |attempt| app.settings.timing.seen(attempt, filter.common.as_of, now);
    let items: Vec<_> = page.items.into_iter().map(seen).collect();
    Ok(Json(json!({ "attempts": items, "more": page.next.is_some() })))
}

/// Adds either all attempts or none.
pub(crate) async fn add(
    State(app): State<App>,
    body: String,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let attempts = load_str(&body).map_err(ApiError::control)?;
    let count = attempts.len();
    if app.store.len().saturating_add(count) > app.settings.max_attempts {
        return Err(ApiError::full());
    }
    app.store.extend(attempts).map_err(ApiError::control)?;
    app.watchers.notify();
    Ok((StatusCode::CREATED, Json(json!({ "added": count }))))
}
