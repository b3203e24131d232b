//! Warnings about a document that could be read.

use std::fmt;

use crate::document::error::Pointer;

/// What a maintainer should know about a document that could be read.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Warning {
    /// An action of the overlay doesn't fit the document, and was left out.
    LeftOut {
        /// The action, as its place in the overlay.
        action: Pointer,
        /// Why it doesn't fit.
        reason: String,
    },
    /// The document has an extension that only the overlay may have, which is ignored.
    Ignored {
        /// The extension, as its place in the document.
        place: Pointer,
    },
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LeftOut { action, reason } => {
                write!(f, "overlay: {action} is left out: {reason}")
            }
            Self::Ignored { place } => {
                write!(f, "{place}: ignored, as only the overlay may have this extension")
            }
        }
    }
}
