//! From a request to the operation that serves it.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, RawPathParams, State};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, MethodRouter, on};
use axum::{Extension, Router};
use http::{Method, Uri};

use crate::contract::error::ApiError;
use crate::contract::operation::Operation;
use crate::contract::operations::operations;
use crate::control::router::router as control;
use crate::operations::calls::call::Answer;
use crate::operations::calls::call::Call;
use crate::operations::calls::call::Handler;

use crate::app::shared::App;
use crate::app::shared::EXPIRED_AT_ONCE;
use crate::operations::{attempts, handlers};
use crate::server::inject::inject;
use crate::server::middleware::guard;
use crate::server::middleware::keep;
use crate::server::middleware::observe;
use crate::server::middleware::{MAX_BODY_BYTES, read_body};
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
        .method_not_allowed_fallback(async || ApiError::method_not_allowed())
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn_with_state(app.clone(), read_body))
        .layer(from_fn_with_state(app.clone(), guard))
        // The outer one, so that what `guard` refuses is observed too.
        .layer(from_fn_with_state(app.clone(), observe))
        // No part of the API: neither guarded nor observed like it.
        .merge(control(app.clone()));
    let router = match app.data_file {
        Some(_) => router.layer(from_fn_with_state(app.clone(), keep)),
        None => router,
    };
    router.with_state(app)
}

fn method_router(operation: &'static Operation) -> Option<MethodRouter<App>> {
    if let Some(method_router) = attempts::method_router(operation) {
        return Some(method_router);
    }
    let handler = handlers::handler(operation)?;
    let serve = async move |State(app): State<App>,
                            uri: Uri,
                            segments: RawPathParams,
                            access_token: Option<Extension<AccessTokenSid>>,
                            body: Result<Bytes, BytesRejection>|
                -> Response {
        let answer = body
            .map_err(|_| ApiError::body_too_long(MAX_BODY_BYTES))
            .and_then(|body| {
                call(
                    &app,
                    operation,
                    handler,
                    &uri,
                    &segments,
                    access_token.map(|Extension(sid)| sid),
                    &body,
                )
            });
        if let Ok(Answer { delay, .. }) = &answer
            && !delay.is_zero()
        {
            tokio::time::sleep(*delay).await;
        }
        answer.into_response()
    };
    Some(on(
        MethodFilter::try_from(operation.method.clone()).ok()?,
        serve,
    ))
}

fn call(
    app: &App,
    operation: &Operation,
    handler: Handler,
    uri: &Uri,
    segments: &RawPathParams,
    access_token: Option<AccessTokenSid>,
    body: &[u8],
) -> Result<Answer, ApiError> {
    let path = operation
        .check_path(segments.iter())
        .ok_or_else(|| ApiError::not_found(uri.path()))?;
    let mut parameters = operation.check_query(uri.query().unwrap_or_default())?;
    if operation.method == Method::POST {
        parameters.extend(operation.check_body(body)?);
    }
    let mut state = app.state();
    let now = app.settings.clock.now();
    verifications::expire(&mut state, &app.store, now, EXPIRED_AT_ONCE);
    challenges::expire(&mut state, now);
    let settings = &app.settings;
    let is_full = operation.method == Method::POST
        && (state.len() >= settings.max_resources || app.store.len() >= settings.max_attempts);
    let mut call = Call {
        app,
        state: &mut state,
        now,
        requested: uri.path(),
        access_token,
        path,
        parameters,
    };
    let answer = match is_full {
        true => Err(ApiError::full()),
        false => handler(&mut call),
    };
    // Those of a refused request too: it may be refused because something has expired.
    app.announce_events(&mut state);
    answer
}
