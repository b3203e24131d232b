//! `/_emulator/sna/{token}`: what a device calls through its mobile network.

use axum::Json;
use axum::extract::{Path, State};
use http::Uri;
use serde_json::{Value, json};

use crate::app::shared::App;
use crate::contract::error::ApiError;
use crate::state::verifications::{SnaCall, call_sna};

/// Responds as the network would (assumed): whether it vouches for the number, and the token for the check.
pub(crate) async fn call(
    State(app): State<App>,
    uri: Uri,
    Path(token): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let now = app.settings.clock.now();
    let called = call_sna(&mut app.account(), &token, now);
    let SnaCall { vouched, client_token } =
        called.ok_or_else(|| ApiError::not_found(uri.path()))?;
    Ok(Json(json!({ "vouched": vouched, "sna_client_token": client_token })))
}
