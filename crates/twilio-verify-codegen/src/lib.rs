//! Turns a Twilio `OpenAPI` document into the Rust code of a typed client.
//!
//! Document in, code out, without I/O: the caller reads the files, which
//! [`build::openapi`] finds for a build script, and writes what comes back.
//! Equal inputs give equal bytes.
//!
//! The steps from document to code:
//!
//! 1. [`overlay`]: adds what the published document leaves out.
//! 2. [`passes`]: the document is lowered, step by step, until every
//!    construct in it is one that the generator turns into good Rust.
//! 3. [`mod@surface`]: lists the result on a page that a person can read.
//! 4. [`emit`]: progenitor generates, the result is finished (lenient
//!    reading, names, documentation), formatted, and cut by tag.
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
