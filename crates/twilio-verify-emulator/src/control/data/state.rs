//! `/_emulator/state`: export and import of everything that a data file stores, and of the settings that requests to
//! `/_emulator/` change.

use axum::Json;
use axum::extract::State;
use chrono::TimeDelta;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::app::shared::App;
use crate::attempts::data::attempt::Attempt;
use crate::attempts::load::load_str;
use crate::attempts::store::Store;
use crate::contract::error::ApiError;
use crate::control::inbox::sending::{MAX_DESTINATION_BYTES, MAX_OUTCOMES};
use crate::faults::fault::Fault;
use crate::messages::code::is_code;
use crate::messages::outcome::{Outcome, Outcomes, Sending};
use crate::state::account::Account;
use crate::state::snapshot::{self, Tables};

/// The version of the format. It must be raised when earlier versions can no longer be read.
const FORMAT: u64 = 1;

/// An exported state.
#[derive(Serialize)]
struct Exported {
    format: u64,
    version: &'static str,
    settings: SavedSettings,
    tables: Tables,
    attempts: Vec<Attempt>,
}

/// A state to import.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Imported {
    format: u64,
    #[serde(default, rename = "version")]
    _version: Option<String>,
    settings: SavedSettings,
    tables: Tables,
    attempts: Value,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SavedSettings {
    code: Option<String>,
    outcomes: Vec<SavedOutcome>,
    faults: Vec<Fault>,
    /// How far the emulator's clock is ahead of the machine's.
    clock_ahead_milliseconds: i64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SavedOutcome {
    to: String,
    outcome: Outcome,
    once: bool,
}

pub(crate) async fn export(State(app): State<App>) -> Result<Json<impl Serialize>, ApiError> {
    app.expire();
    let mut account = app.account();
    let sending = &account.sending;
    let outcomes = sending.outcomes.iter().map(|(to, chosen)| SavedOutcome {
        to: to.to_owned(),
        outcome: chosen.outcome,
        once: chosen.once,
    });
    let settings = SavedSettings {
        code: sending.code.clone(),
        outcomes: outcomes.collect(),
        faults: app.faults.list().into_iter().map(|active| active.fault).collect(),
        clock_ahead_milliseconds: app.settings.clock.ahead().num_milliseconds(),
    };
    let tables = snapshot::save(&mut account).map_err(|_| ApiError::internal())?;
    let attempts = app.store.all();
    Ok(Json(Exported {
        format: FORMAT,
        version: env!("CARGO_PKG_VERSION"),
        settings,
        tables,
        attempts,
    }))
}

/// Replaces the state with an exported one. On error nothing changes.
pub(crate) async fn import(State(app): State<App>, body: String) -> Result<StatusCode, ApiError> {
    let imported: Imported = serde_json::from_str(&body).map_err(|error| {
        // The message of `serde_json` is left out, as it may repeat a value.
        let (line, column) = (error.line(), error.column());
        ApiError::control(format!(
            "line {line}, column {column}: not a state; import what GET /_emulator/state has exported"
        ))
    })?;
    let Imported { format, settings, tables, attempts, .. } = imported;
    if format != FORMAT {
        return Err(ApiError::control(
            "format: expected 1; it was exported by another version of the emulator",
        ));
    }
    let store = Store::default();
    let attempts = load_str(&attempts.to_string()).map_err(ApiError::control)?;
    store.extend(attempts).map_err(ApiError::control)?;
    let mut restored = Account::empty(app.settings.seed, sending(&settings)?);
    if app.data_file.is_some() {
        restored.track();
    }
    snapshot::restore(tables, &mut restored).map_err(ApiError::control)?;
    if restored.len() > app.settings.max_resources || store.len() > app.settings.max_attempts {
        return Err(ApiError::full());
    }
    let ahead = TimeDelta::milliseconds(settings.clock_ahead_milliseconds);
    app.faults.replace(settings.faults).map_err(ApiError::control)?;

    let mut account = app.account();
    account.replace(restored);
    app.store.replace(&store);
    app.outbox.clear();
    app.settings.clock.reset();
    app.settings.clock.advance(ahead);
    drop(account);
    app.watchers.notify();
    Ok(StatusCode::NO_CONTENT)
}

fn sending(settings: &SavedSettings) -> Result<Sending, ApiError> {
    if settings.code.as_deref().is_some_and(|code| !is_code(code)) {
        return Err(ApiError::control("settings.code: expected 4 to 10 letters or digits"));
    }
    let is_long = |outcome: &SavedOutcome| outcome.to.len() > MAX_DESTINATION_BYTES;
    if settings.outcomes.len() > MAX_OUTCOMES || settings.outcomes.iter().any(is_long) {
        return Err(ApiError::control(
            "settings.outcomes: expected at most 10000, for destinations of at most 320 bytes",
        ));
    }
    let mut outcomes = Outcomes::default();
    for SavedOutcome { to, outcome, once } in &settings.outcomes {
        match once {
            true => outcomes.set_once(to.clone(), *outcome),
            false => outcomes.set(to.clone(), Some(*outcome)),
        }
    }
    Ok(Sending { code: settings.code.clone(), outcomes })
}
