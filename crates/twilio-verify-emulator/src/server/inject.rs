//! Applies the matching faults to a request and its response.

use std::convert::Infallible;
use std::io;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use futures_util::{StreamExt, stream};
use http::response::Parts;
use http::{HeaderValue, header};
use http_body_util::{BodyExt, Collected};
use tokio::time::sleep;

use crate::app::shared::App;
use crate::contract::error::ApiError;
use crate::faults::fault::FaultBody;
use crate::faults::rule::{Act, InjectedError};
use crate::server::connections::{Ending, NoResponse};

/// The faults that hit a request, as text; an extension of its response.
#[derive(Clone)]
pub(crate) struct Injected(pub(crate) String);

/// The maximum number of pieces of a slow body.
const PIECES: usize = 20;

/// Serves a request for an operation, and applies the faults that hit it.
pub(crate) async fn inject(
    State((app, operation)): State<(App, &'static str)>,
    request: Request,
    next: Next,
) -> Response {
    let Some(plan) = app.faults.plan(operation) else {
        return next.run(request).await;
    };
    let ending = request.extensions().get::<Ending>().cloned();
    let ending = ending.unwrap_or_default();
    sleep(plan.before).await;
    let mut response = match plan.act {
        None | Some((Act::Latency(_), _)) => next.run(request).await,
        Some((Act::Slow(duration), _)) => {
            let (parts, body) = whole(next.run(request).await).await;
            Response::from_parts(parts, slow(body, duration))
        }
        Some((Act::Truncate, _)) => cut(next.run(request).await, None).await,
        Some((Act::ResetMidway, _)) => cut(next.run(request).await, Some(ending)).await,
        Some((act, after)) => {
            if after {
                drop(next.run(request).await);
            }
            match act {
                Act::Error(error) => error.into_response(),
                Act::Reset => {
                    ending.reset();
                    no_response()
                }
                _ => no_response(),
            }
        }
    };
    sleep(plan.after).await;
    response.extensions_mut().insert(Injected(plan.hit));
    response
}

/// Creates a response that is not sent: it ends the connection instead.
fn no_response() -> Response {
    let mut response = Response::default();
    response.extensions_mut().insert(NoResponse);
    response
}

/// Returns the head of a response, with the length of its body, and the body.
async fn whole(response: Response) -> (Parts, Bytes) {
    let (mut parts, body) = response.into_parts();
    // The emulator's own bodies do not fail.
    let body = body.collect().await.map(Collected::to_bytes);
    let body = body.unwrap_or_default();
    if !body.is_empty() {
        let length = HeaderValue::from(body.len());
        parts.headers.insert(header::CONTENT_LENGTH, length);
    }
    (parts, body)
}

/// Cuts a response to half of its body. Then the connection ends, with a reset if `reset` is given.
async fn cut(response: Response, reset: Option<Ending>) -> Response {
    let (parts, body) = whole(response).await;
    if body.is_empty() {
        if let Some(ending) = reset {
            ending.reset();
        }
        return no_response();
    }
    let half = body.slice(..body.len() / 2);
    let end = async move {
        // Lets the first half be sent before.
        tokio::task::yield_now().await;
        if let Some(ending) = reset {
            ending.reset();
        }
        Err(io::Error::from(io::ErrorKind::ConnectionAborted))
    };
    let body = stream::iter([Ok(half)]).chain(stream::once(end));
    Response::from_parts(parts, Body::from_stream(body))
}

/// Splits a body into pieces that are sent over a duration.
fn slow(body: Bytes, duration: Duration) -> Body {
    let size = body.len().div_ceil(PIECES).max(1);
    let pieces = body.len().div_ceil(size).max(1);
    // The number of pieces is at most `PIECES`.
    let pause = duration / u32::try_from(pieces).unwrap_or(1);
    Body::from_stream(stream::unfold(body, move |mut rest| async move {
        if rest.is_empty() {
            return None;
        }
        sleep(pause).await;
        let piece = rest.split_to(size.min(rest.len()));
        Some((Ok::<_, Infallible>(piece), rest))
    }))
}

impl IntoResponse for InjectedError {
    fn into_response(self) -> Response {
        let mut response = match self.body {
            FaultBody::Twilio => ApiError::of_status(self.status, self.code).into_response(),
            FaultBody::Html => {
                let title = self.status;
                let page = format!(
                    "<!DOCTYPE html>\n<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>\n"
                );
                (self.status, Html(page)).into_response()
            }
            FaultBody::Empty => self.status.into_response(),
        };
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
