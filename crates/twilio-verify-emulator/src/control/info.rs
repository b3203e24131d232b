//! `/_emulator/info`: what a program, or the page, needs to know to use the emulator.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use http::{HeaderMap, header};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use crate::app::hosts::Authority;
use crate::app::settings::Settings;
use crate::app::shared::App;
use crate::attempts::data::filter::Bound;
use crate::contract::operations::operations;
use crate::messages::outcome::Outcomes;

/// The maximum number of services in the response.
const SERVICES: usize = 100;

pub(crate) async fn show(State(app): State<App>, headers: HeaderMap) -> Json<Value> {
    let settings = &app.settings;
    let host = headers.get(header::HOST).and_then(|host| Authority::parse(host.as_bytes()));
    let url = host.map_or_else(|| app.url.clone(), |host| app.base_url(&host));
    // A token that the user has chosen is not shown to everybody on this machine.
    let token = settings.auth_token.expose_secret();
    let token = (token == Settings::DEFAULT_AUTH_TOKEN).then_some(token);
    let account = app.account();
    let services = account.services.iter().take(SERVICES).map(|(_, service)| {
        json!({ "sid": service.sid, "friendly_name": service.settings.friendly_name() })
    });
    let magic = Outcomes::magic().map(|(to, outcome)| json!({ "to": to, "outcome": outcome }));
    let mut ids: Vec<&str> = operations().iter().map(|operation| operation.id.as_str()).collect();
    ids.sort_unstable();
    Json(json!({
        "version": env!("CARGO_PKG_VERSION"),
        "url": url,
        "account_sid": settings.account_sid,
        "auth_token": token,
        "services": services.collect::<Vec<_>>(),
        "magic_numbers": magic.collect::<Vec<_>>(),
        "operations": ids,
        "attempts": attempts(settings),
    }))
}

/// Shows the settings for what Twilio leaves open about attempts; durations are in seconds.
fn attempts(settings: &Settings) -> Value {
    let Settings { bounds, timing, .. } = settings;
    let is_included = |bound| bound == Bound::Inclusive;
    let seconds = |duration: Option<Duration>| duration.map(|duration| duration.as_secs_f64());
    json!({
        "created_after_is_inclusive": is_included(bounds.after),
        "created_before_is_inclusive": is_included(bounds.before),
        "retention": seconds(settings.retention),
        "summary_retention": seconds(settings.summary_retention),
        "as_of_clock": timing.as_of_clock,
        "list_lag": timing.list_lag.as_secs_f64(),
        "summary_lag": timing.summary_lag.as_secs_f64(),
        "price_delay": seconds(timing.price_delay),
        "delivery_delay": seconds(timing.delivery_delay),
    })
}
