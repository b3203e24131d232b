//! Lowers the texts of a document and an overlay.

use crate::document::document::Document;
use crate::document::error::Error;
use crate::document::extensions;
use crate::document::warning::Warning;
use crate::overlay::apply::{Unmatched, apply};
use crate::passes::list::ALL;

/// A document, with or without an overlay.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    document: &'a str,
    overlay: Option<&'a str>,
    unmatched: Unmatched,
}

impl<'a> Input<'a> {
    /// Creates an input from the document, as JSON text, without an overlay.
    pub fn new(document: &'a str) -> Self {
        Self { document, overlay: None, unmatched: Unmatched::default() }
    }

    /// Adds an `OpenAPI` Overlay 1.0, as JSON text.
    #[must_use]
    pub fn overlay(mut self, overlay: &'a str, unmatched: Unmatched) -> Self {
        self.overlay = Some(overlay);
        self.unmatched = unmatched;
        self
    }
}

/// A document before and after the passes.
pub(crate) struct Lowered {
    /// The document with the overlay applied.
    pub(crate) published: Document,
    pub(crate) document: Document,
    pub(crate) warnings: Vec<Warning>,
}

/// Applies the overlay and all passes.
pub(crate) fn lower(input: &Input<'_>) -> Result<Lowered, Error> {
    let mut published = Document::parse(input.document)?;
    let ignored = extensions::remove(published.json_mut()).into_iter();
    let mut warnings: Vec<Warning> = ignored.map(|place| Warning::Ignored { place }).collect();
    if let Some(overlay) = input.overlay {
        warnings.extend(apply(&mut published, overlay, input.unmatched)?);
    }
    published.sort();
    let mut document = published.clone();
    for pass in ALL {
        let run = (pass.run)(&mut document);
        run.map_err(|error| document.settle(error, &published))?;
        document.sort();
    }
    Ok(Lowered { published, document, warnings })
}
