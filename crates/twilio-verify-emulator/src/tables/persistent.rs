//! Parts of an account that a data file stores.

/// A part of an account whose rows a data file stores.
pub(crate) trait Persistent {
    /// Starts to track changes.
    fn track(&mut self);

    /// Passes the rows that have changed since the last call to `change`: the key, and the current value, or `None` if
    /// the row is deleted.
    fn take_changes(
        &mut self,
        change: &mut dyn FnMut(Vec<u8>, Option<Vec<u8>>),
    ) -> serde_json::Result<()>;

    /// Passes all rows to `row`: the key and the value, in the order in which they are restored.
    fn rows(
        &self,
        row: &mut dyn FnMut(Vec<u8>, Vec<u8>) -> serde_json::Result<()>,
    ) -> serde_json::Result<()>;

    /// Restores a row, which counts as changed. Rows must be restored in the order of their keys. After an error the
    /// row is missing, and no new row gets its key unless it replaces the row.
    fn restore(&mut self, key: &[u8], value: &[u8]) -> serde_json::Result<()>;
}
