//! Middleware: what happens to every request.

use std::sync::atomic::{AtomicUsize, Ordering};

use axum::body::{Body, HttpBody};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};
use http_body_util::BodyExt;

use crate::app::credentials;
use crate::app::log;
use crate::app::log::RecordedRequest;
use crate::app::shared::App;
use crate::contract::error::ApiError;
use crate::operations::identity::access_tokens;
use crate::server::connections::NoResponse;
use crate::server::inject::Injected;

/// Counts a request as in progress, until it is dropped.
struct Served<'a>(&'a AtomicUsize);

impl<'a> Served<'a> {
    /// The count includes this one.
    fn begin(count: &'a AtomicUsize) -> (Self, usize) {
        let before = count.fetch_add(1, Ordering::Relaxed);
        (Self(count), before + 1)
    }
}

impl Drop for Served<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Adds the request id and the number of concurrent requests to every response, including errors, and logs the request.
pub(crate) async fn observe(State(app): State<App>, request: Request, next: Next) -> Response {
    let (_served, concurrent) = Served::begin(&app.concurrent);
    let id = app.request_ids.draw();
    let received = app.settings.clock.now();
    let method = request.method().clone();
    let (uri, headers) = log::copy(request.uri(), request.headers());

    let mut response = next.run(request).await;
    if let Ok(id) = HeaderValue::try_from(&id) {
        response.headers_mut().insert("twilio-request-id", id);
    }
    response.headers_mut().insert("twilio-concurrent-requests", concurrent.into());
    let status = match response.extensions().get::<NoResponse>() {
        None => response.status().as_u16(),
        Some(NoResponse) => 0,
    };
    let fault = response.extensions_mut().remove::<Injected>();
    // Before the response is sent, so that its recipient finds the request in the log.
    app.log.push(RecordedRequest {
        id,
        received,
        method,
        uri,
        headers,
        status,
        fault: fault.map(|Injected(faults)| faults),
    });
    app.watchers.notify();
    response
}

/// Holds every response back until its changes are in the data file.
pub(crate) async fn persist(State(app): State<App>, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    match app.persist().await {
        Ok(()) => response,
        Err(error) => ApiError::not_persisted(&error.reason).into_response(),
    }
}

/// The longest query string that is read.
const MAX_QUERY_BYTES: usize = 8 * 1024;

/// The longest body that is read.
pub(crate) const MAX_BODY_BYTES: usize = 1024 * 1024;

/// How much of a body that is too long is read and discarded, so that a client that writes all of it first still reads
/// the response.
const MAX_DISCARDED_BYTES: usize = 16 * MAX_BODY_BYTES;

/// Reads the body to its end, within the limits of length and time.
pub(crate) async fn read_body(State(app): State<App>, request: Request, next: Next) -> Response {
    if request.body().is_end_stream() {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let body = tokio::time::timeout(app.settings.read_timeout, whole(body)).await;
    match body.unwrap_or_else(|_| Err(ApiError::body_too_slow())) {
        Ok(body) => next.run(Request::from_parts(parts, body.into())).await,
        Err(error) => error.into_response(),
    }
}

async fn whole(mut body: Body) -> Result<Vec<u8>, ApiError> {
    let mut bytes = Vec::new();
    let mut length = 0_usize;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| ApiError::body_broken())?;
        let Ok(data) = frame.into_data() else {
            // Trailers.
            continue;
        };
        length = length.saturating_add(data.len());
        if length <= MAX_BODY_BYTES {
            bytes.extend_from_slice(&data);
        } else if length > MAX_DISCARDED_BYTES {
            break;
        }
    }
    if length > MAX_BODY_BYTES {
        return Err(ApiError::body_too_long(MAX_BODY_BYTES));
    }
    Ok(bytes)
}

/// Rejects requests without valid credentials, and queries that are too long.
pub(crate) async fn guard(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let authorization = request.headers().get(header::AUTHORIZATION);
    if !credentials::accepts(&app.settings.credentials, authorization) {
        // A device that registers itself has only an access token.
        let token = authorization.and_then(credentials::access_token);
        let path = request.uri().path();
        let granted =
            token.and_then(|token| access_tokens::granting(&app, request.method(), path, &token));
        let Some(sid) = granted else {
            return ApiError::unauthenticated().into_response();
        };
        request.extensions_mut().insert(sid);
    }
    if request.uri().query().is_some_and(|query| query.len() > MAX_QUERY_BYTES) {
        return ApiError::query_too_long(MAX_QUERY_BYTES).into_response();
    }
    next.run(request).await
}
