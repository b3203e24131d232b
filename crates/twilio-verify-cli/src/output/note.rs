//! Writes notes to stderr.

use super::log;

/// Writes a note to stderr.
pub(crate) fn note(text: &str) {
    log::line(&format!("note: {text}"));
}
