//! Turns a Twilio `OpenAPI` document into the Rust code of a typed client.
//!
//! It takes the text of documents and returns code, without I/O: the caller reads the files, which
//! [`build::openapi`] finds for a build script, and writes the result. Equal inputs produce equal
//! bytes.
//!
//! The steps from document to code:
//!
//! 1. [`overlay`]: adds what the published document leaves out.
//! 2. [`passes`]: lowers the document, step by step, until the generator can turn every construct
//!    in it into good Rust.
//! 3. [`mod@surface`]: lists the result on a page for reviewers.
//! 4. [`emit`]: generates code with progenitor, finishes it (lenient reading, names,
//!    documentation), formats it, and cuts it by tag.
//!
//! [`diff`] compares two documents: what changes, and which changes are
//! breaking.
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

pub mod build;
pub mod diff;
mod document;
pub mod emit;
mod generate;
mod lower;
pub mod overlay;
pub mod passes;
pub mod surface;
pub mod trial;

pub use document::document::{Document, Part, Role};
pub use document::error::{Error, Pointer, Source};
pub use document::warning::Warning;
pub use generate::{Generated, generate, surface};
pub use lower::Input;
pub use overlay::Unmatched;
