//! The chores of this workspace, run as `cargo xtask <chore>`.
//!
//! A chore is a module of [`chores`], and one arm of the match in `main.rs`.
//! The chores share these modules:
//!
//! - [`workspace`]: the folder of the workspace, and its files
//! - [`inputs`]: reads a document and its overlay, and turns them into code
//! - [`snapshots`]: the snapshots of the generated code, and their names
//! - [`comparison`]: compares the generated code with the recorded snapshots
//! - [`recording`]: records snapshots, or submits them for review
//! - [`text_diff`]: shows the differences between two texts
//! - [`changes`]: shows the changes between two documents, and which are breaking
//! - [`warnings`]: formats warnings about a document
//! - [`revision`]: reads files of a git revision
//! - [`guide`]: the generated parts of the guide in `docs`
//! - [`compile`]: compiles the generated code, without changing the workspace
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
