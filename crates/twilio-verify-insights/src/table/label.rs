//! What a cell is called.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The value of a dimension: a text, or nothing, for attempts that have none (the country of an
/// e-mail). `null` in JSON.
///
/// `Debug` doesn't show the prefix of a number, because it may be a whole number.
#[derive(Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Label(Option<Box<str>>);

impl Label {
    /// Of attempts that have no value.
    pub const NONE: Self = Self(None);

    /// The value, if there is one.
    pub fn as_str(&self) -> Option<&str> {
        self.0.as_deref()
    }
}

impl From<Option<String>> for Label {
    fn from(text: Option<String>) -> Self {
        Self(text.map(String::into_boxed_str))
    }
}

impl From<&str> for Label {
    fn from(text: &str) -> Self {
        Self(Some(text.into()))
    }
}

/// `-` where there is no value.
impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str().unwrap_or("-"))
    }
}

impl fmt::Debug for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.as_str() {
            Some(text) if text.starts_with('+') => f.write_str("\"+…\""),
            Some(text) => fmt::Debug::fmt(text, f),
            None => f.write_str("None"),
        }
    }
}
