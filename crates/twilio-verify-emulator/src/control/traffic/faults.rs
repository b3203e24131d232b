//! `/_emulator/faults`.

use axum::Json;
use axum::extract::{Path, State};
use http::StatusCode;
use serde_json::{Value, json};

use crate::app::shared::App;
use crate::contract::error::ApiError;
use crate::faults::fault::Fault;

pub(crate) async fn list(State(app): State<App>) -> Json<Value> {
    Json(json!({ "faults": app.faults.list() }))
}

/// Adds either all faults or none: as text or as JSON, an object or an array.
pub(crate) async fn add(
    State(app): State<App>,
    body: String,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let added = Fault::parse_all(&body).and_then(|faults| app.faults.add_all(faults));
    let ids = added.map_err(ApiError::control)?;
    let mut faults = app.faults.list();
    faults.retain(|fault| ids.contains(&fault.id));
    app.watchers.notify();
    Ok((StatusCode::CREATED, Json(json!({ "faults": faults }))))
}

pub(crate) async fn clear(State(app): State<App>) -> StatusCode {
    app.faults.clear();
    app.watchers.notify();
    StatusCode::NO_CONTENT
}

pub(crate) async fn remove(
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    if !id.parse().is_ok_and(|id| app.faults.remove(id)) {
        let reason = "no fault has this id; GET /_emulator/faults lists the active ones";
        return Err(ApiError::control(reason));
    }
    app.watchers.notify();
    Ok(StatusCode::NO_CONTENT)
}
