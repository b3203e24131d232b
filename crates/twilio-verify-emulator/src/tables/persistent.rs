//! What a data file keeps of a table.

/// A part of the state whose rows a data file keeps.
pub(crate) trait Persistent {
    /// Begins to note what changes.
    fn track(&mut self);

    /// Gives the rows that have changed since this was called last: the key, and what is there now, if anything is.
    fn take_changes(
        &mut self,
        change: &mut dyn FnMut(Vec<u8>, Option<Vec<u8>>),
    ) -> serde_json::Result<()>;

    /// Puts a row back; rows come in the order of their keys.
    fn restore(&mut self, key: &[u8], value: &[u8]) -> serde_json::Result<()>;
}
