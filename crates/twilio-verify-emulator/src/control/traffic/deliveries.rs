//! `/_emulator/deliveries`.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Path, State};
use http::StatusCode;
use serde_json::{Value, json};

use crate::app::shared::App;
use crate::contract::error::ApiError;
use crate::webhooks::delivery::Delivery;

const NOT_FOUND: &str =
    "no delivery has this number; GET /_emulator/deliveries lists the last 1000";

pub(crate) async fn list(State(app): State<App>) -> Json<Value> {
    app.expire();
    let deliveries: Vec<Value> = app.deliveries.all().iter().map(shown).collect();
    Json(json!({ "deliveries": deliveries }))
}

fn shown(delivery: &Delivery) -> Value {
    let parameters: BTreeMap<&str, &str> = delivery.parameters().collect();
    json!({
        "number": delivery.number(),
        "date_created": delivery.date_created(),
        "redelivery_of": delivery.redelivery_of(),
        "webhook_sid": delivery.webhook_sid(),
        "service_sid": delivery.service_sid(),
        "event_type": delivery.event_type().to_string(),
        "url": delivery.url(),
        "parameters": parameters,
        "tries": delivery.tries(),
        "outcome": delivery.outcome(),
        "responses": delivery.responses,
    })
}

/// Sends an event once more, to the URL that the webhook had. This creates a new delivery.
pub(crate) async fn redeliver(
    State(app): State<App>,
    Path(number): Path<String>,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let now = app.settings.clock.now();
    let number = number.parse().ok();
    let delivery = number.and_then(|number| app.deliveries.redeliver(number, now));
    let delivery = delivery.ok_or_else(|| ApiError::nothing_here(NOT_FOUND))?;
    app.watchers.notify();
    Ok((StatusCode::CREATED, Json(shown(&delivery))))
}
