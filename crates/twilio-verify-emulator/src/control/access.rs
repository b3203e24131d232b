//! Access to `/_emulator/`: if other machines can reach the emulator, requests need the account's credentials.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header;

use crate::app::credentials;
use crate::app::shared::App;
use crate::contract::error::ApiError;

/// Rejects requests without credentials, unless only this machine can send requests.
pub(crate) async fn guard(State(app): State<App>, request: Request, next: Next) -> Response {
    let settings = &app.settings;
    let authorization = request.headers().get(header::AUTHORIZATION);
    if settings.loopback || credentials::accepts(&settings.credentials, authorization) {
        next.run(request).await
    } else {
        ApiError::unauthenticated().into_response()
    }
}
