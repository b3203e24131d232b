//! `/_emulator/clock`.

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use chrono::{SubsecRound, TimeDelta};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::app::shared::App;
use crate::contract::error::ApiError;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Advance {
    advance_seconds: u32,
}

pub(crate) async fn show(State(app): State<App>) -> Json<Value> {
    Json(json!({ "now": app.settings.clock.now().trunc_subsecs(0) }))
}

pub(crate) async fn advance(
    State(app): State<App>,
    body: Result<Json<Advance>, JsonRejection>,
) -> Result<Json<Value>, ApiError> {
    let Json(Advance { advance_seconds }) = body.map_err(|_| {
        ApiError::control(
            "expected {\"advance_seconds\": N}, where N is a whole number of at least 0",
        )
    })?;
    let by = TimeDelta::seconds(advance_seconds.into());
    if !app.settings.clock.can_advance(by) {
        return Err(ApiError::control("advance_seconds: the clock ends at 9999-12-31T23:59:59Z"));
    }
    app.settings.clock.advance(by);
    app.expire();
    app.watchers.notify();
    Ok(show(State(app)).await)
}
