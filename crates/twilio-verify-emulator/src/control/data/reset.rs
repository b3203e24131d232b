//! `/_emulator/reset`.

use axum::extract::State;
use http::StatusCode;

use crate::app::shared::App;

pub(crate) async fn reset(State(app): State<App>) -> StatusCode {
    app.reset();
    StatusCode::NO_CONTENT
}
