//! Why a document could not be turned into code.

use std::fmt;

/// A place in the document: a JSON pointer (RFC 6901), such as
/// `/paths/~1v2~1Attempts/get`. Empty for the document as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pointer(String);

impl Pointer {
    /// The document as a whole.
    pub fn root() -> Self {
        Self::default()
    }

    /// The place of `token` below this one.
    #[must_use]
    pub fn child(&self, token: impl AsRef<str>) -> Self {
        let escaped = token.as_ref().replace('~', "~0").replace('/', "~1");
        Self(format!("{}/{escaped}", self.0))
    }

    /// The pointer as text; empty for the document as a whole.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() { "/" } else { &self.0 })
    }
}

/// Why a document could not be turned into code: the place and the reason.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{source_name}: {pointer}: {reason}")]
pub struct Error {
    source_name: Source,
    pointer: Pointer,
    reason: String,
}

/// Which of the two inputs an error is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The OpenAPI document.
    Document,
    /// The overlay.
    Overlay,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Document => "document",
            Self::Overlay => "overlay",
        })
    }
}

impl Error {
    pub(crate) fn document(pointer: &Pointer, reason: impl fmt::Display) -> Self {
        Self {
            source_name: Source::Document,
            pointer: pointer.clone(),
            reason: reason.to_string(),
        }
    }

    pub(crate) fn overlay(pointer: &Pointer, reason: impl fmt::Display) -> Self {
        Self {
            source_name: Source::Overlay,
            pointer: pointer.clone(),
            reason: reason.to_string(),
        }
    }

    /// Which input the error is about.
    pub fn input(&self) -> Source {
        self.source_name
    }

    /// Where in that input: the operation, parameter, schema or action.
    pub fn pointer(&self) -> &Pointer {
        &self.pointer
    }

    /// What is wrong there, and what to do about it.
    pub fn reason(&self) -> &str {
        &self.reason
    }
}
