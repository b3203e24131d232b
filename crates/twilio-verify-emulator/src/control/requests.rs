//! `/_emulator/requests`.

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use crate::app::shared::App;

pub(crate) async fn list(State(app): State<App>) -> Json<Value> {
    let requests = app.log.requests();
    let requests: Vec<Value> = requests
        .iter()
        .map(|request| {
            json!({
                "id": request.id(),
                "received": request.received(),
                "method": request.method(),
                "path": request.path(),
                "query": request.query(),
                "status": request.status(),
                "fault": request.fault(),
            })
        })
        .collect();
    Json(json!({ "requests": requests }))
}
