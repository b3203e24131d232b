//! Keeps the state of a comparison, and the places of changes.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::api::Api;
use super::change::Change;
use super::entry::{Diff, Entry};
use super::renames::Renames;
use super::severity::{Direction, Severity};

/// A comparison in progress.
pub(super) struct Comparison<'a> {
    pub(super) old: &'a Api,
    pub(super) new: &'a Api,
    pub(super) renames: Renames,
    pub(super) diff: Diff,
    /// The pairs of types with different names that are being compared.
    pub(super) within: Vec<(Option<String>, Option<String>)>,
}

/// The place of a change, and who can see it there.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) subject: String,
    pub(super) directions: BTreeSet<Direction>,
    pub(super) in_rust: bool,
    /// Whether it is an operation or the document, neither of which has a direction.
    whole: bool,
    /// Whether both documents use it. How optional the fields of a type are depends on where it is
    /// used.
    pub(super) is_used: bool,
}

impl Place {
    pub(super) fn new(
        subject: impl Into<String>,
        directions: impl IntoIterator<Item = Direction>,
    ) -> Self {
        Self {
            subject: subject.into(),
            directions: directions.into_iter().collect(),
            in_rust: true,
            whole: false,
            is_used: true,
        }
    }

    /// Creates the place of an operation or of the document.
    pub(super) fn whole(subject: impl Into<String>) -> Self {
        Self { whole: true, ..Self::new(subject, [Direction::Request]) }
    }

    /// Returns a place within this one.
    pub(super) fn child(&self, suffix: &str) -> Self {
        Self { subject: format!("{}{suffix}", self.subject), whole: false, ..self.clone() }
    }

    /// Returns the same place, hidden from Rust users.
    pub(super) fn on_the_wire(mut self) -> Self {
        self.in_rust = false;
        self
    }

    /// Creates an entry for a change at this place.
    pub(super) fn entry(&self, change: Change) -> Entry {
        let mut entry = Entry {
            rust: None,
            wire: None,
            subject: self.subject.clone(),
            change,
            keyword: None,
            directions: self.directions.iter().copied().collect(),
            from: None,
            to: None,
        };
        for direction in &self.directions {
            let verdict = change.verdict(*direction);
            entry.rust = entry.rust.max(verdict.rust);
            entry.wire = entry.wire.max(verdict.wire);
        }
        if self.directions.is_empty() {
            // A type that no operation uses exists only in Rust.
            entry.rust = change.verdict(Direction::Response).rust;
        }
        if !self.in_rust {
            entry.rust = None;
        }
        if self.whole {
            entry.directions.clear();
        }
        entry
    }
}

impl Entry {
    pub(super) fn values_are(mut self, from: impl Into<String>, to: impl Into<String>) -> Self {
        (self.from, self.to) = (Some(from.into()), Some(to.into()));
        self
    }

    pub(super) fn was(mut self, from: impl Into<String>) -> Self {
        self.from = Some(from.into());
        self
    }

    pub(super) fn is(mut self, to: impl Into<String>) -> Self {
        self.to = Some(to.into());
        self
    }
}

impl Comparison<'_> {
    pub(super) fn push(&mut self, entry: Entry) {
        self.diff.entries.push(entry);
    }

    /// Counts a change of documentation.
    pub(super) fn documentation(&mut self, old: &Map<String, Value>, new: &Map<String, Value>) {
        self.diff.documentation += usize::from(old != new);
    }

    /// Counts a change of order, if only the order changed.
    pub(super) fn order<T: Ord>(&mut self, old: &[T], new: &[T]) {
        let (one, other): (BTreeSet<_>, BTreeSet<_>) = (old.iter().collect(), new.iter().collect());
        self.diff.documentation += usize::from(one == other && old != new);
    }

    /// Returns the entries that `compare` finds, without reporting them.
    pub(super) fn collect(&mut self, compare: impl FnOnce(&mut Self)) -> Vec<Entry> {
        let entries = std::mem::take(&mut self.diff.entries);
        compare(self);
        std::mem::replace(&mut self.diff.entries, entries)
    }

    /// Returns the entries that `compare` finds, without reporting them or counting documentation.
    pub(super) fn apart(&mut self, compare: impl FnOnce(&mut Self)) -> Vec<Entry> {
        let documentation = self.diff.documentation;
        let entries = self.collect(compare);
        self.diff.documentation = documentation;
        entries
    }
}

/// Returns the worst of all verdicts on the wire.
pub(super) fn on_the_wire(entries: &[Entry]) -> Option<Severity> {
    entries.iter().filter_map(|entry| entry.wire).max()
}
