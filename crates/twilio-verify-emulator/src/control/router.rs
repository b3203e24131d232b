//! `/_emulator/`: what tests and people can do with an emulator beyond Twilio's API. The documentation of the crate
//! lists the requests.

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{delete, get, post, put};
use http::Uri;

use crate::app::shared::App;
use crate::contract::error::ApiError;
use crate::control::{
    access, attempts, changes, clock, deliveries, faults, outbox, page, requests, reset, sending,
    sna, summary,
};

/// Requests for what a data file does not store, or that only read.
pub(crate) fn settings() -> Router<App> {
    Router::new()
        .route("/", get(page::html))
        .route("/icon.svg", get(page::icon))
        .route("/page.css", get(page::css))
        .route("/page.js", get(page::js))
        .route("/changes", get(changes::stream))
        .route("/clock", get(clock::show).post(clock::advance))
        .route("/deliveries", get(deliveries::list))
        .route("/code", put(sending::set_code))
        .route("/outbox", get(outbox::list).delete(outbox::clear))
        .route("/outcomes", put(sending::set_outcome))
        .route("/faults", get(faults::list).post(faults::add).delete(faults::clear))
        .route("/faults/{id}", delete(faults::remove))
        .route("/requests", get(requests::list))
        .route("/sna/{token}", get(sna::call).post(sna::call))
        .route("/summary", get(summary::summary))
        .fallback(async |uri: Uri| ApiError::not_found(uri.path()))
        .method_not_allowed_fallback(async || ApiError::method_not_allowed())
}

/// Requests that change what a data file stores.
pub(crate) fn contents() -> Router<App> {
    Router::new()
        .route("/attempts", get(attempts::newest).post(attempts::add))
        .route("/reset", post(reset::reset))
        .method_not_allowed_fallback(async || ApiError::method_not_allowed())
}

/// The requests at their paths, with their access.
pub(crate) fn nested(control: Router<App>, app: &App) -> Router<App> {
    let control = control.layer(from_fn_with_state(app.clone(), access::guard));
    // `nest` alone does not match the trailing slash.
    Router::new().route("/_emulator", get(page::redirect)).nest("/_emulator/", control)
}
