//! `/_emulator/clock`.

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use chrono::{SubsecRound, TimeDelta};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::app::shared::App;
use crate::contract::error::ApiError;
use crate::control::query::invalid_body;
use crate::time::date::{DateProblem, date};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Advance {
    advance_seconds: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Set {
    now: Option<String>,
    running: Option<bool>,
}

pub(crate) async fn show(State(app): State<App>) -> Json<Value> {
    let clock = &app.settings.clock;
    Json(json!({
        "now": clock.now().trunc_subsecs(0),
        "running": clock.is_running(),
        "ahead_seconds": clock.ahead().num_seconds(),
    }))
}

pub(crate) async fn advance(
    State(app): State<App>,
    body: Result<Json<Advance>, JsonRejection>,
) -> Result<Json<Value>, ApiError> {
    let Json(Advance { advance_seconds }) = body.map_err(invalid_body(
        "{\"advance_seconds\": N}, where N is a whole number of at least 0",
    ))?;
    let by = TimeDelta::seconds(advance_seconds.into());
    if !app.settings.clock.can_advance(by) {
        return Err(ApiError::control("advance_seconds: the clock ends at 9999-12-31T23:59:59Z"));
    }
    app.settings.clock.advance(by);
    app.expire();
    app.watchers.notify();
    Ok(show(State(app)).await)
}

/// Sets the time, forward or back, and whether the clock runs from there.
pub(crate) async fn set(
    State(app): State<App>,
    body: Result<Json<Set>, JsonRejection>,
) -> Result<Json<Value>, ApiError> {
    let expected = "{\"now\": \"2026-03-02T21:00:00Z\"}, and optionally \"running\": false to stop the clock there";
    let Json(set) = body.map_err(invalid_body(expected))?;
    let clock = &app.settings.clock;
    let now = match &set.now {
        None if set.running.is_none() => {
            return Err(ApiError::control(format!("expected {expected}")));
        }
        None => clock.now(),
        Some(text) => date(text).map_err(|problem| {
            ApiError::control(match problem {
                DateProblem::Malformed => {
                    "now: expected a date in ISO 8601, such as 2026-03-02T21:00:00Z"
                }
                DateProblem::OutOfRange => "now: expected a date of the years 0000 to 9999",
            })
        })?,
    };
    clock.set(now, set.running.unwrap_or(true));
    app.expire();
    app.watchers.notify();
    Ok(show(State(app)).await)
}
