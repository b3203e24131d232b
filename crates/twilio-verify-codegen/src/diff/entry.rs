//! The result of a comparison: entries, each a change with its verdicts.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::change::Change;
use super::severity::{Direction, Severity};

/// One change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// What it means to users of the Rust API; `None` if they can't see it.
    pub rust: Option<Severity>,
    /// What it means to clients that use the API by HTTP; `None` if they can't see it.
    pub wire: Option<Severity>,
    /// What has changed: `Operation`, `Operation.Parameter`, `Type.field`, or `document` for the
    /// whole document.
    pub subject: String,
    /// How it has changed.
    pub change: Change,
    /// The keyword of the schema that the change is about, such as `maximum`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keyword: Option<String>,
    /// Whether the subject is sent, received or both; empty for operations and the document.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub directions: Vec<Direction>,
    /// The old value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The new value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
}

/// The difference between two documents.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diff {
    /// The changes: breaking ones first, then those of the document, those of operations in the
    /// order of their paths, and those of types by name.
    pub entries: Vec<Entry>,
    /// The number of places where only documentation has changed: descriptions, examples, tags,
    /// titles, headers for browsers, the order of things.
    pub documentation: usize,
}

impl Entry {
    /// Returns the worse of the two verdicts. A change that neither audience can see is additive:
    /// nothing stops working.
    pub fn severity(&self) -> Severity {
        self.rust.max(self.wire).unwrap_or(Severity::Additive)
    }

    /// Returns how the subject has changed, in words: `maximum tightened`.
    pub fn what(&self) -> String {
        match (&self.keyword, self.change) {
            (Some(keyword), Change::Tightened | Change::Loosened | Change::RuleChanged) => {
                format!("{keyword} {}", self.change)
            }
            _ => self.change.to_string(),
        }
    }

    /// Returns the old and the new value: `1000 → 100`. Empty without either.
    pub fn values(&self) -> String {
        match (&self.from, &self.to) {
            (None, None) => String::new(),
            (Some(only), None) | (None, Some(only)) => only.clone(),
            (Some(from), Some(to)) => format!("{from} → {to}"),
        }
    }
}

impl fmt::Display for Entry {
    /// Formats it as `ListAttempt.PageSize: maximum tightened: 1000 → 100`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.subject, self.what())?;
        match self.values() {
            values if values.is_empty() => Ok(()),
            values => write!(f, ": {values}"),
        }
    }
}

impl Diff {
    /// Whether nothing has changed that either audience can see.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Returns the changes of that severity.
    pub fn of(&self, severity: Severity) -> impl Iterator<Item = &Entry> {
        let all = self.entries.iter();
        all.filter(move |entry| entry.severity() == severity)
    }
}
