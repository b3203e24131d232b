//! The router: from a request to the handler of its operation.

use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, RawPathParamsRejection};
use axum::extract::{DefaultBodyLimit, RawPathParams, State};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, MethodRouter, on};
use axum::{Extension, Router};
use http::{Method, Uri};

use crate::app::shared::{App, EXPIRED_AT_ONCE, Shared};
use crate::contract::error::ApiError;
use crate::contract::operation::Operation;
use crate::contract::operations::operations;
use crate::control::{health, router as control};
use crate::operations::calls::call::Call;
use crate::operations::calls::request::CheckedRequest;
use crate::operations::calls::response::ApiResponse;
use crate::operations::handlers::{Handler, handler};
use crate::server::access::{self, BaseUrl};
use crate::server::bodies::read_body;
use crate::server::inject::inject;
use crate::server::middleware::{guard, observe, persist};
use crate::state::{challenges, verifications};
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
        // The outermost layer, so that requests that are rejected before are observed too.
        .layer(from_fn_with_state(app.clone(), observe));
    // Not part of the API: not observed, and with access of their own.
    let control = stored(control::settings(), &app, false);
    let control = bounded(control, &app, MAX_BODY_BYTES);
    let contents = stored(control::contents(), &app, true);
    let control = control.merge(bounded(contents, &app, MAX_CONTENTS_BYTES));
    let control =
        control::nested(control, &app).layer(from_fn_with_state(app.clone(), access::guard));
    router.merge(control).merge(health::router()).with_state(app)
}

/// The longest body that is read.
const MAX_BODY_BYTES: usize = 1024 * 1024;

/// The same for attempts, which come in bulk.
const MAX_CONTENTS_BYTES: usize = 64 * 1024 * 1024;

/// Limits the bodies of requests.
fn bounded(router: Router<App>, app: &App, most: usize) -> Router<App> {
    router
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn_with_state((app.clone(), most), read_body))
}

/// Writes what requests change to the data file, if there is one.
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
            (Ok(segments), Ok(body)) => check(&app, operation, &base, &uri, segments, body)
                .and_then(|request| call(request, handler, access_token))
                .map_err(|error| error.of_operation(&operation.id)),
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

/// Checks a request against the limit of its operation and against the document.
fn check<'a>(
    app: &'a Shared,
    operation: &'a Operation,
    base: &'a str,
    uri: &'a Uri,
    segments: &RawPathParams,
    body: &[u8],
) -> Result<CheckedRequest<'a>, ApiError> {
    let path =
        operation.check_path(segments.iter()).ok_or_else(|| ApiError::not_found(uri.path()))?;
    if let Some((name, limiter)) = app.limiters.get(operation.id.as_str()) {
        let checked = limiter.check(app.settings.clock.now());
        checked.map_err(|seconds| ApiError::too_many_requests(seconds, name))?;
    }
    let mut parameters = operation.check_query(uri.query().unwrap_or_default())?;
    if operation.method == Method::POST {
        parameters.extend(operation.check_body(body)?);
    }
    Ok(CheckedRequest {
        app,
        operation,
        now: app.settings.clock.now(),
        base,
        requested: uri.path(),
        path,
        parameters,
    })
}

/// Serves a request.
fn call(
    mut request: CheckedRequest<'_>,
    handler: Handler,
    access_token: Option<AccessTokenSid>,
) -> Result<ApiResponse, ApiError> {
    let app = request.app;
    let handler = match handler {
        Handler::Attempts(handler) => {
            app.expire();
            return handler(&request);
        }
        Handler::Account(handler) => handler,
    };
    let mut account = app.account();
    // The time at which the request gets the lock, so that times are in the order of requests.
    request.now = app.settings.clock.now();
    let settings = &app.settings;
    verifications::expire(&mut account, &app.store, request.now, EXPIRED_AT_ONCE);
    challenges::expire(&mut account, request.now);
    let is_full = request.operation.method == Method::POST
        && (account.len() >= settings.max_resources || app.store.len() >= settings.max_attempts);
    let mut call = Call { request, account: &mut account, access_token };
    let response = match is_full {
        true => Err(ApiError::full()),
        false => handler(&mut call),
    };
    // Events of a rejected request too: it may be rejected because something has expired.
    app.announce_events(&mut account);
    response
}
