//! `/_emulator/outbox`.

use std::time::Duration;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use chrono::{DateTime, Utc};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::app::shared::{App, Shared};
use crate::contract::error::ApiError;
use crate::control::query::invalid_query;
use crate::messages::outbox::Message;
use crate::state::journal::Status;

/// The longest wait, in seconds: shorter than the usual timeouts of proxies and clients.
const MAX_WAIT: u64 = 60;

/// The filters of the list.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Which {
    /// Only messages to this destination.
    to: Option<String>,
    /// Only messages with a greater number.
    #[serde(default)]
    after: u64,
    /// How many seconds to wait for a message, if there are none yet.
    #[serde(default)]
    wait: u64,
}

impl Which {
    fn matches(&self, message: &Message) -> bool {
        self.to.as_ref().is_none_or(|to| message.to == *to)
    }
}

/// A message, and the state of its verification.
#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    message: Message,
    service_name: Option<String>,
    /// This and the following fields are null if the verification is not among the last 10,000.
    status: Option<Status>,
    checks_left: Option<u32>,
    expires_at: Option<DateTime<Utc>>,
}

pub(crate) async fn list(
    State(app): State<App>,
    query: Result<Query<Which>, QueryRejection>,
) -> Result<Json<Value>, ApiError> {
    let expected = "`to` (a destination), `after` (the number of a message), `wait` (0 to 60 seconds), or some of \
                    these";
    let Query(which) = query.map_err(invalid_query(expected))?;
    if which.wait > MAX_WAIT {
        return Err(ApiError::control("wait: expected 0 to 60 seconds; ask again after that"));
    }
    if which.wait > 0 {
        wait(&app, &which).await?;
    }
    let mut messages = app.outbox.messages_after(which.after);
    messages.retain(|message| which.matches(message));
    app.expire();
    Ok(Json(json!({ "messages": shown(&app, messages) })))
}

/// Waits for a message, until the timeout ends or the emulator stops.
async fn wait(app: &App, which: &Which) -> Result<(), ApiError> {
    let place = app.waiting.try_acquire();
    let _place = place.map_err(|_| ApiError::too_many_waiting(Shared::MAX_WAITING))?;
    let mut messages = app.outbox.subscribe_after(which.after);
    let found = async { while !which.matches(&messages.next().await) {} };
    let mut stopped = app.stopped();
    tokio::select! {
        () = found => {}
        () = tokio::time::sleep(Duration::from_secs(which.wait)) => {}
        _ = stopped.wait_for(|stop| *stop) => {}
    }
    Ok(())
}

fn shown(app: &App, messages: Vec<Message>) -> Vec<Shown> {
    let account = app.account();
    let most = app.settings.verification.max_checks;
    let messages = messages.into_iter().map(|message| {
        let service = account.services.get(&message.service_sid);
        let entry = account.journal.get(message.verification_sid);
        Shown {
            service_name: service.map(|service| service.settings.friendly_name().to_owned()),
            status: entry.map(|entry| entry.status),
            checks_left: entry.map(|entry| most.saturating_sub(entry.verification.checks)),
            expires_at: entry.map(|entry| entry.verification.expires_at),
            message,
        }
    });
    messages.collect()
}

pub(crate) async fn clear(State(app): State<App>) -> StatusCode {
    app.outbox.clear();
    app.watchers.notify();
    StatusCode::NO_CONTENT
}
