//! Which path is answered by what.

mod attempts;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use http::Uri;

use crate::error::ApiError;
use crate::middleware::{guard, observe};
use crate::server::App;

pub(crate) fn router(app: App) -> Router {
    Router::new()
        .route("/v2/Attempts", get(attempts::list))
        .route("/v2/Attempts/Summary", get(attempts::summary))
        .route("/v2/Attempts/{Sid}", get(attempts::fetch))
        .fallback(async |uri: Uri| ApiError::not_found(uri.path()))
        .method_not_allowed_fallback(async || ApiError::method_not_allowed())
        .layer(from_fn_with_state(app.clone(), guard))
        // The outer one, so that what `guard` refuses is observed too.
        .layer(from_fn_with_state(app.clone(), observe))
        .with_state(app)
}
