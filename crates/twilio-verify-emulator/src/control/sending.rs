//! `/_emulator/code` and `/_emulator/outcomes`: which codes are sent, and their outcomes.

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use http::StatusCode;
use serde::Deserialize;

use crate::app::shared::App;
use crate::contract::error::ApiError;
use crate::messages::outcome::Outcome;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Code {
    code: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OutcomeOf {
    to: String,
    outcome: Option<Outcome>,
}

pub(crate) async fn set_code(
    State(app): State<App>,
    body: Result<Json<Code>, JsonRejection>,
) -> Result<StatusCode, ApiError> {
    let Json(Code { code }) = body.map_err(|_| {
        ApiError::control("expected {\"code\": \"123456\"}, or null for random codes")
    })?;
    app.set_code(code.as_deref()).map_err(ApiError::control)?;
    Ok(StatusCode::NO_CONTENT)
}

pub(crate) async fn set_outcome(
    State(app): State<App>,
    body: Result<Json<OutcomeOf>, JsonRejection>,
) -> Result<StatusCode, ApiError> {
    let Json(OutcomeOf { to, outcome }) = body.map_err(|_| {
        ApiError::control(
            "expected {\"to\": \"+573003003030\", \"outcome\": \"blocked\"}; an outcome is delivered, undelivered, \
             {\"slow\": milliseconds}, landline, blocked, geo_blocked, invalid_number, busy, channel_disabled, \
             or null for the default",
        )
    })?;
    app.account().sending.outcomes.set(to, outcome);
    Ok(StatusCode::NO_CONTENT)
}
