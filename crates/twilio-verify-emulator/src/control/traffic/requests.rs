//! `/_emulator/requests`.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::app::log::{Log, RecordedRequest};
use crate::app::shared::App;
use crate::contract::error::ApiError;
use crate::control::query::{invalid_query, limit};
use crate::control::traffic::hidden::Hidden;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Which {
    /// Only requests with a greater number.
    #[serde(default)]
    after: u64,
    limit: Option<usize>,
}

pub(crate) async fn list(
    State(app): State<App>,
    query: Result<Query<Which>, QueryRejection>,
) -> Result<Json<Value>, ApiError> {
    let expected = "`after` (the number of a request), `limit`, both or neither";
    let Query(which) = query.map_err(invalid_query(expected))?;
    let requests = app.log.after(which.after, limit(which.limit, Log::CAPACITY)?);
    let hidden = Hidden::of(&app);
    let requests = requests.iter().map(|request| summary(request, &hidden));
    Ok(Json(json!({ "requests": requests.collect::<Vec<Value>>() })))
}

fn summary(request: &RecordedRequest, hidden: &Hidden<'_>) -> Value {
    json!({
        "number": request.number,
        "id": request.id(),
        "received": request.received(),
        "method": request.method(),
        "path": hidden.text(request.path()),
        "query": request.query().map(|query| hidden.text(query)),
        "operation": request.operation(),
        "status": request.status(),
        "code": request.code(),
        "duration_ms": (request.duration().as_secs_f64() * 1e6).round() / 1e3,
        "fault": request.fault(),
    })
}

/// Shows a request with its headers and bodies. Secrets are hidden.
pub(crate) async fn show(
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let request = app.log.get(&id).ok_or_else(|| {
        ApiError::nothing_here(
            "no request has this id; GET /_emulator/requests lists the last 1000",
        )
    })?;
    let hidden = Hidden::of(&app);
    let mut shown = summary(&request, &hidden);
    shown["request_headers"] = hidden.headers(&request.headers);
    shown["request_body"] = hidden.body(&request.body, &request.headers);
    shown["response_headers"] = hidden.headers(&request.response_headers);
    shown["response_body"] = hidden.body(&request.response_body, &request.response_headers);
    Ok(Json(shown))
}
