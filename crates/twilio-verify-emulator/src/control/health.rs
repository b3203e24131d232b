//! `/_emulator/health`: whether the emulator serves requests.

use axum::Json;
use axum::Router;
use axum::routing::get;
use serde_json::{Value, json};

use crate::app::shared::App;
use crate::contract::error::ApiError;

/// The path of the health check.
pub(crate) const PATH: &str = "/_emulator/health";

/// Routes the health check, which needs no credentials and accepts any host: health checks of containers and
/// orchestrators use the address or the service that they know. A web page of another site learns only that an emulator
/// is running.
pub(crate) fn router() -> Router<App> {
    let route = get(show).fallback(async || ApiError::method_not_allowed());
    Router::new().route(PATH, route)
}

async fn show() -> Json<Value> {
    Json(json!({ "status": "ok" }))
}
