//! `/_emulator/verifications`: the verifications of the inbox, including those that have ended, and actions on them.
//! Actions that the API also offers are performed by its own operations.

use axum::Json;
use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use chrono::{DateTime, Utc};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use url::form_urlencoded;

use crate::app::shared::{App, Shared};
use crate::contract::error::ApiError;
use crate::contract::operations::operations;
use crate::control::query::{DEFAULT_LIMIT, invalid_body, invalid_query, limit, parsed};
use crate::messages::outcome::Outcome;
use crate::operations::calls::response::ApiResponse;
use crate::operations::handlers::handler;
use crate::operations::serve::{call, check};
use crate::records::service::Service;
use crate::records::verification::Verification;
use crate::state::account::Account;
use crate::state::journal::{Entry, Event, SentMessage, Status};
use crate::state::verifications::expire_at;
use crate::values::channel::Channel;
use crate::values::sid::{ServiceSid, VerificationSid};

const NOT_FOUND: &str =
    "no verification has this SID; GET /_emulator/verifications lists the last 10000";

/// A verification as the inbox shows it.
#[derive(Serialize)]
pub(crate) struct Shown<'a> {
    sid: VerificationSid,
    service_sid: ServiceSid,
    service_name: Option<&'a str>,
    to: &'a str,
    channel: &'static str,
    status: Status,
    code: Option<&'a str>,
    checks: u32,
    checks_left: u32,
    sends_left: Option<u32>,
    date_created: DateTime<Utc>,
    date_updated: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    /// The outcome of the next send.
    outcome: Outcome,
    outcome_once: bool,
    revision: u64,
    messages: Vec<&'a SentMessage>,
    events: Vec<&'a Event>,
}

impl<'a> Shown<'a> {
    pub(crate) fn new(app: &Shared, account: &'a Account, entry: &'a Entry) -> Self {
        let Entry { verification, status, revision, messages, events } = entry;
        let service = account.services.get(&verification.service_sid);
        let chosen = account.sending.outcomes.chosen(&verification.to);
        let settings = &app.settings.verification;
        let sends = u32::try_from(verification.sends.len()).unwrap_or(u32::MAX);
        Self {
            sid: verification.sid,
            service_sid: verification.service_sid,
            service_name: service.map(|service| service.settings.friendly_name()),
            to: &verification.to,
            channel: verification.channel().map_or("sna", Channel::as_str),
            status: *status,
            code: verification.code.as_deref(),
            checks: verification.checks,
            checks_left: settings.max_checks.saturating_sub(verification.checks),
            sends_left: settings.max_sends.map(|most| most.saturating_sub(sends)),
            date_created: verification.date_created,
            date_updated: verification.date_updated,
            expires_at: verification.expires_at,
            outcome: account.sending.outcomes.get(&verification.to),
            outcome_once: chosen.is_some_and(|chosen| chosen.once),
            revision: *revision,
            messages: messages.iter().collect(),
            events: events.iter().collect(),
        }
    }

    /// Whether a search finds the verification: by a part of its number, by its code, or by a SID.
    fn is_found_by(&self, text: &str) -> bool {
        let has = |own: &str| own.to_lowercase().contains(text);
        has(self.to)
            || self.code.is_some_and(has)
            || self.service_name.is_some_and(has)
            || has(&self.sid.to_string())
            || has(&self.service_sid.to_string())
            || self.messages.iter().any(|message| has(&message.attempt_sid.to_string()))
    }
}

/// The filters of the list.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Filters {
    to: Option<String>,
    service_sid: Option<String>,
    status: Option<String>,
    search: Option<String>,
    #[serde(default)]
    after: u64,
    limit: Option<usize>,
}

pub(crate) async fn list(
    State(app): State<App>,
    query: Result<Query<Filters>, QueryRejection>,
) -> Result<Json<Value>, ApiError> {
    let expected =
        "`to`, `service_sid`, `status`, `search`, `after` (a revision), `limit`, or some of these";
    let Query(filters) = query.map_err(invalid_query(expected))?;
    let limit = limit(filters.limit, DEFAULT_LIMIT)?;
    let service: Option<ServiceSid> =
        parsed("service_sid", filters.service_sid.as_deref(), "`VA` and 32 hexadecimal digits")?;
    let status = filters.status.as_deref().filter(|status| !status.is_empty());
    let status = status.map(|text| serde_json::from_value::<Status>(text.into())).transpose();
    let status = status.map_err(|_| {
        ApiError::control(
            "status: expected pending, max_attempts_reached, approved, canceled, expired or deleted",
        )
    })?;
    let search = filters.search.map(|text| text.trim().to_lowercase());
    app.expire();
    let account = app.account();
    let journal = &account.journal;
    let shown = journal
        .changed_after(filters.after)
        .filter(|entry| {
            let own = &entry.verification;
            filters.to.as_ref().is_none_or(|to| *to == own.to)
                && service.is_none_or(|service| service == own.service_sid)
                && status.is_none_or(|status| status == entry.status)
        })
        .map(|entry| Shown::new(&app, &account, entry))
        .filter(|shown| search.as_ref().is_none_or(|text| shown.is_found_by(text)));
    let mut shown: Vec<_> = shown.take(limit + 1).collect();
    let more = shown.len() > limit;
    shown.truncate(limit);
    Ok(Json(json!({
        "verifications": shown,
        "more": more,
        "revision": journal.revision(),
        "cleared": journal.cleared(),
    })))
}

pub(crate) async fn show(
    State(app): State<App>,
    Path(sid): Path<String>,
) -> Result<Json<Value>, ApiError> {
    app.expire();
    shown(&app, known(&app, &sid)?)
}

