//! Which rows have changed, for who keeps them elsewhere.

use std::collections::BTreeSet;

/// The keys of what changed. Nothing is noted before someone wants to know.
pub(crate) struct Changed<K>(Option<BTreeSet<K>>);

impl<K> Default for Changed<K> {
    fn default() -> Self {
        Self(None)
    }
}

impl<K: Ord> Changed<K> {
    /// Begins to note.
    pub(crate) fn track(&mut self) {
        self.0.get_or_insert_default();
    }

    pub(crate) fn note(&mut self, key: K) {
        if let Some(keys) = &mut self.0 {
            keys.insert(key);
        }
    }

    /// What was noted since this was called last.
    pub(crate) fn take(&mut self) -> BTreeSet<K> {
        self.0.as_mut().map(std::mem::take).unwrap_or_default()
    }
}
