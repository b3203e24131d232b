//! The chores of this workspace, run as `cargo xtask <chore>`.
//!
//! A chore is a module of [`chores`], and one arm of the match in `main.rs`.
//! What chores share is in modules of its own:
//!
//! - [`workspace`]: where things are
//! - [`inputs`]: a document and its overlay, read and turned into code
//! - [`snapshots`]: what is recorded of the generated code, under which names
//! - [`comparison`]: how that differs from what is on record
//! - [`recording`]: puts it on record, or up for review
//! - [`text_diff`]: shows a difference between two texts
//! - [`changes`]: shows what changes between two documents, and which are breaking
//! - [`warnings`]: warnings about a document
//! - [`revision`]: files as they are in a git revision
//! - [`guide`]: the generated parts of the guide in `docs`
//! - [`compile`]: compiles what is generated, without touching anything
//! - [`replace`]: replaces a file in one step

pub mod changes;
pub mod chores;
pub mod comparison;
pub mod compile;
pub mod failure;
pub mod guide;
pub mod inputs;
pub mod outcome;
pub mod recording;
pub mod replace;
pub mod revision;
pub mod snapshots;
pub mod text_diff;
pub mod warnings;
pub mod workspace;
