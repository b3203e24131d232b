//! The result of a chore.

use std::io::{self, Write};
use std::process::ExitCode;

use crate::failure::Failure;

/// The result of a chore that succeeded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct Outcome {
    /// The report for standard output. It may contain ANSI styles.
    pub report: String,
    /// Warnings, for standard error.
    pub warnings: Vec<String>,
    /// Whether something is stale, or denied.
    pub stale: bool,
}

impl Outcome {
    /// Prints the outcome, with styles if the terminal supports them, and returns the exit code.
    ///
    /// # Errors
    ///
    /// Returns an error if standard output can't be written. A closed pipe is not an error: the
    /// exit code is still correct.
    pub fn print(&self) -> Result<ExitCode, Failure> {
        let style = anstyle::AnsiColor::Yellow.on_default().bold();
        for warning in &self.warnings {
            let _ = writeln!(anstream::stderr(), "{style}warning{style:#}: {warning}");
        }
        let mut out = anstream::stdout().lock();
        match write!(out, "{}", self.report).and_then(|()| out.flush()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::Print(error)),
            _ => Ok(ExitCode::from(u8::from(self.stale))),
        }
    }
}
