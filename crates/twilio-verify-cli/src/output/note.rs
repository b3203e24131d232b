//! Notes on stderr, beside the output.

use std::io::Write;

/// Writes a note to stderr.
pub(crate) fn note(text: &str) {
    // If stderr can't be written, only the note is lost.
    let _ = writeln!(anstream::stderr(), "note: {text}");
}
