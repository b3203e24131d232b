//! Fields of a response that can't be understood.

use std::fmt;

use serde_json::Value;

/// Fields of a response that can't be understood, as they were received.
///
/// Such a field is absent from its struct: `None`, or empty. `Debug` shows only the names, because
/// a value may be personal data.
#[derive(Clone, Default, PartialEq)]
pub struct Unread(Vec<(String, Value)>);

impl Unread {
    pub(crate) fn new(fields: Vec<(String, Value)>) -> Self {
        Self(fields)
    }

    /// Whether every field was understood.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the value of a field, by its path, such as `date_created` or
    /// `send_code_attempts[1].time`.
    pub fn get(&self, path: &str) -> Option<&Value> {
        self.iter().find(|(known, _)| *known == path).map(|(_, value)| value)
    }

    /// Returns the fields: their paths, and their values as received.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(path, value)| (path.as_str(), value))
    }
}

impl fmt::Debug for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter().map(|(path, _)| path)).finish()
    }
}