fn shown(app: &App, sid: VerificationSid) -> Result<Json<Value>, ApiError> {
    let account = app.account();
    let entry = account.journal.get(sid).ok_or_else(|| ApiError::nothing_here(NOT_FOUND))?;
    let shown = serde_json::to_value(Shown::new(app, &account, entry));
    shown.map(Json).map_err(|_| ApiError::internal())
}

/// Returns the SID in the path, if the verification is known.
fn known(app: &App, sid: &str) -> Result<VerificationSid, ApiError> {
    let sid = sid.parse().ok();
    sid.filter(|sid| app.account().journal.get(*sid).is_some())
        .ok_or_else(|| ApiError::nothing_here(NOT_FOUND))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Start {
    to: String,
    channel: Option<String>,
    service_sid: Option<ServiceSid>,
}

/// Starts a verification, as `CreateVerification` does, but without credentials.
pub(crate) async fn start(
    State(app): State<App>,
    body: Result<Json<Start>, JsonRejection>,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let Json(start) = body.map_err(invalid_body(
        "{\"to\": \"+573003003030\"}, and optionally \"channel\" (sms) and \"service_sid\" (the first service, or a new one)",
    ))?;
    let service = match start.service_sid {
        Some(sid) => sid,
        None => first_service(&app),
    };
    let channel = start.channel.as_deref().unwrap_or("sms");
    let sid = send(&app, service, &start.to, channel).await?;
    Ok((StatusCode::CREATED, shown(&app, sid)?))
}

/// Returns the first service, or a new one if there are none.
fn first_service(app: &Shared) -> ServiceSid {
    let mut account = app.account();
    if let Some((_, service)) = account.services.iter().next() {
        return service.sid;
    }
    let sid = account.draw.sid();
    account.services.insert(Service::new(sid, "Sample", app.settings.clock.now()));
    sid
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SendAgain {
    channel: Option<String>,
}

/// Sends the code of a pending verification again, as another `CreateVerification` does.
pub(crate) async fn send_again(
    State(app): State<App>,
    Path(sid): Path<String>,
    body: String,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let sid = known(&app, &sid)?;
    let SendAgain { channel } = match body.trim() {
        "" => SendAgain::default(),
        body => serde_json::from_str(body).map_err(|_| {
            ApiError::control("expected no body, or {\"channel\": \"call\"} for another channel")
        })?,
    };
    let verification = open(&app, sid)?;
    let own = verification.channel().map_or("sna", Channel::as_str);
    let channel = channel.as_deref().unwrap_or(own);
    send(&app, verification.service_sid, &verification.to, channel).await?;
    Ok((StatusCode::CREATED, shown(&app, sid)?))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Change {
    status: NewStatus,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum NewStatus {
    Approved,
    Canceled,
    Expired,
}

/// Approves or cancels a pending verification, as `UpdateVerification` does, or makes it expire now.
pub(crate) async fn change(
    State(app): State<App>,
    Path(sid): Path<String>,
    body: Result<Json<Change>, JsonRejection>,
) -> Result<Json<Value>, ApiError> {
    let sid = known(&app, &sid)?;
    let Json(Change { status }) = body.map_err(invalid_body(
        "{\"status\": \"approved\"}; a status is approved, canceled or expired",
    ))?;
    let verification = open(&app, sid)?;
    let status = match status {
        NewStatus::Approved => "approved",
        NewStatus::Canceled => "canceled",
        NewStatus::Expired => {
            let now = app.settings.clock.now();
            expire_at(&mut app.account(), sid, now);
            app.expire();
            app.watchers.notify();
            return shown(&app, sid);
        }
    };
    let (service, name) = (verification.service_sid.to_string(), sid.to_string());
    let segments = [("ServiceSid", service.as_str()), ("Sid", name.as_str())];
    perform(&app, "UpdateVerification", &segments, &[("Status", status)]).await?;
    shown(&app, sid)
}

/// Returns a verification that has not ended.
fn open(app: &App, sid: VerificationSid) -> Result<Verification, ApiError> {
    app.expire();
    let account = app.account();
    let open = account.verifications.get(&sid).filter(|verification| verification.is_open());
    open.cloned().ok_or_else(|| {
        ApiError::conflict("the verification has ended: start a new one for its number")
    })
}

/// Sends a code, and returns the verification.
async fn send(
    app: &App,
    service: ServiceSid,
    to: &str,
    channel: &str,
) -> Result<VerificationSid, ApiError> {
    let name = service.to_string();
    let form = [("To", to), ("Channel", channel)];
    perform(app, "CreateVerification", &[("ServiceSid", &name)], &form).await?;
    let found = app.account().pending.find(service, to);
    // It may have been approved at this moment.
    found.ok_or_else(|| ApiError::conflict("the verification has ended already"))
}

/// Performs an operation of the API, with the same checks, limits and events.
async fn perform(
    app: &App,
    id: &str,
    segments: &[(&str, &str)],
    form: &[(&str, &str)],
) -> Result<(), ApiError> {
    let operation = operations().iter().find(|operation| operation.id == id);
    let operation = operation.ok_or_else(ApiError::internal)?;
    let handler = handler(operation).ok_or_else(ApiError::internal)?;
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
    let mut path = operation.path.clone();
    for (name, value) in segments {
        path = path.replace(&format!("{{{name}}}"), value);
    }
    let segments = segments.iter().copied();
    let response = check(app, operation, &app.url, (&path, None), segments, body.as_bytes())
        .and_then(|request| call(request, handler, None))
        .map_err(|error| error.of_operation(id));
    app.watchers.notify();
    let ApiResponse { delay, .. } = response?;
    tokio::time::sleep(delay).await;
    Ok(())
}
