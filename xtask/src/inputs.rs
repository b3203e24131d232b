//! Reads a document and its overlay, and turns them into code.

use std::fs;
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;

use twilio_verify_codegen::diff::Api;
use twilio_verify_codegen::{Error, Generated, Input, Source, Unmatched, Warning};

use crate::failure::Failure;
use crate::workspace::Workspace;

const HELP_DOCUMENT: &str = "give an OpenAPI 3.0 document as JSON; Twilio publishes its own at \
                             https://github.com/twilio/twilio-oai/tree/main/spec/json";

const HELP_PLACE: &str = "correct the document, add an action to openapi/overlay.json, or extend the passes of \
                    crates/twilio-verify-codegen";

/// A document with an optional overlay.
#[derive(Clone, Debug)]
pub struct Inputs {
    document: File,
    overlay: Option<File>,
    unmatched: Unmatched,
}

#[derive(Clone, Debug)]
struct File {
    name: String,
    text: String,
}

impl Inputs {
    /// Reads the document and the overlay of the workspace. Every overlay action has to fit the
    /// document.
    ///
    /// # Errors
    ///
    /// Returns an error if a file can't be read.
    pub fn own(workspace: &Workspace) -> Result<Self, Failure> {
        let document = workspace.document();
        let inputs = Self::foreign(workspace, &document, Some(&workspace.overlay()))?;
        Ok(inputs.strict())
    }

    /// Reads any document. Overlay actions that don't fit it are warnings.
    ///
    /// # Errors
    ///
    /// Returns an error if a file can't be read.
    pub fn foreign(
        workspace: &Workspace,
        document: &Path,
        overlay: Option<&Path>,
    ) -> Result<Self, Failure> {
        Ok(Self {
            document: File::read(workspace, document)?,
            overlay: match overlay {
                Some(overlay) => Some(File::read(workspace, overlay)?),
                None => None,
            },
            unmatched: Unmatched::Warn,
        })
    }

    /// Creates inputs from the texts of an earlier document, and of its overlay if there was one.
    pub(crate) fn of_texts(document: (String, String), overlay: Option<(String, String)>) -> Self {
        let file = |(name, text)| File { name, text };
        Self { document: file(document), overlay: overlay.map(file), unmatched: Unmatched::Warn }
    }

    /// Requires every overlay action to fit, as for the workspace's own document.
    #[must_use]
    pub fn strict(mut self) -> Self {
        self.unmatched = Unmatched::Error;
        self
    }

    /// Returns the text of the document.
    pub fn document(&self) -> &str {
        &self.document.text
    }

    /// Generates the code and the surface.
    ///
    /// # Errors
    ///
    /// Returns an error if the document or the overlay is invalid.
    pub fn generate(&self) -> Result<Generated, Failure> {
        self.run(twilio_verify_codegen::generate)
    }

    /// Renders only the surface, and returns it with the warnings.
    ///
    /// # Errors
    ///
    /// Returns an error if the document or the overlay is invalid.
    pub fn surface(&self) -> Result<(String, Vec<Warning>), Failure> {
        self.run(twilio_verify_codegen::surface)
    }

    /// Reads the document for comparison.
    ///
    /// # Errors
    ///
    /// Returns an error if the document or the overlay is invalid.
    pub fn api(&self) -> Result<Api, Failure> {
        self.run(Api::read)
    }

    fn run<T>(&self, run: impl Fn(&Input<'_>) -> Result<T, Error>) -> Result<T, Failure> {
        let mut input = Input::new(&self.document.text);
        if let Some(overlay) = &self.overlay {
            input = input.overlay(&overlay.text, self.unmatched);
        }
        quietly(|| run(&input))
            .map_err(|reason| Failure::Panicked { file: self.document.name.clone(), reason })?
            .map_err(|error| self.invalid(&error))
    }

    fn invalid(&self, error: &Error) -> Failure {
        let (file, help) = match (error.input(), &self.overlay) {
            // The reason says what to do.
            (Source::Overlay, Some(overlay)) => (overlay, None),
            _ => match error.pointer().as_str() {
                "" | "/openapi" | "/paths" => (&self.document, Some(HELP_DOCUMENT)),
                _ => (&self.document, Some(HELP_PLACE)),
            },
        };
        Failure::Invalid {
            file: file.name.clone(),
            pointer: error.pointer().clone(),
            reason: error.reason().to_owned(),
            help,
        }
    }
}

impl File {
    fn read(workspace: &Workspace, path: &Path) -> Result<Self, Failure> {
        Ok(Self {
            name: workspace.name(path),
            text: fs::read_to_string(path).map_err(|error| Failure::read(path, error))?,
        })
    }
}

/// Runs a function that may panic, and returns the panic's message as an error. Nothing is printed,
/// not even for panics that are caught inside (the codegen library catches those of progenitor).
///
/// The panic hook is global, so panics of all threads are silent meanwhile.
fn quietly<T>(run: impl FnOnce() -> T) -> Result<T, String> {
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    let result = panic::catch_unwind(AssertUnwindSafe(run));
    panic::set_hook(hook);
    result.map_err(|payload| {
        let text = payload.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| payload.downcast_ref::<&str>().copied());
        text.unwrap_or("it gave no reason").to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::quietly;

    #[test]
    fn a_panic_is_an_error() {
        assert_eq!(quietly(|| 1), Ok(1));
        assert_eq!(quietly(|| panic!("{} it is", "so")), Err::<(), _>("so it is".to_owned()));
        assert_eq!(quietly(|| panic!("so")), Err::<(), _>("so".to_owned()));
    }
}
