//! Middleware for every request.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use axum::body::{Body, HttpBody};
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};
use http_body_util::{BodyExt, Collected};

use crate::app::credentials;
use crate::app::log;
use crate::app::log::{RecordedBody, RecordedRequest};
use crate::app::shared::App;
use crate::contract::error::ApiError;
use crate::operations::identity::access_tokens;
use crate::server::connections::NoResponse;
use crate::server::inject::Injected;
use crate::server::shown_path::shown_path;

/// A guard that counts a request as in progress until it is dropped.
struct Served<'a>(&'a AtomicUsize);

impl<'a> Served<'a> {
    /// Counts a request, and returns the count including this one.
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
    let (received, began) = (app.settings.clock.now(), Instant::now());
    let method = request.method().clone();
    let (uri, headers) = log::copy(request.uri(), request.headers());
    let template = request.extensions().get::<MatchedPath>().cloned();

    let (mut response, response_body) = recorded(next.run(request).await).await;
    let duration = began.elapsed();
    if let Ok(id) = HeaderValue::try_from(&id) {
        response.headers_mut().insert("twilio-request-id", id);
    }
    response.headers_mut().insert("twilio-concurrent-requests", concurrent.into());
    // The date is from the clock that all dates of a response are from.
    if let Ok(date) = HeaderValue::try_from(received.format("%a, %d %b %Y %T GMT").to_string()) {
        response.headers_mut().insert(header::DATE, date);
    }
    let status = match response.extensions().get::<NoResponse>() {
        None => response.status().as_u16(),
        Some(NoResponse) => 0,
    };
    let fault = response.extensions_mut().remove::<Injected>();
    let body = response.extensions_mut().remove::<RecordedBody>();
    tracing::debug!(
        method = method.as_str(),
        path = shown_path(template.as_ref().map(MatchedPath::as_str), uri.path()),
        status,
        elapsed_ms = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX),
        id,
        fault = fault.as_ref().map(|Injected(faults)| faults.as_str()),
        "request"
    );
    // Logged before the response is sent, so that its recipient finds the request in the log.
    app.log.push(RecordedRequest {
        number: 0,
        id,
        received,
        method,
        uri,
        headers,
        status,
        fault: fault.map(|Injected(faults)| faults),
        duration,
        body: body.unwrap_or(RecordedBody { length: Some(0), ..RecordedBody::default() }),
        response_headers: response.headers().clone(),
        response_body,
    });
    app.watchers.notify();
    response
}

/// Returns a response, and its body for the log. A body that is sent in pieces is not recorded.
async fn recorded(response: Response) -> (Response, RecordedBody) {
    let length = response.body().size_hint().exact();
    let length = length.and_then(|length| usize::try_from(length).ok());
    if length.is_none_or(|length| length > RecordedBody::LONGEST) {
        return (response, RecordedBody { length, ..RecordedBody::default() });
    }
    let (parts, body) = response.into_parts();
    // The body is in memory: this neither waits nor fails.
    let bytes = body.collect().await.map(Collected::to_bytes).unwrap_or_default();
    let recorded = RecordedBody { length, bytes: bytes.clone() };
    (Response::from_parts(parts, Body::from(bytes)), recorded)
}

/// Delays every response until its changes are in the data file. While the file cannot be written to, requests that
/// change `stored` data are rejected, and all others are served.
pub(crate) async fn persist(
    State((app, stored)): State<(App, bool)>,
    request: Request,
    next: Next,
) -> Response {
    let changes = stored && !request.method().is_safe();
    if changes && let Err(error) = app.recover().await {
        return ApiError::not_writable(&error.reason).into_response();
    }
    let response = next.run(request).await;
    match app.persist().await {
        Err(error) if changes => ApiError::not_persisted(&error.reason).into_response(),
        _ => response,
    }
}

/// The maximum length of a query string.
const MAX_QUERY_BYTES: usize = 8 * 1024;

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
