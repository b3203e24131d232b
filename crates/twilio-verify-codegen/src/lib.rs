//! Turns a Twilio `OpenAPI` document into the Rust code of a typed client.
//!
//! Document in, code out, without I/O: the caller reads the files and writes
//! what comes back. Equal inputs give equal bytes.
//!
//! The way of a document through this crate:
//!
//! 1. [`overlay`]: what the published document leaves out is added.
//! 2. [`passes`]: the document is lowered, step by step, until every
//!    construct in it is one that the generator turns into good Rust.
//! 3. [`mod@surface`]: what is left is listed on a page that a person can read.
//! 4. [`emit`]: progenitor generates, the result is finished (lenient
//!    reading, names, documentation), formatted, and cut by tag.
//!
//! [`diff`] compares two documents: what changes, and for whom.
//!
//! ```
//! # fn main() -> Result<(), twilio_verify_codegen::Error> {
//! # let document = r#"{"openapi":"3.0.1","info":{"title":"T","version":"1"},"paths":{}}"#;
//! use twilio_verify_codegen::{Input, generate};
//!
//! let generated = generate(&Input::new(document))?;
//! assert!(generated.files.contains_key("mod.rs"));
//! # Ok(())
//! # }
//! ```

pub mod diff;
mod document;
pub mod emit;
mod error;
mod json;
mod names;
pub mod overlay;
pub mod passes;
pub mod surface;
pub mod trial;

use std::collections::BTreeMap;

pub use document::{Document, Part, Role};
pub use error::{Error, Pointer, Source};

/// What code is generated from.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    document: &'a str,
    overlay: Option<&'a str>,
    unmatched: Unmatched,
}

/// What becomes of an overlay action whose target is not in the document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unmatched {
    /// It is an error: for the document that the overlay was written for,
    /// where it shows that Twilio has mended what the action cures.
    #[default]
    Error,
    /// It is a warning, for documents of other dates.
    Warn,
}

impl<'a> Input<'a> {
    /// The document, as JSON text, without an overlay.
    pub fn new(document: &'a str) -> Self {
        Self {
            document,
            overlay: None,
            unmatched: Unmatched::default(),
        }
    }

    /// Adds an `OpenAPI` Overlay 1.0, as JSON text.
    #[must_use]
    pub fn overlay(mut self, overlay: &'a str, unmatched: Unmatched) -> Self {
        self.overlay = Some(overlay);
        self.unmatched = unmatched;
        self
    }
}

/// What a document was turned into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Generated {
    /// The Rust code: file names relative to the folder that `mod.rs`
    /// stands in, each with its text. `mod.rs` includes all the others.
    pub files: BTreeMap<String, String>,
    /// The page that lists operations, resources, enums and SIDs.
    pub surface: String,
    /// What the maintainer should know, though the code could be generated.
    pub warnings: Vec<String>,
}

/// Generates the client's code and its surface.
///
/// # Errors
///
/// When the document or the overlay is not what it should be, or holds
/// something that can't be turned into Rust: the error names the place, as a
/// JSON pointer, and the reason.
pub fn generate(input: &Input<'_>) -> Result<Generated, Error> {
    let Lowered {
        published,
        document,
        warnings,
    } = lower(input)?;
    let files = emit::emit(&document);
    Ok(Generated {
        surface: surface::render(&document),
        files: files.map_err(|error| error.settled(published.json(), &document))?,
        warnings,
    })
}

/// Renders the surface alone, which takes a hundredth of the time.
///
/// # Errors
///
/// As [`generate`], less what only shows when code is generated.
pub fn surface(input: &Input<'_>) -> Result<(String, Vec<String>), Error> {
    let lowered = lower(input)?;
    Ok((surface::render(&lowered.document), lowered.warnings))
}

/// A document before and after the passes.
struct Lowered {
    /// With the overlay applied.
    published: Document,
    document: Document,
    warnings: Vec<String>,
}

/// Applies the overlay and all passes.
fn lower(input: &Input<'_>) -> Result<Lowered, Error> {
    let mut published = Document::parse(input.document)?;
    let warnings = match input.overlay {
        Some(overlay) => overlay::apply(&mut published, overlay, input.unmatched)?,
        None => Vec::new(),
    };
    published.sort();
    let mut document = published.clone();
    for pass in passes::ALL {
        let run = (pass.run)(&mut document);
        run.map_err(|error| error.settled(published.json(), &document))?;
        document.sort();
    }
    Ok(Lowered {
        published,
        document,
        warnings,
    })
}
