//! Reads and writes the state file.

use parquet::file::reader::Length;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::ArchiveError;
use crate::files::label::THIS_PROGRAM;
use crate::state::state::State;
use crate::store::names::STATE;
use crate::store::store::Store;

/// The version of the file's format.
const VERSION: u32 = 1;
/// The value of `format` in a state file.
const FORMAT: &str = "twilio-verify-archive";

#[derive(Serialize, Deserialize)]
struct Written<S> {
    format: String,
    version: u32,
    program: String,
    #[serde(flatten)]
    state: S,
}

/// Reads the state, or returns an empty one if the file does not exist.
pub(crate) fn read(store: &Store) -> Result<State, ArchiveError> {
    let Some(parts) = store.open(STATE)? else { return Ok(State::default()) };
    let fault = |source| ArchiveError::Io { action: "read", file: store.name(STATE), source };
    parse(store, &parts.bytes(0..parts.len()).map_err(fault)?)
}

fn parse(store: &Store, bytes: &[u8]) -> Result<State, ArchiveError> {
    let file = store.name(STATE);
    let value: Value = serde_json::from_slice(bytes)
        .map_err(|error| ArchiveError::State { file: file.clone(), source: error.into() })?;
    if value.get("format").and_then(Value::as_str) != Some(FORMAT) {
        let found = "it is not the state of an archive".to_owned();
        return Err(ArchiveError::Foreign { file, found });
    }
    let version = value.get("version").cloned().unwrap_or_default();
    if version != VERSION {
        let written_by = value.get("program").and_then(Value::as_str).map(str::to_owned);
        let found = version.to_string();
        return Err(ArchiveError::Version { file, found, expected: VERSION, written_by });
    }
    let written: Written<State> = serde_json::from_value(value)
        .map_err(|error| ArchiveError::State { file, source: error.into() })?;
    Ok(written.state)
}

/// Changes the saved state, whichever writer saved it, and returns the result. `change` may be
/// called more than once.
pub(crate) fn update(
    store: &Store,
    change: &mut dyn FnMut(&mut State) -> Result<(), ArchiveError>,
) -> Result<State, ArchiveError> {
    let mut now = State::default();
    store.update(STATE, &mut |content| {
        let mut state = match &content {
            Some(bytes) => parse(store, bytes)?,
            None => State::default(),
        };
        change(&mut state)?;
        let text = text(store, &state)?;
        let is_new = match content {
            Some(content) => content != text,
            None => state != State::default(),
        };
        now = state;
        Ok(is_new.then_some(text))
    })?;
    Ok(now)
}

fn text(store: &Store, state: &State) -> Result<Vec<u8>, ArchiveError> {
    let fault = |error: serde_json::Error| ArchiveError::State {
        file: store.name(STATE),
        source: error.into(),
    };
    let written = Written {
        format: FORMAT.to_owned(),
        version: VERSION,
        program: THIS_PROGRAM.to_owned(),
        state,
    };
    let mut text = serde_json::to_vec_pretty(&written).map_err(fault)?;
    text.push(b'\n');
    Ok(text)
}
