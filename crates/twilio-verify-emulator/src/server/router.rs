//! The router: from a request to the handler of its operation.

use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, RawPathParamsRejection};
use axum::extract::{DefaultBodyLimit, RawPathParams, State};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, MethodRouter, on};
use axum::{Extension, Router};
use http::Uri;

use crate::app::shared::App;
use crate::contract::error::ApiError;
use crate::contract::operation::Operation;
use crate::contract::operations::operations;
use crate::control::{health, router as control};
use crate::operations::calls::response::ApiResponse;
use crate::operations::handlers::handler;
use crate::operations::serve::{call, check};
use crate::server::access::{self, BaseUrl};
use crate::server::bodies::read_body;
use crate::server::inject::inject;
use crate::server::middleware::{guard, observe, persist};
use crate::values::sid::AccessTokenSid;

pub(crate) fn router(app: App) -> Router {
    let mut router = Router::new();
    for operation in operations() {
        if let Some(method_router) = method_router(operation) {
            let id = operation.id.as_str();
            let method_router =
                method_router.route_layer(from_fn_with_state((app.clone(), id), inject));
            router = router.route(&operation.path, method_router);
        }
    }
    let router = router
        .fallback(async |uri: Uri| ApiError::not_found(uri.path()))
        .method_not_allowed_fallback(async || ApiError::method_not_allowed());
    let router = bounded(stored(router, &app, true), &app, MAX_BODY_BYTES)
        .layer(from_fn_with_state(app.clone(), guard))
        .layer(from_fn_with_state(app.clone(), access::guard))
        // The outermost layer, so that requests that other layers reject are also observed.
        .layer(from_fn_with_state(app.clone(), observe));
    // These routes are not part of the API: they are not observed, and have their own access
    // control.
    let control = stored(control::settings(), &app, false);
    let control = bounded(control, &app, MAX_BODY_BYTES);
    let contents = stored(control::contents(), &app, true);
    let control = control.merge(bounded(contents, &app, MAX_CONTENTS_BYTES));
    let control =
        control::nested(control, &app).layer(from_fn_with_state(app.clone(), access::guard));
    router.merge(control).merge(health::router()).with_state(app)
}

/// The maximum length of a body.
const MAX_BODY_BYTES: usize = 1024 * 1024;

/// The maximum length of a body with attempts or a state, which is larger.
const MAX_CONTENTS_BYTES: usize = 64 * 1024 * 1024;

/// Limits the bodies of requests.
fn bounded(router: Router<App>, app: &App, most: usize) -> Router<App> {
    router
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn_with_state((app.clone(), most), read_body))
}

/// Makes requests write their changes to the data file, if there is one.
fn stored(router: Router<App>, app: &App, is_stored: bool) -> Router<App> {
    match app.data_file {
        Some(_) => router.layer(from_fn_with_state((app.clone(), is_stored), persist)),
        None => router,
    }
}

fn method_router(operation: &'static Operation) -> Option<MethodRouter<App>> {
    let handler = handler(operation)?;
    let serve = async move |State(app): State<App>,
                            uri: Uri,
                            segments: Result<RawPathParams, RawPathParamsRejection>,
                            Extension(BaseUrl(base)): Extension<BaseUrl>,
                            access_token: Option<Extension<AccessTokenSid>>,
                            body: Result<Bytes, BytesRejection>|
                -> Response {
        let access_token = access_token.map(|Extension(sid)| sid);
        let response = match (&segments, &body) {
            (Err(_), _) => Err(ApiError::not_found(uri.path())),
            (_, Err(_)) => Err(ApiError::body_too_long(MAX_BODY_BYTES)),
            (Ok(segments), Ok(body)) => {
                let path = (uri.path(), uri.query());
                check(&app, operation, &base, path, segments, body)
                    .and_then(|request| call(request, handler, access_token))
                    .map_err(|error| error.of_operation(&operation.id))
            }
        };
        if let Ok(ApiResponse { delay, .. }) = &response
            && !delay.is_zero()
        {
            tokio::time::sleep(*delay).await;
        }
        response.into_response()
    };
    Some(on(MethodFilter::try_from(operation.method.clone()).ok()?, serve))
}
