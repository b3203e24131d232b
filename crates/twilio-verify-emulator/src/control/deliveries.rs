//! `/_emulator/deliveries`.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use crate::app::shared::App;

pub(crate) async fn list(State(app): State<App>) -> Json<Value> {
    app.expire();
    let deliveries = app.deliveries.all();
    let deliveries: Vec<Value> = deliveries
        .iter()
        .map(|delivery| {
            let parameters: BTreeMap<&str, &str> = delivery.parameters().collect();
            json!({
                "webhook_sid": delivery.webhook_sid(),
                "service_sid": delivery.service_sid(),
                "event_type": delivery.event_type().to_string(),
                "url": delivery.url(),
                "parameters": parameters,
                "tries": delivery.tries(),
                "outcome": delivery.outcome(),
            })
        })
        .collect();
    Json(json!({ "deliveries": deliveries }))
}
