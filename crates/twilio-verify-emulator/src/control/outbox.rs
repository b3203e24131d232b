//! `/_emulator/outbox`.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::app::shared::App;
use crate::contract::error::ApiError;

/// The filters of the list.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Which {
    /// Only messages to this destination.
    to: Option<String>,
    /// Only messages with a greater number.
    #[serde(default)]
    after: u64,
}

pub(crate) async fn list(
    State(app): State<App>,
    query: Result<Query<Which>, QueryRejection>,
) -> Result<Json<Value>, ApiError> {
    let Query(Which { to, after }) = query.map_err(|_| {
        ApiError::control(
            "invalid query: expected `to` (a destination), `after` (the number of a message), both or neither",
        )
    })?;
    let mut messages = app.outbox.messages_after(after);
    messages.retain(|message| to.as_ref().is_none_or(|to| message.to == *to));
    Ok(Json(json!({ "messages": messages })))
}

pub(crate) async fn clear(State(app): State<App>) -> StatusCode {
    app.outbox.clear();
    app.watchers.notify();
    StatusCode::NO_CONTENT
}
