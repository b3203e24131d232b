//! `/_emulator/info`: what a program, or the page, has to know to use the emulator.

use axum::Json;
use axum::extract::State;
use http::{HeaderMap, header};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use crate::app::hosts::Authority;
use crate::app::settings::Settings;
use crate::app::shared::App;
use crate::contract::operations::operations;
use crate::messages::outcome::Outcomes;

/// How many services are named.
const SERVICES: usize = 100;

pub(crate) async fn show(State(app): State<App>, headers: HeaderMap) -> Json<Value> {
    let settings = &app.settings;
    let host = headers.get(header::HOST).and_then(|host| Authority::parse(host.as_bytes()));
    let url = host.map_or_else(|| app.url.clone(), |host| app.base_url(&host));
    // One that was chosen is not shown to everybody on this machine.
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
    }))
}
