//! `/_emulator/attempts`.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use serde_json::{Value, json};

use crate::app::shared::App;
use crate::attempts::data::filter::ListFilter;
use crate::attempts::load::load_str;
use crate::contract::error::ApiError;
use crate::tables::page::PageStart;

/// How many attempts the web page shows.
const NEWEST: usize = 50;

pub(crate) async fn newest(State(app): State<App>) -> Json<Value> {
    let page = app.store.page(&ListFilter::default(), PageStart::First, NEWEST);
    Json(json!({ "attempts": page.items }))
}

/// Adds attempts, all or none.
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
