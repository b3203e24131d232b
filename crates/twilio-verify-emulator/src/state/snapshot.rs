//! The tables of an account as JSON: the contents of a data file, for programs to export and
//! import.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::state::account::Account;

/// The rows of each table, by its name.
pub(crate) type Tables = BTreeMap<String, Vec<SavedRow>>;

/// A row: its key, in hexadecimal digits, and its value.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SavedRow {
    key: String,
    value: Value,
}

/// An error: a row cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("tables.{table}: {problem}")]
pub(crate) struct InvalidTable {
    table: String,
    problem: String,
}

/// Returns all tables of an account.
pub(crate) fn save(account: &mut Account) -> serde_json::Result<Tables> {
    let mut tables = Tables::new();
    for (name, part) in account.persistent() {
        let mut rows = Vec::new();
        part.rows(&mut |key, value| {
            let value = serde_json::from_slice(&value)?;
            rows.push(SavedRow { key: data_encoding::HEXLOWER.encode(&key), value });
            Ok(())
        })?;
        if !rows.is_empty() {
            tables.insert(name.to_owned(), rows);
        }
    }
    Ok(tables)
}

/// Fills an empty account.
pub(crate) fn restore(mut tables: Tables, account: &mut Account) -> Result<(), InvalidTable> {
    for (name, part) in account.persistent() {
        for (number, row) in (1..).zip(tables.remove(name).unwrap_or_default()) {
            // The message of `serde_json` is left out, as it may repeat a value.
            let invalid = || InvalidTable {
                table: name.to_owned(),
                problem: format!("row {number} is invalid; import what the emulator has exported"),
            };
            let key = data_encoding::HEXLOWER.decode(row.key.as_bytes()).map_err(|_| invalid())?;
            let value = serde_json::to_vec(&row.value).map_err(|_| invalid())?;
            part.restore(&key, &value).map_err(|_| invalid())?;
        }
    }
    if let Some(table) = tables.into_keys().next() {
        let problem = "unknown table; was it exported by another version?".to_owned();
        // The name may have any length.
        let table = table.chars().take(40).collect();
        return Err(InvalidTable { table, problem });
    }
    account.index();
    Ok(())
}
