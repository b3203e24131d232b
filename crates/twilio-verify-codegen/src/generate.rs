//! From a document to code.

use std::collections::BTreeMap;

use crate::document::error::Error;
use crate::document::warning::Warning;
use crate::emit::files::emit;
use crate::lower::{Input, Lowered, lower};
use crate::surface::render;

/// What a document was turned into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Generated {
    /// The Rust code: file names relative to the folder of `mod.rs`,
    /// each with its text. `mod.rs` includes all the others.
    pub files: BTreeMap<String, String>,
    /// The page that lists operations, resources, enums and SIDs.
    pub surface: String,
    /// What a maintainer should know; the code was generated all the same.
    pub warnings: Vec<Warning>,
}

/// Generates the client's code and its surface.
///
/// # Errors
///
/// When the document or the overlay is invalid, or holds something that
/// can't be turned into Rust: the error names the place, as a
/// JSON pointer, and the reason.
pub fn generate(input: &Input<'_>) -> Result<Generated, Error> {
    let Lowered { published, document, warnings } = lower(input)?;
    let files = emit(&document);
    Ok(Generated {
        surface: render(&document),
        files: files.map_err(|error| document.settle(error, &published))?,
        warnings,
    })
}

/// Renders the surface alone, a hundred times faster.
///
/// # Errors
///
/// As [`generate`], less what only shows when code is generated.
pub fn surface(input: &Input<'_>) -> Result<(String, Vec<Warning>), Error> {
    let lowered = lower(input)?;
    Ok((render(&lowered.document), lowered.warnings))
}
