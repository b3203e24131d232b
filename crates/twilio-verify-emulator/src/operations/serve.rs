//! Serves requests for operations: the checks, then the handler.

use http::Method;

use crate::app::shared::{EXPIRED_AT_ONCE, Shared};
use crate::contract::error::ApiError;
use crate::contract::operation::Operation;
use crate::operations::calls::call::Call;
use crate::operations::calls::request::CheckedRequest;
use crate::operations::calls::response::ApiResponse;
use crate::operations::handlers::Handler;
use crate::state::{challenges, verifications};
use crate::values::sid::AccessTokenSid;

/// Checks a request against the limit of its operation and against the document.
pub(crate) fn check<'a>(
    app: &'a Shared,
    operation: &'a Operation,
    base: &'a str,
    (path, query): (&'a str, Option<&str>),
    segments: impl IntoIterator<Item = (&'a str, &'a str)>,
    body: &[u8],
) -> Result<CheckedRequest<'a>, ApiError> {
    let segments = operation.check_path(segments).ok_or_else(|| ApiError::not_found(path))?;
    if let Some((name, limiter)) = app.limiters.get(operation.id.as_str()) {
        let checked = limiter.check(app.settings.clock.now());
        checked.map_err(|seconds| ApiError::too_many_requests(seconds, name))?;
    }
    let mut parameters = operation.check_query(query.unwrap_or_default())?;
    if operation.method == Method::POST {
        parameters.extend(operation.check_body(body)?);
    }
    Ok(CheckedRequest {
        app,
        operation,
        now: app.settings.clock.now(),
        base,
        requested: path,
        path: segments,
        parameters,
    })
}

/// Calls the handler of a request.
pub(crate) fn call(
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
    // This also announces events of a rejected request: it may be rejected because something has
    // expired.
    app.announce_events(&mut account);
    response
}
