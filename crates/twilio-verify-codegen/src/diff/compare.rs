//! Compares two documents, part by part.

use std::cmp::Reverse;

use super::api::Api;
use super::change::Change;
use super::comparison::{Comparison, Place};
use super::entry::Diff;
use super::operations;
use super::renames::Renames;

/// Compares two documents.
pub fn compare(old: &Api, new: &Api) -> Diff {
    let pairs = operations::pairs(old, new);
    let mut comparison = Comparison {
        old,
        new,
        renames: Renames::find(old, new, &pairs),
        diff: Diff::default(),
        within: Vec::new(),
    };
    comparison.document();
    comparison.operations(&pairs);
    comparison.types();
    let mut diff = comparison.diff;
    // The sort is stable: entries of the same severity keep their order.
    diff.entries.sort_by_key(|entry| Reverse(entry.severity()));
    diff
}

impl Comparison<'_> {
    /// Compares the properties of the document as a whole.
    fn document(&mut self) {
        let (old, new) = (self.old, self.new);
        self.documentation(&old.docs, &new.docs);
        let place = Place::whole("document");
        for (change, old, new) in [
            (Change::TitleChanged, &old.title, &new.title),
            (Change::VersionChanged, &old.version, &new.version),
        ] {
            if old != new {
                self.push(place.entry(change).values_are(old, new));
            }
        }
    }
}
