//! Notes on stderr, beside the output.

use super::log;

/// Writes a note to stderr.
pub(crate) fn note(text: &str) {
    log::line(&format!("note: {text}"));
}
