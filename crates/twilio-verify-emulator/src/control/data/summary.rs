//! `/_emulator/summary`.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use chrono::DateTime;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::app::shared::{App, Shared};
use crate::attempts::columns::counts::Counts;
use crate::attempts::data::filter::{Filter, Period, SummaryFilter};
use crate::contract::error::ApiError;
use crate::control::data::attempts::filter;
use crate::control::query::invalid_query;
use crate::values::channel::Channel;
use crate::values::country::Country;

/// The number of minutes that are counted one by one.
const MINUTES: i64 = 60;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Which {
    period: Option<Span>,
    service_sid: Option<String>,
    channel: Option<String>,
    country: Option<String>,
}

/// A period that ends now, and its division into parts.
#[derive(Clone, Copy, Deserialize)]
enum Span {
    #[serde(rename = "1h")]
    Hour,
    #[serde(rename = "24h")]
    Day,
    #[serde(rename = "30d")]
    Month,
}

impl Span {
    /// Returns the number of parts, and their length in seconds.
    const fn parts(self) -> (i64, i64) {
        match self {
            Self::Hour => (MINUTES, 60),
            Self::Day => (24, 60 * 60),
            Self::Month => (30, 24 * 60 * 60),
        }
    }
}

pub(crate) async fn summary(
    State(app): State<App>,
    query: Result<Query<Which>, QueryRejection>,
) -> Result<Json<Value>, ApiError> {
    let Query(which) = query.map_err(invalid_query(
        "`period` (1h, 24h or 30d), `service_sid`, `channel`, `country`, or some of these",
    ))?;
    let Which { service_sid, channel, country, .. } = &which;
    let filter = filter(&app, service_sid.as_deref(), channel.as_deref(), country.as_deref())?;
    let all = match which.period {
        None => filter.clone(),
        Some(span) => Filter { period: last(&app, span), ..filter.clone() },
    };
    let mut body = counted(count(&app, all.clone()));
    body["minutes"] = parts(&app, &filter, Span::Hour);
    body["buckets"] = parts(&app, &filter, which.period.unwrap_or(Span::Hour));
    let channels = Channel::ALL.iter().map(|channel| {
        let is_other = filter.channel.is_some_and(|own| own != *channel);
        let counts = match is_other {
            true => Counts::default(),
            false => count(&app, Filter { channel: Some(*channel), ..all.clone() }),
        };
        (channel.to_string(), counted(counts))
    });
    body["channels"] = channels.collect();
    body["countries"] = countries(&app, &all);
    Ok(Json(body))
}

fn count(app: &Shared, common: Filter) -> Counts {
    app.store.count(&SummaryFilter { common, ..SummaryFilter::default() })
}

/// Returns the whole period, up to the end of the current part.
fn last(app: &Shared, span: Span) -> Period {
    let (count, seconds) = span.parts();
    let current = app.settings.clock.now().timestamp().div_euclid(seconds);
    Period { from: Some((current - count + 1) * seconds), until: Some((current + 1) * seconds) }
}

fn parts(app: &Shared, filter: &Filter, span: Span) -> Value {
    let (_, seconds) = span.parts();
    let Period { from, until } = last(app, span);
    let starts = (from.unwrap_or_default()..until.unwrap_or_default()).step_by(
        // The length is positive.
        usize::try_from(seconds).unwrap_or(1),
    );
    let parts = starts.map(|from| {
        let period = Period { from: Some(from), until: Some(from + seconds) };
        let mut entry = counted(count(app, Filter { period, ..filter.clone() }));
        entry["from"] = json!(DateTime::from_timestamp(from, 0));
        entry
    });
    parts.collect()
}

/// Counts the attempts of each country that has some.
fn countries(app: &Shared, all: &Filter) -> Value {
    let mut countries = Map::new();
    for country in Country::all() {
        if all.country.is_none_or(|own| own == country) {
            let counts = count(app, Filter { country: Some(country), ..all.clone() });
            if counts.total > 0 {
                countries.insert(country.to_string(), counted(counts));
            }
        }
    }
    Value::Object(countries)
}

fn counted(counts: Counts) -> Value {
    json!({ "total_attempts": counts.total, "total_converted": counts.converted })
}
