//! Rust out: progenitor generates from the lowered document, the result is
//! finished, cut by tag, and formatted.

mod cut;
mod finish;
mod generator;
mod support;

use std::collections::BTreeMap;

use crate::{Document, Error};

/// Generates the code of a lowered document, file by file.
///
/// # Errors
///
/// When progenitor can't digest the document: the error names the component
/// or operation that it fails on.
pub fn emit(document: &Document) -> Result<BTreeMap<String, String>, Error> {
    let mut file = generator::generate(document)?;
    finish::finish(document, &mut file);
    Ok(cut::cut(document, file))
}
