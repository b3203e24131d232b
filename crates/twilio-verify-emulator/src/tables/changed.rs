//! Tracks changed rows for the data file.

use std::collections::BTreeSet;

/// The keys of changed rows. `None` until changes are tracked.
pub(crate) struct Changed<K>(Option<BTreeSet<K>>);

impl<K> Default for Changed<K> {
    fn default() -> Self {
        Self(None)
    }
}

impl<K: Ord> Changed<K> {
    /// Starts to track changes.
    pub(crate) fn track(&mut self) {
        self.0.get_or_insert_default();
    }

    pub(crate) fn note(&mut self, key: K) {
        if let Some(keys) = &mut self.0 {
            keys.insert(key);
        }
    }

    /// Takes the keys that changed since the last call.
    pub(crate) fn take(&mut self) -> BTreeSet<K> {
        self.0.as_mut().map(std::mem::take).unwrap_or_default()
    }
}
