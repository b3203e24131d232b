//! Changes that are written to a data file: rows of named tables.

use crate::attempts::store::Store;
use crate::state::account::Account;
use crate::values::sid::AttemptSid;

/// The name of the table of attempts, which have their own [`Store`].
pub(crate) const ATTEMPTS: &str = "attempts";

/// Changes that are written to a data file together.
#[derive(Default)]
pub(crate) struct Batch {
    /// Whether all resources are deleted first.
    pub(crate) is_reset: bool,
    /// Whether all attempts are deleted first.
    pub(crate) without_attempts: bool,
    pub(crate) rows: Vec<Row>,
}

/// A row: its current value, or `None` if it is deleted.
pub(crate) struct Row {
    pub(crate) table: &'static str,
    pub(crate) key: Vec<u8>,
    pub(crate) value: Option<Vec<u8>>,
}

impl Batch {
    /// Takes the changes since the last call.
    pub(crate) fn take(account: &mut Account, store: &Store) -> serde_json::Result<Self> {
        let attempts = store.take_changes();
        let mut batch = Self {
            is_reset: std::mem::take(&mut account.is_reset),
            without_attempts: attempts.cleared,
            rows: Vec::new(),
        };
        for (table, part) in account.persistent() {
            part.take_changes(&mut |key, value| batch.rows.push(Row { table, key, value }))?;
        }
        batch.add_attempts(attempts.sids, store)?;
        Ok(batch)
    }

    /// Adds the current state of attempts, some of which may have been deleted.
    pub(crate) fn add_attempts(
        &mut self,
        sids: impl IntoIterator<Item = AttemptSid>,
        store: &Store,
    ) -> serde_json::Result<()> {
        for sid in sids {
            let attempt = store.get(sid);
            self.rows.push(Row {
                table: ATTEMPTS,
                key: sid.as_u128().to_be_bytes().into(),
                value: attempt.map(|attempt| serde_json::to_vec(&attempt)).transpose()?,
            });
        }
        Ok(())
    }

    pub(crate) fn is_empty(&self) -> bool {
        !self.is_reset && !self.without_attempts && self.rows.is_empty()
    }

    /// Whether the earlier rows of a table are deleted.
    pub(crate) fn clears(&self, table: &str) -> bool {
        if table == ATTEMPTS { self.without_attempts } else { self.is_reset }
    }
}
