//! Generates code from a document.

use std::collections::BTreeMap;

use crate::document::error::Error;
use crate::document::warning::Warning;
use crate::emit::files::emit;
use crate::lower::{Input, Lowered, lower};
use crate::surface::render;

/// The result of generating code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Generated {
    /// The Rust code: file names relative to the folder of `mod.rs`, with the text of each.
    /// `mod.rs` includes all the others.
    pub files: BTreeMap<String, String>,
    /// The page that lists operations, resources, enums and SIDs.
    pub surface: String,
    /// What a maintainer should know about the document; it was still converted.
    pub warnings: Vec<Warning>,
}

/// Generates the client's code and its surface.
///
/// # Errors
///
/// Returns an error if the document or the overlay is invalid, or can't be turned into Rust. The
/// error has the place, as a JSON pointer, and the reason.
pub fn generate(input: &Input<'_>) -> Result<Generated, Error> {
    let Lowered { published, document, warnings } = lower(input)?;
    let files = emit(&document);
    Ok(Generated {
        surface: render(&document),
        files: files.map_err(|error| document.settle(error, &published))?,
        warnings,
    })
}

/// Renders only the surface, which is a hundred times faster.
///
/// # Errors
///
/// The same as [`generate`], without the errors that only occur when code is generated.
pub fn surface(input: &Input<'_>) -> Result<(String, Vec<Warning>), Error> {
    let lowered = lower(input)?;
    Ok((render(&lowered.document), lowered.warnings))
}
