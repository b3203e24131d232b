//! Reads the bodies of requests: limits their length, their time, and the memory that they use together.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, HttpBody};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http_body_util::BodyExt;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use crate::app::log::RecordedBody;
use crate::app::shared::App;
use crate::contract::error::ApiError;

/// How much of a rejected body is read and discarded, and for how long, so that a client that writes all of it first
/// still reads the response.
const MAX_DISCARDED_BYTES: usize = 16 * 1024 * 1024;
const MAX_DISCARDING: Duration = Duration::from_secs(1);

/// Reads the whole body, within the limits. Its memory is reserved until the response is ready. The response gets the
/// body as an extension, for the log.
pub(crate) async fn read_body(
    State((app, most)): State<(App, usize)>,
    request: Request,
    next: Next,
) -> Response {
    if request.body().is_end_stream() {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    // The place is held only while the body is read.
    let body = match app.body_places.try_acquire() {
        Ok(_place) => {
            let reading = whole(body, most, &app.body_memory);
            let body = timeout(app.settings.read_timeout, reading).await;
            body.unwrap_or_else(|_| Err(ApiError::body_too_slow()))
        }
        Err(_) => Err(reject(body, ApiError::too_many_bodies()).await),
    };
    match body {
        Ok((body, _memory)) => {
            let recorded = RecordedBody::of(&body);
            let mut response = next.run(Request::from_parts(parts, body.into())).await;
            response.extensions_mut().insert(recorded);
            response
        }
        Err(error) => {
            let mut response = error.into_response();
            response.extensions_mut().insert(RecordedBody::default());
            response
        }
    }
}

async fn whole(
    mut body: Body,
    most: usize,
    memory: &Arc<Semaphore>,
) -> Result<(Vec<u8>, Option<OwnedSemaphorePermit>), ApiError> {
    let mut bytes = Vec::new();
    let mut reserved = None;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| ApiError::body_broken())?;
        let Ok(data) = frame.into_data() else {
            // Trailers are ignored.
            continue;
        };
        let length = bytes.len().saturating_add(data.len());
        let error = if length > most {
            ApiError::body_too_long(most)
        } else if !reserve(&mut bytes, &mut reserved, length, memory) {
            ApiError::body_memory()
        } else {
            bytes.extend_from_slice(&data);
            continue;
        };
        drop((bytes, reserved));
        return Err(reject(body, error).await);
    }
    Ok((bytes, reserved))
}

/// Reserves memory for a length, if there is enough: for twice the earlier size, so that few steps are needed, or for
/// exactly this length.
fn reserve(
    bytes: &mut Vec<u8>,
    reserved: &mut Option<OwnedSemaphorePermit>,
    length: usize,
    memory: &Arc<Semaphore>,
) -> bool {
    let held = reserved.as_ref().map_or(0, OwnedSemaphorePermit::num_permits);
    if length <= held {
        return true;
    }
    for room in [length.max(2 * held), length] {
        let more = u32::try_from(room - held).ok();
        let more = more.and_then(|more| memory.clone().try_acquire_many_owned(more).ok());
        if let Some(more) = more {
            match reserved {
                Some(reserved) => reserved.merge(more),
                None => *reserved = Some(more),
            }
            bytes.reserve_exact(room - bytes.len());
            return true;
        }
    }
    false
}

/// Discards the rest of a rejected body.
async fn reject(body: Body, error: ApiError) -> ApiError {
    // The body is rejected in any case.
    let _ = timeout(MAX_DISCARDING, discard(body)).await;
    error
}

async fn discard(mut body: Body) {
    let mut length = 0_usize;
    while let Some(Ok(frame)) = body.frame().await
        && length <= MAX_DISCARDED_BYTES
    {
        length = length.saturating_add(frame.data_ref().map_or(0, |data| data.len()));
    }
}
