//! `/_emulator/truth`.

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use crate::app::shared::App;

/// Shows the truth about the scenarios.
pub(crate) async fn show(State(app): State<App>) -> Json<Value> {
    Json(json!({ "scenarios": app.happenings.truth(&app.store) }))
}
