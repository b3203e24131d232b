//! `/_emulator/code` and `/_emulator/outcomes`: the codes of verifications, and the outcomes of sending them.

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::app::shared::App;
use crate::contract::error::ApiError;
use crate::messages::outcome::{Outcome, Outcomes};

/// The maximum number of outcomes that can be set, and the maximum length of a destination.
pub(crate) const MAX_OUTCOMES: usize = 10_000;
pub(crate) const MAX_DESTINATION_BYTES: usize = 320;

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
    /// Whether the outcome applies to the next send only.
    #[serde(default)]
    once: bool,
}

pub(crate) async fn code(State(app): State<App>) -> Json<Value> {
    Json(json!({ "code": app.account().sending.code }))
}

/// Lists the outcomes that were set, and the default outcomes of magic numbers.
pub(crate) async fn outcomes(State(app): State<App>) -> Json<Value> {
    let account = app.account();
    let set =
        account.sending.outcomes.iter().map(
            |(to, chosen)| json!({ "to": to, "outcome": chosen.outcome, "once": chosen.once }),
        );
    let magic = Outcomes::magic();
    let magic = magic.map(|(to, outcome)| json!({ "to": to, "outcome": outcome }));
    Json(json!({ "outcomes": set.collect::<Vec<_>>(), "magic": magic.collect::<Vec<_>>() }))
}

pub(crate) async fn set_code(
    State(app): State<App>,
    body: Result<Json<Code>, JsonRejection>,
) -> Result<StatusCode, ApiError> {
    let Json(Code { code }) = body.map_err(|_| {
        ApiError::control("expected {\"code\": \"123456\"}, or null for random codes")
    })?;
    app.set_code(code.as_deref()).map_err(ApiError::control)?;
    app.watchers.notify();
    Ok(StatusCode::NO_CONTENT)
}

pub(crate) async fn set_outcome(
    State(app): State<App>,
    body: Result<Json<OutcomeOf>, JsonRejection>,
) -> Result<StatusCode, ApiError> {
    let Json(OutcomeOf { to, outcome, once }) = body.map_err(|_| {
        ApiError::control(
            "expected {\"to\": \"+573003003030\", \"outcome\": \"blocked\"}; an outcome is delivered, undelivered, \
             {\"slow\": milliseconds}, landline, blocked, geo_blocked, invalid_number, busy, channel_disabled, \
             or null for the default; with \"once\": true it is that of the next send only",
        )
    })?;
    if to.len() > MAX_DESTINATION_BYTES {
        return Err(ApiError::control(
            "to: expected at most 320 bytes, the length of an e-mail address",
        ));
    }
    let outcomes = &mut app.account().sending.outcomes;
    if outcome.is_some() && outcomes.chosen(&to).is_none() && outcomes.len() >= MAX_OUTCOMES {
        return Err(ApiError::control(
            "10000 outcomes are set; restore the default of some of them with null",
        ));
    }
    match outcome {
        Some(outcome) if once => outcomes.set_once(to, outcome),
        outcome => outcomes.set(to, outcome),
    }
    app.watchers.notify();
    Ok(StatusCode::NO_CONTENT)
}
