//! The reasons why a chore failed.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use twilio_verify_codegen::Pointer;

/// The reason why a chore failed: the place, the cause, and the remedy.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Failure {
    /// A file or folder can't be read.
    #[error("{}: can't be read: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// A file or folder can't be written.
    #[error("{}: can't be written: {source}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// A document or overlay can't be turned into code.
    #[error("{file}: {pointer}: {reason}{}", help.map_or_else(String::new, |help| format!("\nhelp: {help}")))]
    Invalid {
        /// The file of the document or overlay.
        file: String,
        /// The place in the file.
        pointer: Pointer,
        /// What is wrong there.
        reason: String,
        /// The remedy, if the reason doesn't state it.
        help: Option<&'static str>,
    },
    /// The code generator panicked unexpectedly.
    #[error(
        "{file}: the generator panicked: {reason}\n\
         help: this is a bug in crates/twilio-verify-codegen, which should name the place"
    )]
    Panicked {
        /// The file of the document.
        file: String,
        /// The message of the panic.
        reason: String,
    },
    /// An argument is neither a file nor a revision with a document.
    #[error(
        "{name}: no such file, and no git revision with {file}: {reason}\n\
         help: give a document, or a revision such as HEAD~1 or v0.1.0"
    )]
    Revision {
        /// The argument.
        name: String,
        /// The file that the revision should have.
        file: String,
        /// The message of git.
        reason: String,
    },
    /// The generated code doesn't compile.
    #[error(
        "{file}: the generated code does not compile\n\n{errors}\n\n\
         help: correct the document, add an action to openapi/overlay.json, or extend \
         crates/twilio-verify-codegen"
    )]
    Uncompilable {
        /// The file of the document.
        file: String,
        /// The errors of the compiler.
        errors: String,
    },
    /// A crate can't be built, regardless of the document.
    #[error(
        "{name}: can't be built, whatever the document\n\n{errors}\n\n\
         help: `cargo check --package {name}` should pass without `--compile`"
    )]
    Build {
        /// The crate.
        name: &'static str,
        /// The errors of cargo.
        errors: String,
    },
    /// The current folder is in no workspace.
    #[error(
        "no workspace here: {0}\n\
         help: run this in a folder of the workspace, or name it with `--workspace DIR`"
    )]
    NoWorkspace(String),
    /// Cargo can't be run.
    #[error("cargo can't be run: {0}")]
    Cargo(io::Error),
    /// A document can't replace the present one.
    #[error("{reason}\nnothing was changed: {kept} is as it was")]
    NotAdopted {
        /// The cause.
        reason: Box<Failure>,
        /// The present document.
        kept: String,
    },
    /// The snapshots could not be recorded.
    #[error("{}: insta could not record the snapshots: {reason}", folder.display())]
    Recording {
        /// The folder of the snapshots.
        folder: PathBuf,
        /// The message of insta.
        reason: String,
    },
    /// A page of the guide can't be generated from a file.
    #[error("{}: the guide can't be made from it: {reason}", path.display())]
    Guide {
        /// The file.
        path: PathBuf,
        /// What is wrong or missing in it.
        reason: String,
    },
    /// The report can't be printed.
    #[error("standard output: can't be written: {0}")]
    Print(io::Error),
}

impl Failure {
    pub(crate) fn read(path: &Path, source: io::Error) -> Self {
        Self::Read { path: path.to_owned(), source }
    }

    pub(crate) fn write(path: &Path, source: io::Error) -> Self {
        Self::Write { path: path.to_owned(), source }
    }

    pub(crate) fn recording(folder: &Path, reason: impl ToString) -> Self {
        Self::Recording { folder: folder.to_owned(), reason: reason.to_string() }
    }

    /// Prints the failure on standard error, and returns the exit code.
    pub fn print(&self) -> ExitCode {
        let style = anstyle::AnsiColor::Red.on_default().bold();
        // If standard error is closed, the exit code alone reports the failure.
        let _ = writeln!(anstream::stderr(), "{style}error{style:#}: {self}");
        ExitCode::from(2)
    }
}
