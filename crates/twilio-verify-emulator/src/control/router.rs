//! `/_emulator/`: what tests and people can do with an emulator beyond Twilio's API. The documentation of the crate
//! lists the requests.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{delete, get, post, put};
use http::Uri;

use crate::app::shared::App;
use crate::contract::error::ApiError;
use crate::control::{
    access, attempts, changes, clock, deliveries, faults, outbox, page, requests, reset, sending,
    sna, summary,
};

/// The longest body that is read: attempts come in bulk.
const MAX_BODY_BYTES: usize = 64 * 1024 * 1024;

pub(crate) fn router(app: App) -> Router<App> {
    let control = Router::new()
        .route("/", get(page::html))
        .route("/icon.svg", get(page::icon))
        .route("/page.css", get(page::css))
        .route("/page.js", get(page::js))
        .route("/attempts", get(attempts::newest).post(attempts::add))
        .route("/changes", get(changes::stream))
        .route("/clock", get(clock::show).post(clock::advance))
        .route("/deliveries", get(deliveries::list))
        .route("/code", put(sending::set_code))
        .route("/outbox", get(outbox::list).delete(outbox::clear))
        .route("/outcomes", put(sending::set_outcome))
        .route("/faults", get(faults::list).post(faults::add).delete(faults::clear))
        .route("/faults/{id}", delete(faults::remove))
        .route("/requests", get(requests::list))
        .route("/reset", post(reset::reset))
        .route("/sna/{token}", get(sna::call).post(sna::call))
        .route("/summary", get(summary::summary))
        .fallback(async |uri: Uri| ApiError::not_found(uri.path()))
        .method_not_allowed_fallback(async || ApiError::method_not_allowed())
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .layer(from_fn_with_state(app, access::guard));
    // `nest` alone does not match the trailing slash.
    Router::new().route("/_emulator", get(page::redirect)).nest("/_emulator/", control)
}
