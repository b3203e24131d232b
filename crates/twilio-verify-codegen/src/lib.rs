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
mod generate;
mod lower;
pub mod overlay;
pub mod passes;
pub mod surface;
pub mod trial;

pub use document::document::{Document, Part, Role};
pub use document::error::{Error, Pointer, Source};
pub use generate::{Generated, generate, surface};
pub use lower::Input;
pub use overlay::Unmatched;
